import { describe, expect, it } from 'vitest'
import type { Digest } from '../../../src/backend/backend.ts'
import { readConfig } from '../../../src/rails/config.ts'
import { csrfPresetFor, presetFor } from '../../../src/rails/presets.ts'
import { RAILS_VERSIONS, type RailsVersion } from '../../../src/rails/version.ts'
import type { CookiesSerializerName } from '../../../src/serializers/serializer.ts'
import { SECRET } from '../../support/application.ts'
import { jsonLines } from '../../support/recorded.ts'

/** What an application reported; null is Ruby's nil, and a setting that is missing is unknown to that Rails. */
interface Row {
  rails: RailsVersion
  load_defaults: RailsVersion | 'none'
  use_authenticated_cookie_encryption?: boolean
  use_cookies_with_metadata?: boolean
  cookies_serializer?: CookiesSerializerName | null
  cookies_same_site_protection?: 'lax' | null
  key_generator_hash_digest_class: Digest
  key_generator_iterations: number
  escape_html_entities_in_json: boolean
  escape_js_separators_in_json?: boolean
  signed_cookie_digest?: null
  encrypted_cookie_cipher?: null
  cookies_digest?: null
  per_form_csrf_tokens?: boolean
  forgery_protection_origin_check?: boolean
  urlsafe_csrf_tokens?: boolean
}

const [, ...rows] = jsonLines(new URL('rails-defaults.jsonl', import.meta.url)) as [unknown, ...Row[]]

const newest = new Map<RailsVersion, Row>()
const bare = new Map<RailsVersion, Row>()
for (const row of rows) {
  if (row.load_defaults === 'none') bare.set(row.rails, row)
  else newest.set(row.load_defaults, row)
}

/** What a Rails without a setting does. */
function preset(row: Row): ReturnType<typeof presetFor> {
  return {
    useAuthenticatedCookieEncryption: row.use_authenticated_cookie_encryption ?? false,
    useCookiesWithMetadata: row.use_cookies_with_metadata ?? false,
    cookiesSerializer: row.cookies_serializer ?? 'marshal',
    cookiesSameSiteProtection: row.cookies_same_site_protection ?? null,
    keyGeneratorHashDigestClass: row.key_generator_hash_digest_class,
    escapeJsSeparatorsInJson: row.escape_js_separators_in_json ?? true,
  }
}

describe('the recorded defaults', () => {
  it('cover every load_defaults there is', () => {
    expect([...newest.keys()].toSorted()).toEqual(RAILS_VERSIONS.filter((version) => version >= '5.0'))
    expect([...bare.keys()]).toEqual(expect.arrayContaining(['4.0', '4.1', '4.2', '5.0', '5.1']))
    expect(rows).toHaveLength(79)
  })
})

describe('presetFor', () => {
  it.each([...newest])('%s is what the newest Rails loads', (version, row) => {
    expect(row.rails).toBe('8.2')
    expect(presetFor(version)).toEqual(preset(row))
  })

  it.each([...bare].filter(([version]) => version <= '5.1'))(
    '%s is the framework without load_defaults',
    (version, row) => {
      expect(presetFor(version)).toEqual(preset(row))
    },
  )

  it('has nothing for 3.2 that 4.0 has not', () => {
    expect(presetFor('3.2')).toEqual(presetFor('4.0'))
  })

  it.each(rows.filter(({ load_defaults }) => load_defaults !== 'none'))(
    '$load_defaults is the same in Rails $rails',
    (row) => {
      const ours = presetFor(row.load_defaults as RailsVersion)
      // A setting that this Rails does not have came later, with the default that we have.
      const later = {
        useAuthenticatedCookieEncryption:
          row.use_authenticated_cookie_encryption ?? ours.useAuthenticatedCookieEncryption,
        useCookiesWithMetadata: row.use_cookies_with_metadata ?? ours.useCookiesWithMetadata,
        cookiesSameSiteProtection: Object.hasOwn(row, 'cookies_same_site_protection')
          ? (row.cookies_same_site_protection ?? null)
          : ours.cookiesSameSiteProtection,
        escapeJsSeparatorsInJson: row.escape_js_separators_in_json ?? ours.escapeJsSeparatorsInJson,
      }
      expect(ours).toEqual({ ...preset(row), ...later })
    },
  )
})

