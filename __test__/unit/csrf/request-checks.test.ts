import { describe, expect, it } from 'vitest'
import { checkFetchSite, checkOrigin } from '../../../index.ts'
import { SessionCsrf } from '../../../src/csrf/csrf.ts'
import type { RailsOptions } from '../../../src/rails/options.ts'
import { settings } from './settings.ts'

const ok = { ok: true }
const TRUSTED = 'https://trusted.example.com'

describe('checkOrigin', () => {
  it('takes a base URL as it is', () => {
    expect(checkOrigin('https://shop.example', { baseUrl: 'https://shop.example' })).toEqual(ok)
    expect(checkOrigin('https://shop.example:443', { baseUrl: 'https://shop.example' }).ok).toBe(false)
  })

  it.each([undefined, null])('accepts a request without the header (%s)', (origin) => {
    expect(checkOrigin(origin, {})).toEqual(ok)
  })

  it('accepts no Origin where the host is unknown', () => {
    expect(checkOrigin('https://undefined', { https: true })).toEqual({ ok: false, reason: 'wrong_origin' })
    expect(checkOrigin('https://null', { https: true, host: null })).toEqual({ ok: false, reason: 'wrong_origin' })
  })

  it('takes a request for one over http where nothing else is said', () => {
    expect(checkOrigin('http://shop.example', { host: 'shop.example' })).toEqual(ok)
    expect(checkOrigin('https://shop.example', { host: 'shop.example' }).ok).toBe(false)
  })
})

// The cases of actionpack/test/controller/request_forgery_protection_test.rb of Rails 8.2.0.alpha.
describe('checkFetchSite', () => {
  it.each([
    ['same-origin', ok],
    ['same-site', ok],
    ['Same-Origin', ok],
    ['cross-site', { ok: false, reason: 'cross_site' }],
    ['none', { ok: false, reason: 'no_fetch_site' }],
    ['', { ok: false, reason: 'no_fetch_site' }],
    [undefined, { ok: false, reason: 'no_fetch_site' }],
    [null, { ok: false, reason: 'no_fetch_site' }],
    ['same-origin, cross-site', { ok: false, reason: 'no_fetch_site' }],
    ['same', { ok: false, reason: 'no_fetch_site' }],
  ])('over https, of %s', (secFetchSite, verdict) => {
    expect(checkFetchSite({ secFetchSite, origin: undefined, https: true })).toEqual(verdict)
    expect(checkFetchSite({ secFetchSite, origin: undefined })).toEqual(verdict)
  })

  it.each([
    [undefined, true],
    ['', true],
    ['same-origin', true],
    ['none', false],
    ['cross-site', false],
  ])('over http, of %s: %s', (secFetchSite, accepted) => {
    expect(checkFetchSite({ secFetchSite, origin: undefined, https: false }).ok).toBe(accepted)
  })

  it('accepts cross-site requests of a trusted origin alone', () => {
    const trusted = [TRUSTED, 'https://oauth.provider.com']
    const check = (origin: string | undefined): boolean =>
      checkFetchSite({ secFetchSite: 'cross-site', origin }, trusted).ok
    expect(trusted.map(check)).toEqual([true, true])
    const others = ['https://untrusted.example.com', undefined, 'null', `${TRUSTED}.evil.example`, `${TRUSTED}/`, '']
    expect(others.map(check)).toEqual(others.map(() => false))
  })
})

describe('verifyRequest of Rails 8.2', () => {
  const csrf = (options: RailsOptions = {}): SessionCsrf =>
    new SessionCsrf(new Map(), settings({ loadDefaults: '8.2', ...options }))
  const post = { method: 'POST', path: '/posts', host: 'shop.example', https: true, origin: undefined }

  it('judges by the header alone', () => {
    const subject = csrf()
    expect(subject.verifyRequest({ ...post, secFetchSite: 'same-origin' })).toEqual(ok)
    expect(subject.verifyRequest({ ...post, method: 'GET', secFetchSite: 'cross-site' })).toEqual(ok)
    expect(subject.verifyRequest({ ...post, method: 'HEAD' })).toEqual(ok)
    for (const secFetchSite of ['none', undefined]) {
      const token = subject.token()
      expect(subject.verifyRequest({ ...post, secFetchSite, token })).toEqual({ ok: false, reason: 'no_fetch_site' })
    }
    expect(subject.verifyRequest({ ...post, https: false })).toEqual(ok)
  })

  it('checks the Origin first', () => {
    const bad = { ...post, secFetchSite: 'same-origin', origin: 'http://bad.host' }
    for (const strategy of ['header_only', 'header_or_legacy_token'] as const) {
      const subject = csrf({ forgeryProtectionVerificationStrategy: strategy })
      expect(subject.verifyRequest(bad)).toEqual({ ok: false, reason: 'wrong_origin' })
      const unchecked = { forgeryProtectionVerificationStrategy: strategy, forgeryProtectionOriginCheck: false }
      expect(csrf(unchecked).verifyRequest(bad)).toEqual(ok)
    }
  })

  it.each(['header_only', 'header_or_legacy_token'] as const)('trusts origins with %s', (strategy) => {
    const subject = csrf({
      forgeryProtectionVerificationStrategy: strategy,
      forgeryProtectionOriginCheck: false,
      forgeryProtectionTrustedOrigins: [TRUSTED],
    })
    const request = { ...post, secFetchSite: 'cross-site' }
    expect(subject.verifyRequest({ ...request, origin: TRUSTED })).toEqual(ok)
    const token = subject.token()
    for (const origin of [undefined, 'https://evil.example']) {
      expect(subject.verifyRequest({ ...request, origin, token })).toEqual({ ok: false, reason: 'cross_site' })
    }
  })

  it('falls back on tokens where the header does not tell', () => {
    const subject = csrf({ loadDefaults: '8.1', railsVersion: '8.2' })
    const token = subject.token()
    expect(subject.verifyRequest({ ...post, secFetchSite: 'same-site' })).toEqual(ok)
    for (const secFetchSite of ['none', undefined, 'unknown']) {
      for (const https of [true, false]) {
        const request = { ...post, secFetchSite, https }
        expect(subject.verifyRequest({ ...request, token })).toEqual(ok)
        expect(subject.verifyRequest({ ...request, xCsrfToken: token })).toEqual(ok)
        expect(subject.verifyRequest(request)).toEqual({ ok: false, reason: 'no_token' })
        expect(subject.verifyRequest({ ...request, token: 'x' })).toEqual({ ok: false, reason: 'wrong_token' })
      }
    }
  })
})

describe('verifyRequest of Rails 8.1', () => {
  it('does not look at Sec-Fetch-Site', () => {
    const csrf = new SessionCsrf(new Map(), settings())
    const request = { method: 'POST', path: '/posts', origin: undefined }
    expect(csrf.verifyRequest({ ...request, secFetchSite: 'same-origin' })).toEqual({ ok: false, reason: 'no_token' })
    expect(csrf.verifyRequest({ ...request, secFetchSite: 'cross-site', token: csrf.token() })).toEqual(ok)
  })

  it('checks no Origin with the defaults of 4.2', () => {
    const csrf = new SessionCsrf(new Map(), settings({ loadDefaults: '4.2' }))
    const request = { method: 'POST', path: '/posts', origin: 'null', token: csrf.token() }
    expect(csrf.verifyRequest(request)).toEqual(ok)
  })
})
