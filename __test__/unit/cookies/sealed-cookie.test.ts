import { describe, expect, it } from 'vitest'
import type { Cookie, Opened, Rails, RailsOptions, RailsVersion, SealOptions } from '../../../index.ts'
import { KeyGenerator } from '../../../src/active-support/index.ts'
import type { Scheme } from '../../../src/backend/backend.ts'
import { nodeBackend } from '../../../src/backend/node-crypto.ts'
import { ConfigError, UnserializableValueError } from '../../../src/errors.ts'
import { RAILS_VERSIONS } from '../../../src/rails/version.ts'
import { plaintextOf, open } from '../../contract/answer.ts'
import { application, backendNames, NOW, OLD_SECRET, SECRET, unescaped, valueOf } from '../../support/application.ts'

const DAY = 86_400_000
const json = { cookiesSerializer: 'json' } as const

function accepted(opened: Opened): Extract<Opened, { ok: true }> {
  if (!opened.ok) throw new Error(`refused: ${opened.reason}`)
  return opened
}

/** What a signed message says. */
function signedText(cookie: string): string {
  const [data = ''] = unescaped(cookie).split('--')
  return Buffer.from(data, 'base64').toString()
}

/** What an encrypted message says, under keys derived with 1000 iterations from {@link SECRET}. */
function decrypted(cookie: string, kind: 'gcm' | 'cbc', digest: 'SHA1' | 'SHA256'): string {
  const generator = new KeyGenerator(SECRET, { iterations: 1000, hashDigestClass: digest, backend: 'node' })
  const key = (salt: string, length: number): ReturnType<typeof nodeBackend.key> =>
    nodeBackend.key(generator.generateKey(salt, length))
  const scheme: Scheme =
    kind === 'gcm'
      ? { kind: 'aead', cipher: 'aes-256-gcm', key: key('authenticated encrypted cookie', 32), urlSafe: false }
      : {
          kind: 'cbc',
          cipher: 'aes-256-cbc',
          key: key('encrypted cookie', 32),
          signKey: key('signed encrypted cookie', 64),
          digest: 'SHA1',
          urlSafe: false,
        }
  return plaintextOf(open(nodeBackend.keyring([scheme]), cookie, true, 0)).toString()
}

/** `_rails` of an envelope, its message decoded; the text itself where there is no envelope. */
function envelopeIn(text: string): unknown {
  if (!text.startsWith('{"_rails":')) return text
  expect(text).toMatch(/^\{"_rails":\{"message":"[A-Za-z0-9+/]*=*","exp":(null|"[^"]*"),"pur":(null|"[^"]*")\}\}$/)
  const { _rails: inner } = JSON.parse(text) as { _rails: { message: string; exp: unknown; pur: unknown } }
  const { message, ...rest } = inner
  return { message: Buffer.from(message, 'base64').toString(), ...rest }
}

