import { Buffer } from 'node:buffer'
import { CookieOverflowError } from '../errors.ts'
import type { JarSettings } from './jar.ts'
import { cookieName } from './set-cookie.ts'
import { browserCookieSize, COOKIE_MAX, railsCookieSize } from './size.ts'

/** Longest sealed value of a cookie that {@link checkOverflow} surely lets pass. */
export function safeLength(name: string, { rackVersion }: JarSettings): number {
  // Rails counts the same text unescaped, hence never more than a browser but for a name that is escaped.
  return COOKIE_MAX - cookieName(name, rackVersion).length
}

/** Throws a `CookieOverflowError` for a sealed value that Rails, or unless `overflow` is 'rails' a browser, refuses. */
export function checkOverflow(name: string, sealed: string, value: unknown, settings: JarSettings): void {
  const rails = railsCookieSize(name, sealed, settings.railsVersion)
  if (rails > COOKIE_MAX)
    throw overflow(name, rails, `Rails ${settings.railsVersion} raises CookieOverflow`, value, settings)
  const browser = browserCookieSize(cookieName(name, settings.rackVersion), sealed)
  if (settings.overflow === 'browser' && browser > COOKIE_MAX) {
    throw overflow(name, browser, "browsers drop it (overflow: 'rails' checks only what Rails checks)", value, settings)
  }
}

function overflow(
  name: string,
  bytes: number,
  why: string,
  value: unknown,
  settings: JarSettings,
): CookieOverflowError {
  const bytesPerKey = sizes(value, settings)
  const listed = bytesPerKey.slice(0, 5).map(([key, size]) => `${key} ${size}`)
  const largest = listed.length > 0 ? `; largest keys in bytes: ${listed.join(', ')}` : ''
  return new CookieOverflowError(`cookie ${name} has ${bytes} bytes, over ${COOKIE_MAX}: ${why}${largest}`, {
    bytes,
    limit: COOKIE_MAX,
    bytesPerKey,
  })
}

function sizes(value: unknown, { serializer }: JarSettings): Array<readonly [string, number]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) return []
  try {
    return Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .map(([key, entry]) => {
        const { text, bytes } = serializer.dump(entry)
        return [key, bytes ? text.length : Buffer.byteLength(text)] as const
      })
      .toSorted((a, b) => b[1] - a[1])
  } catch {
    // A serializer of the application's own may take whole values only.
    return []
  }
}
