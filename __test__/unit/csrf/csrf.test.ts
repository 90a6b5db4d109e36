import { Buffer } from 'node:buffer'
import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SessionCsrf } from '../../../src/csrf/csrf.ts'
import { ConfigError } from '../../../src/errors.ts'
import type { RailsOptions } from '../../../src/rails/options.ts'
import { settings } from './settings.ts'

const FORM = { path: '/posts/1', method: 'PATCH' }

interface Subject {
  readonly store: Map<string, unknown>
  readonly csrf: SessionCsrf
}

function subject(options: RailsOptions = {}, token?: unknown): Subject {
  const store = new Map<string, unknown>(token === undefined ? [] : [['_csrf_token', token]])
  return { store, csrf: new SessionCsrf(store, settings(options)) }
}

/** What stands behind the mask, and in what alphabet. */
function unmasked(token: string): { raw: string; alphabet: 'standard' | 'url-safe' | 'neither' } {
  const bytes = Buffer.from(token, 'base64')
  const raw = bytes.subarray(0, 32).map((byte, i) => byte ^ bytes[32 + i]!)
  const alphabet = /^[\w-]{86}$/.test(token) ? 'url-safe' : /^[A-Za-z\d+/]{86}==$/.test(token) ? 'standard' : 'neither'
  return { raw: Buffer.from(raw).toString('hex'), alphabet }
}

function hmac(session: unknown, text: string): string {
  return createHmac('sha256', Buffer.from(String(session), 'base64'))
    .update(text)
    .digest('hex')
}

