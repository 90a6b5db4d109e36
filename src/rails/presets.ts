import type { Digest } from '../backend/backend.ts'
import type { CookiesSerializerName } from '../serializers/serializer.ts'
import { atLeast, type RailsVersion } from './version.ts'

/** What `config.load_defaults` decides about cookies; each field is the Rails setting of that name. */
export interface Preset {
  readonly useAuthenticatedCookieEncryption: boolean
  readonly useCookiesWithMetadata: boolean
  readonly cookiesSerializer: CookiesSerializerName
  readonly cookiesSameSiteProtection: 'lax' | null
  readonly keyGeneratorHashDigestClass: Digest
  readonly escapeJsSeparatorsInJson: boolean
}

/**
 * The defaults of a whole `Rails::Application` after `load_defaults version`. For 3.2 to 4.2, which had no
 * `load_defaults`, those of the framework itself.
 *
 * @example
 * presetFor('6.1').cookiesSameSiteProtection // 'lax'
 */
export function presetFor(version: RailsVersion): Preset {
  const since = (introduced: RailsVersion): boolean => atLeast(version, introduced)
  return {
    useAuthenticatedCookieEncryption: since('5.2'),
    useCookiesWithMetadata: since('6.0'),
    // An unset serializer is Marshal; `rails new` wrote :json into an initializer from 4.1 on, which is no default.
    cookiesSerializer: since('7.0') ? 'json' : 'marshal',
    cookiesSameSiteProtection: since('6.1') ? 'lax' : null,
    keyGeneratorHashDigestClass: since('7.0') ? 'SHA256' : 'SHA1',
    escapeJsSeparatorsInJson: !since('8.1'),
  }
}
