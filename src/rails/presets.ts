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

/** What `config.load_defaults` decides about CSRF. */
export interface CsrfPreset {
  readonly perFormCsrfTokens: boolean
  readonly urlsafeCsrfTokens: boolean
  readonly forgeryProtectionOriginCheck: boolean
  /** For Rails 8.2; older ones have no such setting. */
  readonly forgeryProtectionVerificationStrategy: 'header_only' | 'header_or_legacy_token'
}

/**
 * As {@link presetFor}, for the settings about CSRF.
 *
 * @example
 * csrfPresetFor('6.0').urlsafeCsrfTokens // false
 */
export function csrfPresetFor(version: RailsVersion): CsrfPreset {
  const since = (introduced: RailsVersion): boolean => atLeast(version, introduced)
  return {
    perFormCsrfTokens: since('5.0'),
    urlsafeCsrfTokens: since('6.1'),
    forgeryProtectionOriginCheck: since('5.0'),
    forgeryProtectionVerificationStrategy: since('8.2') ? 'header_only' : 'header_or_legacy_token',
  }
}