describe('the envelope, by railsVersion', () => {
  const expires = new Date(NOW + DAY)
  const exp = '2026-11-24T12:00:00.000Z'
  const message = '"v"'
  const nothing = message

  /** What `cookies.signed` and `cookies.encrypted` put around the payload, with and without an expiry. */
  function envelopes(options: RailsOptions): unknown[] {
    const rails = application({ ...json, ...options })
    const gcm = options.useAuthenticatedCookieEncryption ?? (options.loadDefaults ?? '8.1') >= '5.2'
    const digest = (options.loadDefaults ?? '8.1') >= '7.0' ? 'SHA256' : 'SHA1'
    return [{}, { expires }].flatMap((given: SealOptions) => [
      envelopeIn(signedText(rails.cookies.signed('c').seal('v', given))),
      envelopeIn(decrypted(rails.cookies.encrypted('c').seal('v', given), gcm ? 'gcm' : 'cbc', digest)),
    ])
  }

  it.each(RAILS_VERSIONS.filter((version) => version >= '4.0' && version < '5.2'))('%s: none', (loadDefaults) => {
    expect(envelopes({ loadDefaults })).toEqual([nothing, nothing, nothing, nothing])
  })

  it('5.2: for an expiry in AES-GCM mode, without purpose', () => {
    const expiring = { message, exp, pur: null }
    expect(envelopes({ loadDefaults: '5.2' })).toEqual([nothing, nothing, expiring, expiring])
    expect(envelopes({ loadDefaults: '5.2', useAuthenticatedCookieEncryption: false })).toEqual([
      nothing,
      nothing,
      nothing,
      nothing,
    ])
  })

  it.each(RAILS_VERSIONS.filter((version) => version >= '6.0'))('%s: always, with the purpose', (loadDefaults) => {
    const [plain, expiring] = [
      { message, exp: null, pur: 'cookie.c' },
      { message, exp, pur: 'cookie.c' },
    ]
    expect(envelopes({ loadDefaults })).toEqual([plain, plain, expiring, expiring])
    expect(envelopes({ loadDefaults, useAuthenticatedCookieEncryption: false })).toEqual([
      plain,
      plain,
      expiring,
      expiring,
    ])
  })

  it.each(['6.0', '7.1', '8.1'] as const)(
    '%s, metadata off: for an expiry in either mode, without purpose',
    (loadDefaults) => {
      const expiring = { message, exp, pur: null }
      for (const useAuthenticatedCookieEncryption of [true, false]) {
        const options = { loadDefaults, useCookiesWithMetadata: false, useAuthenticatedCookieEncryption }
        expect(envelopes(options)).toEqual([nothing, nothing, expiring, expiring])
      }
    },
  )

  it('follows railsVersion, not loadDefaults', () => {
    expect(envelopes({ loadDefaults: '5.1', railsVersion: '6.1' })).toEqual([
      nothing,
      nothing,
      { message, exp, pur: null },
      { message, exp, pur: null },
    ])
  })

  it('escapes the purpose as JSON', () => {
    const cookie = application({}).cookies.signed('a<b>&"\\')
    expect(signedText(cookie.seal(1))).toContain('"pur":"cookie.a\\u003cb\\u003e\\u0026\\"\\\\"}}')
    expect(accepted(cookie.open(cookie.seal(1))).meta.purpose).toBe('cookie.a<b>&"\\')
    const raw = application({ escapeHtmlEntitiesInJson: false }).cookies.signed('a<b')
    expect(signedText(raw.seal(1))).toContain('"pur":"cookie.a<b"')
  })
})

describe('expiry', () => {
  const cookieAt = (now: number): Cookie => application({ now: () => now }).cookies.signed('c')

  it('ends in the very millisecond', () => {
    const cookie = cookieAt(NOW).seal(1, { expires: new Date(NOW + 1000) })
    expect(cookieAt(NOW + 999).open(cookie)).toMatchObject({ ok: true, meta: { expiresAt: new Date(NOW + 1000) } })
    expect(cookieAt(NOW + 999.9).open(cookie)).toMatchObject({ ok: true })
    expect(cookieAt(NOW + 1000).open(cookie)).toMatchObject({ ok: false, reason: 'expired' })
    expect(cookieAt(NOW + 1001).open(cookie)).toMatchObject({ ok: false, reason: 'expired' })
  })

  it('is written in milliseconds, rounded down', () => {
    expect(signedText(cookieAt(NOW + 0.9).seal(1, { expires: '1 second' }))).toContain(
      '"exp":"2026-11-23T12:00:01.000Z"',
    )
    expect(cookieAt(NOW).open(cookieAt(NOW).seal(1, { expires: new Date(NOW + 0.5) }))).toMatchObject({
      reason: 'expired',
    })
  })

  it('is a date, or a time from now on', () => {
    const exp = (expires: Date | string | undefined): string =>
      /"exp":([^,]*),/.exec(signedText(cookieAt(NOW).seal(1, { expires })))?.[1] ?? ''
    expect(exp(undefined)).toBe('null')
    expect(exp(new Date(0))).toBe('"1970-01-01T00:00:00.000Z"')
    expect(exp('30 seconds')).toBe('"2026-11-23T12:00:30.000Z"')
    expect(exp('2 hours')).toBe('"2026-11-23T14:00:00.000Z"')
    expect(exp('1 day')).toBe('"2026-11-24T12:00:00.000Z"')
    expect(exp('2 weeks')).toBe('"2026-12-07T12:00:00.000Z"')
    expect(exp(new Date('9999-12-31T23:59:59.999Z'))).toBe('"9999-12-31T23:59:59.999Z"')
  })

  it.each([
    'tomorrow',
    '',
    '0 days',
    '999999999 weeks',
    3600,
    null,
    new Date(Number.NaN),
    new Date(8.64e15),
    new Date(-8.64e15),
  ])('refuses %o', (expires) => {
    const cookie = application().cookies.signed('c')
    expect(() => cookie.seal(1, { expires: expires as never })).toThrow(ConfigError)
    expect(() => cookie.setCookie(1, { expires: expires as never })).toThrow(/expires: write a valid Date/)
  })

  it('stands in the Set-Cookie line and in the message', () => {
    const line = application().cookies.signed('c').setCookie(1, { expires: '1 day' })
    expect(line).toMatch(/; path=\/; expires=Tue, 24 Nov 2026 12:00:00 GMT; samesite=lax$/)
    expect(signedText(valueOf(line))).toContain('"exp":"2026-11-24T12:00:00.000Z"')
  })
})

