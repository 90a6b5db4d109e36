import { tellAccepted, tellRejected, tellSealed } from '../diagnostics.ts'
import { UnserializableValueError } from '../errors.ts'
import { AcceptedText } from '../messages/accepted.ts'
import type { Opened } from '../messages/opened.ts'
import { notText, rejected } from '../rejection.ts'
import type { Cookie, DeleteCookieOptions, SealOptions, SetCookieOptions } from './cookie.ts'
import { findCookie } from './cookie-header.ts'
import type { CookieLines } from './cookie-lines.ts'
import { formEscape, formUnescape } from './escape.ts'
import { permanentExpiry } from './expiry.ts'
import { expiryDate, type JarSettings } from './jar.ts'
import { checkOverflow } from './overflow.ts'

/** What a plain cookie can hold. Numbers and booleans are written as text, bytes as they are. */
export type PlainValue = string | number | bigint | boolean | Uint8Array

/** A cookie of the plain jar, `cookies[name]`: text that anyone may read and change. */
export class PlainCookie implements Cookie<string | Uint8Array, PlainValue> {
  readonly name: string
  readonly kind = 'plain'
  readonly #settings: JarSettings
  readonly #lines: CookieLines
  readonly #permanent: boolean

  constructor(name: string, settings: JarSettings, lines: CookieLines, permanent: boolean) {
    this.name = name
    this.#settings = settings
    this.#lines = lines
    this.#permanent = permanent
  }

  open(value: string | undefined): Opened<string | Uint8Array> {
    if (typeof value !== 'string') return tellRejected(this, value, notText(value))
    if (value.length > this.#settings.readBytes) return tellRejected(this, value, rejected('too_large'))
    return tellAccepted(this, value, new AcceptedText(formUnescape(value)))
  }

  openHeader(header: string | undefined): Opened<string | Uint8Array> {
    return this.open(findCookie(header, this.name))
  }

  seal(value: PlainValue, _options: SealOptions = {}): string {
    const escaped = formEscape(this.#text(value))
    // Rails never checks the size of a plain cookie.
    if (this.#settings.overflow === 'browser') checkOverflow(this.name, escaped, value, this.#settings)
    return tellSealed(this, escaped, null)
  }

  setCookie(value: PlainValue, options: SetCookieOptions = {}): string | null {
    const now = this.#settings.now()
    const expires = this.#permanent ? permanentExpiry(now) : expiryDate(options.expires, now)
    return this.#lines.set(options, expires, () => this.seal(value))
  }

  delete(options: DeleteCookieOptions = {}): string {
    return this.#lines.delete(options)
  }

  #text(value: unknown): string | Uint8Array {
    if (value instanceof Uint8Array) return value
    if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return String(value)
    throw new UnserializableValueError(`cookie ${this.name}: a plain cookie holds text, not ${typeof value}`)
  }
}