describe('csrfPresetFor', () => {
  it.each(rows.filter(({ load_defaults }) => load_defaults !== 'none'))(
    '$load_defaults is what Rails $rails loads',
    (row) => {
      const { urlsafeCsrfTokens, ...ours } = csrfPresetFor(row.load_defaults as RailsVersion)
      expect(ours).toMatchObject({
        perFormCsrfTokens: row.per_form_csrf_tokens,
        forgeryProtectionOriginCheck: row.forgery_protection_origin_check,
      })
      const hasUrlSafe = row.rails >= '5.2' && row.rails <= '7.0'
      expect(row.urlsafe_csrf_tokens).toBe(hasUrlSafe ? urlsafeCsrfTokens : undefined)
    },
  )

  it.each([...bare].filter(([version]) => version <= '4.2'))('%s has nothing, as the framework', (version, row) => {
    const none = { perFormCsrfTokens: false, forgeryProtectionOriginCheck: false, urlsafeCsrfTokens: false }
    expect(csrfPresetFor(version)).toMatchObject(none)
    expect(row).not.toHaveProperty('per_form_csrf_tokens')
    expect(row).not.toHaveProperty('forgery_protection_origin_check')
  })

  it('has nothing for 3.2 that 4.0 has not', () => {
    expect(csrfPresetFor('3.2')).toEqual(csrfPresetFor('4.0'))
  })

  // Not recorded: what the guide to configuring Rails 8.2 says.
  it('judges by headers alone from 8.2 on', () => {
    expect(csrfPresetFor('8.2').forgeryProtectionVerificationStrategy).toBe('header_only')
    expect(csrfPresetFor('8.1').forgeryProtectionVerificationStrategy).toBe('header_or_legacy_token')
  })
})

describe('readConfig', () => {
  it.each(rows.filter(({ rails }) => rails >= '5.2' || rails === '4.2'))(
    'Rails $rails, load_defaults $load_defaults: settings that no load_defaults changes',
    (row) => {
      const config = readConfig({ secretKeyBase: SECRET, loadDefaults: row.rails })
      expect(config.keyGeneratorIterations).toBe(row.key_generator_iterations)
      expect(config.escapeHtmlEntities).toBe(row.escape_html_entities_in_json)
      expect([
        row.signed_cookie_digest ?? null,
        row.encrypted_cookie_cipher ?? null,
        row.cookies_digest ?? null,
      ]).toEqual([null, null, null])
      expect(config.signedDigest).toBe('SHA1')
      expect(config.authenticatedCipher).toBe('aes-256-gcm')
      expect(config.cookiesDigest).toBe('SHA1')
    },
  )

  it('takes the newest defaults without loadDefaults, and its version for railsVersion', () => {
    const config = readConfig({ secretKeyBase: SECRET })
    expect(config).toMatchObject(readConfig({ secretKeyBase: SECRET, loadDefaults: '8.1', now: config.now }))
    expect(config.railsVersion).toBe('8.1')
    expect(readConfig({ secretKeyBase: SECRET, loadDefaults: '6.1' }).railsVersion).toBe('6.1')
    expect(readConfig({ secretKeyBase: SECRET, loadDefaults: '6.1', railsVersion: '8.0' })).toMatchObject({
      railsVersion: '8.0',
      keyGeneratorHashDigestClass: 'SHA1',
    })
  })

  it.each([
    ['7.0', '2'],
    ['7.1', '3'],
    ['8.2', '3'],
  ] as const)('railsVersion %s stands on rack %s', (railsVersion, rackVersion) => {
    expect(readConfig({ secretKeyBase: SECRET, loadDefaults: '5.0', railsVersion }).rackVersion).toBe(rackVersion)
  })
})