describe('purpose', () => {
  const off = application({ useCookiesWithMetadata: false })
  const on = application()
  const strict = application({ requirePurpose: true })
  const names = ['a', 'b', 'A', 'cookie.a', 'a ']

  it.each(['signed', 'encrypted'] as const)('of %s: a cookie opens under its own name only', (jar) => {
    for (const [i, written] of names.entries()) {
      const cookie = on.cookies[jar](written).seal(1)
      for (const [j, read] of names.entries()) {
        for (const rails of [on, off, strict]) {
          expect(rails.cookies[jar](read).open(cookie), `${written} read as ${read}`).toMatchObject(
            i === j ? { ok: true, meta: { purpose: `cookie.${written}` } } : { ok: false, reason: 'wrong_purpose' },
          )
        }
      }
    }
  })

  it.each(['signed', 'encrypted'] as const)('of %s: a cookie without one opens under every name', (jar) => {
    for (const expires of [undefined, '1 day']) {
      const cookie = off.cookies[jar]('a').seal(1, { expires })
      for (const name of ['a', 'b']) {
        for (const rails of [on, off]) {
          expect(rails.cookies[jar](name).open(cookie)).toMatchObject({ ok: true, meta: { purpose: null } })
        }
        expect(strict.cookies[jar](name).open(cookie)).toMatchObject({ ok: false, reason: 'no_purpose' })
      }
    }
  })

  it('a session has the purpose of its key', () => {
    const shop = application({ session: { key: '_shop' }, requirePurpose: true })
    expect(accepted(shop.session.open(shop.session.seal({}))).meta.purpose).toBe('cookie._shop')
    expect(shop.cookies.encrypted('_shop').open(shop.session.seal({}))).toMatchObject({ ok: true })
    expect(shop.session.open(on.cookies.encrypted('_other').seal({ session_id: 'x' }))).toMatchObject({
      reason: 'wrong_purpose',
    })
  })
})

