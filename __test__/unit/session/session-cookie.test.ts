import { describe, expect, it } from 'vitest'
import { createRails, type Opened, RailsSessionError, type StandardSchema } from '../../../index.ts'
import { ConfigError, UnserializableValueError } from '../../../src/errors.ts'
import { newSessionId } from '../../../src/session/session-id.ts'
import { application, backendNames, NOW, SECRET, valueOf } from '../../support/application.ts'

function data(opened: Opened<object>): Record<string, unknown> {
  if (!opened.ok) throw new Error(`refused: ${opened.reason}`)
  return opened.data as Record<string, unknown>
}

/** The text that a session is sealed as, seen through a session that is only signed. */
function sealedText(session: object): string {
  const rails = application({ encryptSession: false, useCookiesWithMetadata: false })
  const [text = ''] = decodeURIComponent(rails.session.seal(session as never)).split('--')
  return Buffer.from(text, 'base64').toString()
}

describe.each(backendNames)('on %s, a session', (backend) => {
  const rails = application({ backend })
  const roundTrip = (session: object): Record<string, unknown> =>
    data(rails.session.open(rails.session.seal(session as never)))

  it('comes back as it was', () => {
    const session = { session_id: 'a'.repeat(32), user_id: 1, cart: [{ sku: 'x', count: 2 }], flash: { flashes: {} } }
    expect(roundTrip(session)).toEqual(session)
    expect(roundTrip(roundTrip(session))).toEqual(session)
  })

  it('keeps a session_id', () => {
    for (const session_id of ['a'.repeat(32), 'short', 5])
      expect(roundTrip({ session_id })['session_id']).toBe(session_id)
  })

  it('gets one of 32 hex digits where it has none', () => {
    for (const session of [
      {},
      { session_id: null },
      { session_id: undefined },
      { session_id: '' },
      { session_id: false },
    ]) {
      expect(roundTrip(session)['session_id']).toMatch(/^[0-9a-f]{32}$/)
    }
  })

  it('loses nulls at the top, as in Rails, and keeps the nested ones', () => {
    expect(
      roundTrip({ session_id: 'x', a: null, b: undefined, c: { d: null, e: undefined }, f: [null], g: false, h: '' }),
    ).toEqual({
      session_id: 'x',
      c: { d: null },
      f: [null],
      g: false,
      h: '',
    })
  })

  it('has null-prototype data in which __proto__ is a plain key', () => {
    const hostile = JSON.parse('{"session_id":"x","__proto__":{"admin":true},"constructor":1}') as object
    const opened = roundTrip(hostile)
    expect(Object.getPrototypeOf(opened)).toBeNull()
    expect(Object.keys(opened)).toEqual(['session_id', '__proto__', 'constructor'])
    expect(opened['__proto__']).toEqual({ admin: true })
    expect(Object.keys(roundTrip(opened))).toEqual(['session_id', '__proto__', 'constructor'])
    expect(opened['admin']).toBeUndefined()
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('admin')
    expect(Object.isExtensible(Object.prototype) && Object.keys({})).toEqual([])
  })

  it('is found in a header, the first of its name', () => {
    const [one, other] = [rails.session.seal({ n: 1 }), rails.session.seal({ n: 2 })]
    const header = `theme=dark; _session_id=${one}; _session_id=${other}`
    expect(data(rails.session.openHeader(header))['n']).toBe(1)
    expect(rails.session.openHeader(`_session_id=garbage; _session_id=${one}`).ok).toBe(false)
  })

  it('is refused where it is signed with a key that Node did not get', () => {
    const other = createRails({ secretKeyBase: 'other'.repeat(10), backend, now: () => NOW })
    expect(rails.session.open(other.session.seal({}))).toMatchObject({ ok: false, reason: 'unauthenticated' })
  })
})