describe('token', () => {
  it.each([
    ['3.2', /^[A-Za-z\d+/]{43}=$/],
    ['4.2', /^[A-Za-z\d+/]{43}=$/],
    ['5.2', /^[A-Za-z\d+/]{43}=$/],
    ['6.0', /^[A-Za-z\d+/]{43}=$/],
    ['6.1', /^[\w-]{43}$/],
    ['8.1', /^[\w-]{43}$/],
  ] as const)('puts 32 bytes into a session of Rails %s, once', (loadDefaults, form) => {
    const secret = loadDefaults === '3.2' ? { secretToken: 'x'.repeat(30) } : {}
    const { store, csrf } = subject({ loadDefaults, ...secret })
    csrf.token()
    const made = store.get('_csrf_token')
    expect(made).toMatch(form)
    csrf.token(FORM)
    expect([...store]).toEqual([['_csrf_token', made]])
    const other = subject({ loadDefaults, ...secret })
    other.csrf.token()
    expect(other.store.get('_csrf_token')).not.toBe(made)
  })

  it('of Rails 4.1 is that of the session, which it compares as text', () => {
    const { store, csrf } = subject({ loadDefaults: '4.1' })
    expect(csrf.token()).toBe(store.get('_csrf_token'))
    expect(csrf.token(FORM)).toBe(store.get('_csrf_token'))
    expect(csrf.verify(csrf.token())).toBe(true)
  })

  it.each(['4.2', '5.0', '5.1'] as const)('of Rails %s is that of the session, masked', (railsVersion) => {
    const { store, csrf } = subject({ loadDefaults: '4.2', railsVersion })
    const token = csrf.token()
    const raw = Buffer.from(String(store.get('_csrf_token')), 'base64').toString('hex')
    expect(unmasked(token)).toEqual({ raw, alphabet: 'standard' })
  })

  it.each([
    ['5.2', 'standard'],
    ['6.0', 'standard'],
    ['6.1', 'url-safe'],
    ['8.2', 'url-safe'],
  ] as const)('of Rails %s is derived, in the %s alphabet', (loadDefaults, alphabet) => {
    const { store, csrf } = subject({ loadDefaults })
    const [global, form] = [unmasked(csrf.token()), unmasked(csrf.token({ path: '/posts/1/?a=1', method: 'PATCH' }))]
    expect(global).toEqual({ raw: hmac(store.get('_csrf_token'), '!real_csrf_token'), alphabet })
    expect(form).toEqual({ raw: hmac(store.get('_csrf_token'), '/posts/1#patch'), alphabet })
  })

  it('is another text each time', () => {
    const { csrf } = subject()
    expect(new Set(Array.from({ length: 20 }, () => csrf.token())).size).toBe(20)
  })

  it('is good for every form without perFormCsrfTokens', () => {
    const { csrf } = subject({ perFormCsrfTokens: false })
    expect(csrf.verify(csrf.token(FORM), { path: '/other', method: 'POST' })).toBe(true)
  })

  it.each([
    ['posts/1', /posts\/1.*from \//],
    ['', /path is ""/],
    ['/a b', /percent-encoded/],
  ])('refuses the path %j', (path, message) => {
    const { store, csrf } = subject()
    expect(() => csrf.token({ path, method: 'post' })).toThrow(ConfigError)
    expect(() => csrf.token({ path, method: 'post' })).toThrow(message)
    expect(store.size).toBe(0)
  })

  it.each([{ path: '/posts' }, { method: 'post' }, { path: 1, method: 'post' }])('refuses half a form: %j', (form) => {
    // @ts-expect-error -- what JavaScript may give
    expect(() => subject().csrf.token(form)).toThrow(ConfigError)
  })

  it.each([[1], [null], ['no base64!'], [''], ['='], ['AAAA='], [{}]])(
    'takes a session with %j, which Rails cannot decode, for one without',
    (value) => {
      const { store, csrf } = subject({}, value)
      expect(csrf.verify(csrf.token())).toBe(true)
      expect(store.get('_csrf_token')).toMatch(/^[\w-]{43}$/)
    },
  )

  it('derives from a token of another length, too, such as that of Plug', () => {
    const plug = 'EgYSGzIxXhYsNm8qVEE3LhQU'
    const { store, csrf } = subject({}, plug)
    const token = csrf.token()
    expect(unmasked(token).raw).toBe(hmac(plug, '!real_csrf_token'))
    expect(store.get('_csrf_token')).toBe(plug)
    expect(csrf.verify(token)).toBe(true)
    expect(csrf.verify(plug)).toBe(false)
    expect(csrf.verify('A'.repeat(43))).toBe(false)
    expect(csrf.verify('A'.repeat(86))).toBe(false)
  })
})

describe('verify', () => {
  it('accepts the token of a form for that form', () => {
    const { csrf } = subject()
    const token = csrf.token(FORM)
    expect(csrf.verify(token, FORM)).toBe(true)
    expect(csrf.verify(token, { path: '/posts/1/?a=1', method: 'PATCH' })).toBe(true)
    expect(csrf.verify(token, { path: 'http://shop.example/posts/1', method: 'PATCH' })).toBe(true)
    expect(csrf.verify(token, { path: '/posts/2', method: 'PATCH' })).toBe(false)
    expect(csrf.verify(token, { path: '/posts/1', method: 'DELETE' })).toBe(false)
    expect(csrf.verify(token)).toBe(false)
  })

  it('accepts none of another session', () => {
    const [one, two] = [subject().csrf, subject().csrf]
    expect(one.verify(two.token())).toBe(false)
    one.token()
    expect(one.verify(two.token())).toBe(false)
    expect(one.verify(two.token(FORM), FORM)).toBe(false)
  })

  it('writes nothing into a session without a token, and accepts nothing', () => {
    const { store, csrf } = subject()
    const unkeyed = Buffer.from(`${'00'.repeat(32)}${hmac('', '!real_csrf_token')}`, 'hex').toString('base64url')
    for (const token of [unkeyed, 'A'.repeat(43), 'A'.repeat(86), '']) expect(csrf.verify(token, FORM)).toBe(false)
    expect(store.size).toBe(0)
    expect(subject({}, '').csrf.verify(unkeyed)).toBe(false)
  })

  it('accepts nothing with one bit changed', () => {
    const { csrf } = subject()
    const bytes = Buffer.from(csrf.token(), 'base64url')
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(csrf.verify(changed.toString('base64url'))).toBe(false)
    }
  })

  it('is false of whatever is no token', () => {
    const { csrf } = subject({}, 'Ffk7g4SXMZyYiX3-6einJvmm5gKEYx7_PIAD5qUAIpM')
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.string({ maxLength: 90 }))
    const request = fc.option(fc.record({ path: fc.oneof(text, fc.webUrl()), method: text }), { nil: undefined })
    fc.assert(
      fc.property(text, request, (token, asked) => {
        expect(csrf.verify(token, asked)).toBe(false)
      }),
    )
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (token, asked) => {
        // @ts-expect-error -- what JavaScript may give
        expect(csrf.verify(token, asked)).toBe(false)
      }),
    )
  })

  it('is false whatever stands in the session', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (value, token) => {
        expect(subject({}, value).csrf.verify(token, FORM)).toBe(false)
      }),
    )
  })

  it('takes no time for a token of a megabyte', () => {
    const { csrf } = subject({}, 'Ffk7g4SXMZyYiX3-6einJvmm5gKEYx7_PIAD5qUAIpM')
    const long = 'A'.repeat(1 << 20)
    const start = performance.now()
    for (let i = 0; i < 10_000; i++) expect(csrf.verify(long)).toBe(false)
    // Decoding each would take half a minute.
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

describe('verifyRequest', () => {
  it('never throws, whatever headers say', () => {
    const { csrf } = subject({ loadDefaults: '8.2', forgeryProtectionVerificationStrategy: 'header_or_legacy_token' })
    csrf.token()
    const header = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('null', 'none', 'cross-site')), {
      nil: undefined,
    })
    const request = fc.record({
      method: fc.constantFrom('POST', 'get', 'PATCH', ''),
      methodOverride: fc.oneof(fc.anything(), fc.constantFrom('get', 'HEAD', 'patch')),
      path: fc.string({ unit: 'binary' }),
      token: fc.anything(),
      xCsrfToken: fc.anything(),
      origin: header,
      secFetchSite: header,
      host: header,
      https: fc.boolean(),
    })
    fc.assert(
      fc.property(request, (given) => {
        expect(csrf.verifyRequest(given).ok).toBe(false)
      }),
    )
  })

  it('knows the host of the session, unless it is told another', () => {
    const csrf = new SessionCsrf(new Map(), settings(), { https: true, host: 'shop.example' })
    const request = { method: 'POST', path: '/', token: csrf.token() }
    expect(csrf.verifyRequest({ ...request, origin: 'https://shop.example' })).toEqual({ ok: true })
    expect(csrf.verifyRequest({ ...request, origin: 'http://shop.example' }).ok).toBe(false)
    const other = { ...request, https: false, host: 'other.example' }
    expect(csrf.verifyRequest({ ...other, origin: 'https://shop.example' }).ok).toBe(false)
    expect(csrf.verifyRequest({ ...other, origin: 'http://other.example' })).toEqual({ ok: true })
  })

  it('takes no array for a token, as Rails', () => {
    const { csrf } = subject()
    const request = { method: 'POST', path: '/', origin: undefined, token: [csrf.token()] }
    expect(csrf.verifyRequest(request)).toEqual({ ok: false, reason: 'no_token' })
  })

  it('takes _method for the method of a POST, if such a request needs a token', () => {
    const { csrf } = subject({ loadDefaults: '7.1' })
    const form = { path: '/posts/1', method: 'patch' }
    const request = { ...form, method: 'POST', origin: undefined, token: csrf.token(form) }
    const verdicts = (methodOverride: unknown): boolean => csrf.verifyRequest({ ...request, methodOverride }).ok
    expect(['patch', 'PATCH', 'Patch'].map(verdicts)).toEqual([true, true, true])
    expect(['put', 'delete', 'get', 'head', 'options', 'patch ', '', null, ['patch']].some(verdicts)).toBe(false)
    const without = { ...request, token: undefined }
    for (const methodOverride of ['get', 'GET', 'HEAD', 'patch']) {
      expect(csrf.verifyRequest({ ...without, methodOverride })).toEqual({ ok: false, reason: 'no_token' })
    }
    // Only of a POST.
    expect(csrf.verifyRequest({ ...request, method: 'PUT', methodOverride: 'patch' }).ok).toBe(false)
  })
})