describe('jars', () => {
  const values: unknown[] = [
    1,
    -1,
    1.5,
    'text',
    '',
    'é ☃ 👍 \u2028 <&>',
    true,
    false,
    null,
    [],
    {},
    [1, [2, { a: null }]],
    { a: { b: [null, 'x'] }, 'c d': 2n ** 70n },
  ]

  it.each(
    RAILS_VERSIONS.filter((version) => version >= '4.0').flatMap((version) =>
      backendNames.map((backend) => [version, backend] as const),
    ),
  )('of %s on %s open what they seal', (loadDefaults: RailsVersion, backend) => {
    const rails = application({ loadDefaults, backend, ...json })
    for (const value of values) {
      const { signed, encrypted, permanent } = rails.cookies
      for (const cookie of [signed('c'), encrypted('c'), permanent.signed('c'), permanent.encrypted('c')]) {
        const sealed = cookie.seal(value)
        expect(sealed).toMatch(/^[A-Za-z0-9*\-._%]+$/)
        expect(accepted(cookie.open(sealed)).data).toEqual(value)
        expect(accepted(cookie.openHeader(`a=1; c=${sealed}; c=2`)).data).toEqual(value)
      }
    }
  })

  it('do not open the cookies of each other', () => {
    const rails = application()
    expect(rails.cookies.signed('c').open(rails.cookies.encrypted('c').seal(1)).ok).toBe(false)
    expect(rails.cookies.encrypted('c').open(rails.cookies.signed('c').seal(1)).ok).toBe(false)
    const signedSession = application({ encryptSession: false })
    expect(rails.session.open(signedSession.session.seal({})).ok).toBe(false)
    expect(signedSession.session.open(rails.session.seal({})).ok).toBe(false)
  })

  it('encryptSession: false signs the session', () => {
    const rails = application({ encryptSession: false })
    const sealed = rails.session.seal({ session_id: 'x', user_id: 1 })
    expect(envelopeIn(signedText(sealed))).toEqual({
      message: '{"session_id":"x","user_id":1}',
      exp: null,
      pur: 'cookie._session_id',
    })
    expect(rails.cookies.signed('_session_id').open(sealed)).toMatchObject({ ok: true })
    expect(rails.session.open(sealed)).toMatchObject({ ok: true, data: { user_id: 1 } })
  })

  it('an encrypted message is never the same twice', () => {
    for (const loadDefaults of ['5.1', '8.1'] as const) {
      const cookie = application({ loadDefaults, ...json }).cookies.encrypted('c')
      expect(new Set(Array.from({ length: 50 }, () => cookie.seal(1))).size).toBe(50)
    }
  })

  it('have cookies with names', () => {
    const { cookies } = application()
    for (const jar of [cookies, cookies.permanent]) {
      for (const cookie of [jar.plain('n'), jar.signed('n'), jar.encrypted('n')]) expect(cookie.name).toBe('n')
      for (const name of ['', undefined, 1, {}]) {
        expect(() => jar.plain(name as never)).toThrow(ConfigError)
        expect(() => jar.signed(name as never)).toThrow(ConfigError)
        expect(() => jar.encrypted(name as never)).toThrow(/the name of a cookie is a string that is not empty/)
      }
    }
  })

  it('refuse to seal what JSON has no text for', () => {
    for (const value of [undefined, () => 1, Symbol('s'), { a: { b: /x/ } }]) {
      expect(() => application().cookies.signed('c').seal(value)).toThrow(UnserializableValueError)
    }
  })

  it('seal and open in Marshal, and open JSON beside it', () => {
    const rails = application({ cookiesSerializer: 'marshal' })
    expect(rails.cookies.signed('c').open(rails.cookies.signed('c').seal({ a: [1] }))).toMatchObject({
      ok: true,
      data: { a: [1] },
      meta: { serializer: 'marshal' },
    })
    expect(rails.session.open(application().session.seal({ a: 1 }))).toMatchObject({
      ok: true,
      data: { a: 1 },
      meta: { serializer: 'json' },
    })
  })

  it('hold MessagePack', () => {
    const rails = application({ cookiesSerializer: 'message_pack' })
    const at = new Date(1_700_000_000_000)
    const opened = rails.session.open(rails.session.seal({ at, ids: new Set([1n << 64n]) }))
    expect(opened).toMatchObject({
      ok: true,
      data: { at, ids: new Set([1n << 64n]) },
      meta: { serializer: 'message_pack' },
    })
    expect(application().session.open(rails.session.seal({ a: 1 }))).toMatchObject({
      ok: true,
      meta: { rewrite: true },
    })
  })
})

