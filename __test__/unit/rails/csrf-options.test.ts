import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors.ts'
import type { CsrfSettings } from '../../../src/csrf/csrf.ts'
import { readConfig } from '../../../src/rails/config.ts'
import type { RailsOptions } from '../../../src/rails/options.ts'
import { SECRET } from '../../support/application.ts'

function csrf(options: RailsOptions): CsrfSettings {
  return readConfig({ secretKeyBase: SECRET, ...options }).csrf
}

describe('the options about CSRF', () => {
  it.each([
    ['4.1', 'plain'],
    ['4.2', 'masked'],
    ['5.1', 'masked'],
    ['5.2', 'derived'],
    ['8.2', 'derived'],
  ] as const)('with railsVersion %s tokens are %s, whatever the defaults', (railsVersion, tokens) => {
    expect(csrf({ loadDefaults: '4.0', railsVersion }).tokens).toBe(tokens)
  })

  it('are complete without any', () => {
    expect(csrf({})).toEqual({
      tokens: 'derived',
      perFormCsrfTokens: true,
      urlsafeCsrfTokens: true,
      forgeryProtectionOriginCheck: true,
      forgeryProtectionVerificationStrategy: null,
      forgeryProtectionTrustedOrigins: [],
    })
  })

  it('override the defaults', () => {
    const options = {
      perFormCsrfTokens: false,
      urlsafeCsrfTokens: false,
      forgeryProtectionOriginCheck: false,
      forgeryProtectionVerificationStrategy: 'header_or_legacy_token',
      forgeryProtectionTrustedOrigins: ['https://accounts.google.com', 'https://shop.example:3000'],
    } as const
    expect(csrf({ loadDefaults: '6.1', ...options })).toEqual({ tokens: 'derived', ...options })
  })

  it.each([
    ['6.0', '7.0', false],
    ['6.1', '7.0', true],
    ['5.0', '7.1', true],
  ] as const)('with the defaults of %s, Rails %s writes url-safe tokens: %s', (loadDefaults, railsVersion, urlSafe) => {
    expect(csrf({ loadDefaults, railsVersion }).urlsafeCsrfTokens).toBe(urlSafe)
  })

  it.each([
    ['8.1', '8.1', null],
    ['8.1', '8.2', 'header_or_legacy_token'],
    ['8.2', '8.2', 'header_only'],
  ] as const)('with the defaults of %s, Rails %s judges by %s', (loadDefaults, railsVersion, strategy) => {
    expect(csrf({ loadDefaults, railsVersion }).forgeryProtectionVerificationStrategy).toBe(strategy)
    const tokens = csrf({ loadDefaults, railsVersion, forgeryProtectionVerificationStrategy: null })
    expect(tokens.forgeryProtectionVerificationStrategy).toBe(null)
  })

  it.each<[unknown, RegExp]>([
    [{ perFormCsrfTokens: 'yes' }, /perFormCsrfTokens is 'yes'; write true or false/],
    [{ forgeryProtectionOriginCheck: 1 }, /forgeryProtectionOriginCheck is 1/],
    [{ forgeryProtectionVerificationStrategy: 'token' }, /'header_only', 'header_or_legacy_token', null/],
    [{ loadDefaults: '4.2', perFormCsrfTokens: true }, /perFormCsrfTokens.*since 5\.0/],
    [{ loadDefaults: '5.1', urlsafeCsrfTokens: true }, /urlsafeCsrfTokens.*since 5\.2/],
    [{ loadDefaults: '7.1', urlsafeCsrfTokens: false }, /urlsafeCsrfTokens.*leave it out/],
    [{ forgeryProtectionTrustedOrigins: 'https://a.example' }, /an array/],
    [
      { forgeryProtectionOriginCheck: false, forgeryProtectionTrustedOrigins: ['https://a.example/'] },
      /without a path/,
    ],
    [{ forgeryProtectionOriginCheck: false, forgeryProtectionTrustedOrigins: ['a.example'] }, /without a path/],
    [{ forgeryProtectionOriginCheck: false, forgeryProtectionTrustedOrigins: ['null'] }, /without a path/],
    [{ forgeryProtectionOriginCheck: false, forgeryProtectionTrustedOrigins: [1] }, /without a path/],
    [{ forgeryProtectionTrustedOrigins: ['https://a.example'] }, /forgeryProtectionOriginCheck: false/],
  ])('refuse %j', (options, message) => {
    expect(() => csrf(options as RailsOptions)).toThrow(ConfigError)
    expect(() => csrf(options as RailsOptions)).toThrow(message)
  })

  it('may say what an older Rails does anyway', () => {
    const options: RailsOptions = { loadDefaults: '4.2', perFormCsrfTokens: false, urlsafeCsrfTokens: false }
    expect(csrf(options)).toMatchObject({ perFormCsrfTokens: false, urlsafeCsrfTokens: false })
    expect(csrf({ loadDefaults: '8.1', urlsafeCsrfTokens: true }).urlsafeCsrfTokens).toBe(true)
  })
})
