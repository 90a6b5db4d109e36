import { type CookieOptions, type CookieWriter, mergeAttributes, resolveAttributes } from './attributes.ts'
import type { DeleteCookieOptions, RequestOptions, SetCookieOptions } from './cookie.ts'
import type { JarSettings } from './jar.ts'
import { deleteCookieLine, setCookieLine } from './set-cookie.ts'

/** Writes the Set-Cookie lines of one cookie. */
export class CookieLines {
  readonly #name: string
  readonly #settings: JarSettings
  readonly #writer: CookieWriter
  readonly #defaults: CookieOptions

  constructor(name: string, settings: JarSettings, writer: CookieWriter, defaults: CookieOptions) {
    this.#name = name
    this.#settings = settings
    this.#writer = writer
    this.#defaults = defaults
  }

  /** The line for a value that is sealed only if Rails sends a cookie at all; null where it sends none. */
  set(options: SetCookieOptions, expires: Date | null, escapedValue: () => string): string | null {
    const { railsVersion, rackVersion } = this.#settings
    const given = { ...options, expires: expires ?? undefined }
    const attributes = resolveAttributes(given, this.#defaults, origin(options), railsVersion, this.#writer)
    return attributes === null ? null : setCookieLine(this.#name, escapedValue(), attributes, rackVersion)
  }

  /** The line that makes browsers forget the cookie. */
  delete(options: DeleteCookieOptions): string {
    const { railsVersion, rackVersion } = this.#settings
    const attributes = mergeAttributes(options, this.#defaults, origin(options), railsVersion)
    return deleteCookieLine(this.#name, attributes, rackVersion)
  }
}

function origin({ https = true, host }: RequestOptions): { https: boolean; host: string | undefined } {
  return { https, host }
}