describe('sealing', () => {
  it('puts the session_id first', () => {
    expect(sealedText({ user_id: 1, session_id: 'x' })).toBe('{"session_id":"x","user_id":1}')
    expect(sealedText({ user_id: 1 })).toMatch(/^\{"session_id":"[0-9a-f]{32}","user_id":1\}$/)
  })

  it('does not change what it is given', () => {
    const session = Object.freeze({ a: null, b: 1 })
    expect(application().session.seal(session)).not.toBe('')
    expect(session).toEqual({ a: null, b: 1 })
  })

  it.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['text', 'x'],
    ['a number', 1],
    ['an array', []],
    ['a Map', new Map()],
    ['a Date', new Date(0)],
    ['an instance', new URL('https://example.org')],
  ])('refuses %s', (_, session) => {
    const { session: cookie } = application()
    for (const seal of [() => cookie.seal(session as never), () => cookie.setCookie(session as never)]) {
      expect(seal).toThrow(UnserializableValueError)
      expect(seal).toThrow('session: data is not a plain object; write { key: value, … }')
    }
  })

  it('names the place of a value that cannot be written', () => {
    expect(() => application().session.seal({ cart: [{ f: () => 1 }] })).toThrow(/cart\[0\]\.f is a function/)
  })

  it('newSessionId is as SecureRandom.hex(16)', () => {
    const ids = Array.from({ length: 1000 }, newSessionId)
    expect(new Set(ids).size).toBe(1000)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('expiry', () => {
  const rails = application({ session: { expireAfter: '30 minutes' } })
  const inHalfAnHour = new Date(NOW + 1_800_000)
  const expiresAt = (opened: Opened<object>): unknown => opened.ok && opened.meta.expiresAt

  it('expireAfter is sealed in, and stands in the line', () => {
    expect(expiresAt(rails.session.open(rails.session.seal({})))).toEqual(inHalfAnHour)
    const line = rails.session.setCookie({})
    expect(line).toMatch(/; path=\/; expires=Mon, 23 Nov 2026 12:30:00 GMT; httponly; samesite=lax$/)
    expect(expiresAt(rails.session.open(valueOf(line)))).toEqual(inHalfAnHour)
  })

  it('a date that is given wins', () => {
    const expires = new Date(NOW + 5000)
    for (const each of [rails, application()]) {
      expect(expiresAt(each.session.open(each.session.seal({}, { expires })))).toEqual(expires)
      const line = each.session.setCookie({}, { expires: '5 seconds' })
      expect(line).toContain('; expires=Mon, 23 Nov 2026 12:00:05 GMT;')
      expect(expiresAt(each.session.open(valueOf(line)))).toEqual(expires)
    }
    expect(() => rails.session.seal({}, { expires: 'soon' })).toThrow(ConfigError)
  })

  it('a maximal age that is given makes an expiry, as in Rack', () => {
    const line = rails.session.setCookie({}, { maxAgeSeconds: 60 })
    expect(line).toContain('; max-age=60; expires=Mon, 23 Nov 2026 12:01:00 GMT;')
    expect(expiresAt(rails.session.open(valueOf(line)))).toEqual(new Date(NOW + 60_000))
    expect(() => rails.session.setCookie({}, { maxAgeSeconds: Number.NaN })).toThrow(ConfigError)
  })

  it('none, for a session cookie of the browser', () => {
    expect(expiresAt(application().session.open(application().session.seal({})))).toBeNull()
    expect(application().session.setCookie({})).not.toMatch(/expires|max-age/)
  })
})

describe('the Set-Cookie line', () => {
  it('has the options of the session store', () => {
    const session = {
      key: '_s',
      path: '/app',
      domain: 'all',
      secure: true,
      sameSite: 'strict',
      partitioned: true,
    } as const
    const line = application({ session }).session.setCookie({}, { host: 'www.example.org' })
    expect(line?.split('; ').slice(1)).toEqual([
      'domain=example.org',
      'path=/app',
      'secure',
      'httponly',
      'samesite=strict',
      'partitioned',
    ])
    const rack2 = application({ session, loadDefaults: '7.0' }).session.setCookie({}, { host: 'www.example.org' })
    expect(rack2?.split('; ').slice(1)).toEqual([
      'domain=.example.org',
      'path=/app',
      'secure',
      'HttpOnly',
      'SameSite=Strict',
    ])
  })

  it('is null for a secure session over http, even on an onion', () => {
    const { session } = application({ session: { secure: true } })
    expect(session.setCookie({}, { https: false })).toBeNull()
    expect(session.setCookie({}, { https: false, host: 'x.onion' })).toBeNull()
    expect(session.setCookie({}, { https: true })).toContain('; secure;')
    expect(session.setCookie({})).toContain('; secure;')
  })

  it.each([
    ['6.0', undefined, ''],
    ['6.1', undefined, '; SameSite=Lax'],
    ['6.1', null, '; SameSite=Lax'],
    ['7.0', null, '; SameSite=Lax'],
    ['7.1', undefined, '; samesite=lax'],
    ['7.1', null, ''],
    ['5.2', 'none', '; SameSite=None'],
  ] as const)('Rails %s, sameSite %s: %j', (loadDefaults, sameSite, expected) => {
    const session = sameSite === undefined ? {} : { sameSite }
    const line = application({ loadDefaults, cookiesSerializer: 'json', session }).session.setCookie({})
    expect(line?.replace(/^.*httponly/i, '')).toBe(expected)
  })

  it('delete', () => {
    const { session } = application({ session: { key: '_s', path: '/app', domain: 'all', secure: true } })
    expect(session.delete({ host: 'www.example.org' })).toBe(
      '_s=; domain=example.org; path=/app; max-age=0; expires=Thu, 01 Jan 1970 00:00:00 GMT; secure; httponly; samesite=lax',
    )
  })
})

/** What some libraries return for a promise. */
class Later {
  // oxlint-disable-next-line unicorn/no-thenable -- that is the point
  then(done: (result: object) => void): void {
    done({ value: {} })
  }
}

describe('a schema', () => {
  /** A schema as libraries make them; counts its calls. */
  function schema<T>(validate: StandardSchema<T>['~standard']['validate']): StandardSchema<T> {
    return { '~standard': { version: 1, vendor: 'test', validate } }
  }
  const options = { secretKeyBase: SECRET, backend: 'node', now: () => NOW } as const
  const cookie = createRails(options).session.seal({ session_id: 'x', user_id: '7' })

  it('replaces the data by what it makes of them', () => {
    const seen: unknown[] = []
    const rails = createRails({
      ...options,
      schema: schema((value) => {
        seen.push(value)
        return { value: { userId: Number((value as { user_id: unknown }).user_id) } }
      }),
    })
    const opened = rails.session.open(cookie)
    expect(opened).toMatchObject({ ok: true, data: { userId: 7 }, meta: { purpose: 'cookie._session_id' } })
    expect(opened.ok && [opened.get('userId'), opened.get('user_id')]).toEqual([7, undefined])
    expect(opened.ok && opened.typed()).toEqual({ session_id: 'x', user_id: '7' })
    expect(seen).toEqual([{ session_id: 'x', user_id: '7' }])
  })

  it('is asked last', () => {
    const never = schema(() => {
      throw new Error('asked')
    })
    const rails = createRails({ ...options, schema: never })
    expect(rails.session.open('x')).toMatchObject({ reason: 'malformed' })
    expect(rails.session.open(rails.cookies.encrypted('_session_id').seal([]))).toMatchObject({
      reason: 'not_a_session',
    })
    expect(rails.session.open(rails.cookies.encrypted('_session_id').seal({}))).toMatchObject({
      reason: 'no_session_id',
    })
    expect(rails.cookies.encrypted('c').open(rails.cookies.encrypted('c').seal(1))).toMatchObject({ ok: true })
  })

  it('refuses with issues', () => {
    const rails = createRails({ ...options, schema: schema(() => ({ issues: [{ message: 'no' }] })) })
    expect(rails.session.open(cookie)).toEqual({ ok: false, reason: 'schema_invalid', authenticated: true })
  })

  it.each<[string, () => Promise<{ value: object }>]>([
    ['a promise', () => Promise.resolve({ value: {} })],
    ['a promise that fails', () => Promise.reject(new Error('later'))],
    ['another thenable', () => new Later() as never],
  ])('must be synchronous: %s is an error', async (_, validate) => {
    const rails = createRails({ ...options, schema: schema(validate) })
    expect(() => rails.session.open(cookie)).toThrow(RailsSessionError)
    expect(() => rails.session.open(cookie)).toThrow(
      expect.objectContaining({
        code: 'ERR_RAILS_SESSION_SCHEMA',
        message: expect.stringContaining('write a synchronous schema'),
      }),
    )
    // A rejection that nobody handles would end the process.
    await new Promise((resolve) => setTimeout(resolve, 5))
  })
})