describe('meta', () => {
  it('of the current scheme', () => {
    const cookie = application().cookies.signed('c')
    expect(accepted(cookie.open(cookie.seal(1))).meta).toEqual({
      serializer: 'json',
      purpose: 'cookie.c',
      expiresAt: null,
      rotation: null,
      rewrite: false,
    })
  })

  it('of an older secret, of rotations and upgrades', () => {
    const rails = application({
      secretKeyBase: [SECRET, OLD_SECRET],
      cookiesRotations: [
        { kind: 'signed', digest: 'SHA512' },
        { kind: 'encrypted', keyGeneratorHashDigestClass: 'SHA1' },
      ],
    })
    const meta = (writer: Rails, jar: 'signed' | 'encrypted'): unknown => {
      const { rotation, rewrite } = accepted(rails.cookies[jar]('c').open(writer.cookies[jar]('c').seal(1))).meta
      return [rotation, rewrite]
    }
    expect(meta(rails, 'signed')).toEqual([null, false])
    expect(meta(rails, 'encrypted')).toEqual([null, false])
    expect(meta(application({ secretKeyBase: OLD_SECRET }), 'signed')).toEqual(['legacy', true])
    expect(meta(application({ secretKeyBase: OLD_SECRET }), 'encrypted')).toEqual(['legacy', true])
    expect(meta(application({ signedCookieDigest: 'SHA512' }), 'signed')).toEqual([0, true])
    expect(meta(application({ secretKeyBase: OLD_SECRET, signedCookieDigest: 'SHA512' }), 'signed')).toEqual([0, true])
    expect(meta(application({ keyGeneratorHashDigestClass: 'SHA1' }), 'encrypted')).toEqual([1, true])
    expect(meta(application({ useAuthenticatedCookieEncryption: false }), 'encrypted')).toEqual(['legacy', true])
  })

  it('of an expiring cookie is a date of its own', () => {
    const cookie = application().cookies.encrypted('c')
    const opened = accepted(cookie.open(cookie.seal(1, { expires: '1 day' })))
    opened.meta.expiresAt?.setTime(0)
    expect(opened.meta.expiresAt).toEqual(new Date(NOW + DAY))
  })

  it('rewrite: a payload that is not recognised as the configured format', () => {
    const writer = (text: string): Rails => application({ cookiesSerializer: { dump: () => text, load: () => null } })
    const meta = (text: string): unknown =>
      accepted(application().cookies.signed('c').open(writer(text).cookies.signed('c').seal(0))).meta
    expect(meta('1')).toMatchObject({ serializer: 'json', rewrite: false })
    expect(meta(' 1')).toMatchObject({ serializer: 'json', rewrite: true })
  })
})

