import type { Keyring } from '../backend/backend.ts'
import { ConfigError } from '../errors.ts'
import { parseDuration } from '../rails/duration.ts'
import type { RailsVersion } from '../rails/version.ts'
import type { JsonEscapes } from '../messages/metadata.ts'
import type { RewritingSerializer } from '../serializers/serializer.ts'
import type { RackVersion, SameSite } from './set-cookie.ts'

/** What all cookies of an application have in common. */
export interface JarSettings {
  readonly railsVersion: RailsVersion
  readonly rackVersion: RackVersion
  readonly overflow: 'browser' | 'rails'
  readonly readBytes: number
  readonly requirePurpose: boolean
  readonly useCookiesWithMetadata: boolean
  readonly useAuthenticatedCookieEncryption: boolean
  readonly escapes: JsonEscapes
  readonly serializer: RewritingSerializer
  /** SameSite of a cookie that does not set its own. */
  readonly sameSite: SameSite | null
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The keys of `cookies.signed` or `cookies.encrypted`, and what each scheme is to the application. */
export interface JarKeys {
  readonly keyring: Keyring
  readonly schemes: ReadonlyArray<{ readonly rotation: number | 'legacy' | null; readonly signed: boolean }>
}

/** The date of an `expires` option; null for none. */
export function expiryDate(expires: Date | string | undefined, now: number): Date | null {
  if (expires === undefined) return null
  if (expires instanceof Date) {
    const year = expires.getUTCFullYear()
    if (year >= 0 && year <= 9999) return new Date(expires)
  } else {
    const seconds = parseDuration(expires)
    if (typeof expires === 'string' && seconds !== null) return new Date(now + seconds * 1000)
  }
  throw new ConfigError("expires: write a valid Date (years 0 to 9999) or a time from now on such as '14 days'")
}