describe('an accepted cookie', () => {
  const cookie = application().cookies.signed('c')
  const openedOf = (value: unknown): Extract<Opened, { ok: true }> => accepted(cookie.open(cookie.seal(value)))

  it('get: a top-level key of a Hash', () => {
    const opened = openedOf({ a: 1, b: null, toString: 'mine' })
    expect([opened.get('a'), opened.get('b'), opened.get('toString')]).toEqual([1, null, 'mine'])
    expect([opened.get('c'), opened.get('constructor'), opened.get('__proto__')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    for (const value of [1, 'text', null, [1]]) expect(openedOf(value).get('length')).toBeUndefined()
  })

  it('typed: what Ruby has and JavaScript has not', () => {
    const opened = accepted(
      cookie.open(
        application({ cookiesSerializer: { dump: () => '[1,1.0,-0.0,12345678901234567890]', load: () => null } })
          .cookies.signed('c')
          .seal(0),
      ),
    )
    expect(opened.data).toEqual([1, 1, -0, 12345678901234567890n])
    expect(JSON.stringify(opened.typed())).toBe(
      '[1,{"$":"float","v":"1.0"},{"$":"float","v":"-0.0"},{"$":"int","v":"12345678901234567890"}]',
    )
  })

  it('has null-prototype objects, at every depth', () => {
    const data = openedOf({ a: [{ b: {} }] }).data as { a: [{ b: object }] }
    for (const object of [data, data.a[0], data.a[0].b]) expect(Object.getPrototypeOf(object)).toBeNull()
  })

  it('keeps __proto__ as a plain key', () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as object
    const { data, typed } = { data: openedOf(hostile).data as object, typed: openedOf(hostile).typed() as object }
    for (const object of [data, typed]) {
      expect(Object.keys(object)).toEqual(['__proto__', 'constructor'])
      expect(JSON.stringify(object)).toBe(JSON.stringify(hostile))
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(signedText(cookie.seal(data))).toBe(signedText(cookie.seal(hostile)))
  })
})

describe('limits.readBytes', () => {
  it('is counted on the text as it stands in the header', () => {
    const sealed = application().cookies.signed('c').seal('x'.repeat(100))
    const reader = (readBytes: number): Cookie => application({ limits: { readBytes } }).cookies.signed('c')
    expect(reader(sealed.length).open(sealed)).toMatchObject({ ok: true })
    expect(reader(sealed.length - 1).open(sealed)).toEqual({ ok: false, reason: 'too_large', authenticated: false })
    expect(reader(sealed.length).openHeader(`b=${'x'.repeat(999)}; c=${sealed}`)).toMatchObject({ ok: true })
  })

  it('is 8192 by default, for every jar', () => {
    const { session, cookies } = application()
    for (const cookie of [session, cookies.plain('c'), cookies.signed('c'), cookies.encrypted('c')] as Cookie[]) {
      expect(cookie.open('x'.repeat(8192))).not.toMatchObject({ reason: 'too_large' })
      expect(cookie.open('x'.repeat(8193))).toMatchObject({ reason: 'too_large' })
    }
  })

  it('comes before any work', () => {
    const huge = '%2B'.repeat(3_000_000)
    const { session } = application()
    const start = performance.now()
    for (let i = 0; i < 1000; i++) session.open(huge)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('setCookie', () => {
  it('permanent: an expiry in 20 years, in the line only', () => {
    for (const jar of ['signed', 'encrypted'] as const) {
      const cookie = application().cookies.permanent[jar]('c')
      const line = cookie.setCookie([1])
      expect(line).toMatch(/; path=\/; expires=Fri, 23 Nov 2046 12:00:00 GMT; samesite=lax$/)
      expect(accepted(cookie.open(valueOf(line))).meta.expiresAt).toBeNull()
    }
    const leap = application({ now: () => Date.parse('2080-02-29T00:00:00Z') }).cookies.permanent.plain('c')
    expect(leap.setCookie('x')).toContain('expires=Sun, 28 Feb 2100 00:00:00 GMT')
  })

  it('has the attributes that are given, in the order of Rack', () => {
    const attributes = {
      path: '/a',
      maxAgeSeconds: 60,
      secure: true,
      httpOnly: true,
      sameSite: 'none',
      partitioned: true,
    } as const
    const line = application()
      .cookies.signed('c')
      .setCookie(1, { ...attributes, domain: 'all', host: 'www.example.org:3000', expires: '1 day' })
    expect(line?.split('; ').slice(1)).toEqual([
      'domain=example.org',
      'path=/a',
      'max-age=60',
      'expires=Tue, 24 Nov 2026 12:00:00 GMT',
      'secure',
      'httponly',
      'samesite=none',
      'partitioned',
    ])
    const rack2 = application({ rackVersion: '2' })
      .cookies.signed('c')
      .setCookie(1, { ...attributes, domain: 'x.test' })
    expect(rack2?.split('; ').slice(1)).toEqual([
      'domain=x.test',
      'path=/a',
      'max-age=60',
      'secure',
      'HttpOnly',
      'SameSite=None',
    ])
  })

  it('is null for a secure cookie over http, which is not even sealed', () => {
    const cookie = application().cookies.signed('c')
    expect(cookie.setCookie(() => 1, { secure: true, https: false })).toBeNull()
    expect(() => cookie.setCookie(() => 1, { secure: true, https: true })).toThrow(UnserializableValueError)
    expect(application().cookies.signed('c').setCookie(1, { secure: true })).toContain('; secure')
    expect(application().cookies.plain('c').setCookie('1', { secure: true, https: false, host: 'x.onion' })).toContain(
      '; secure',
    )
  })

  it('delete: empty, in the past, with the domain and path it was set with', () => {
    expect(application().cookies.signed('c').delete()).toBe(
      'c=; path=/; max-age=0; expires=Thu, 01 Jan 1970 00:00:00 GMT; samesite=lax',
    )
    expect(
      application({ railsVersion: '8.1', loadDefaults: '5.2' })
        .cookies.encrypted('c')
        .delete({ domain: 'all', host: 'a.b.test', path: '/x' }),
    ).toBe('c=; domain=b.test; path=/x; max-age=0; expires=Thu, 01 Jan 1970 00:00:00 GMT')
    expect(application().cookies.plain('c').delete({ secure: true, https: false })).toContain('; secure')
  })
})
