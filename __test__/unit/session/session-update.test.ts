import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { Accepted, Rails } from '../../../index.ts'
import { UnserializableValueError } from '../../../src/errors.ts'
import { application, backendNames, NOW, unescaped, valueOf } from '../../support/application.ts'

/** Signs any payload text as a session cookie of the application. */
function signed(payload: string): string {
  const raw = application({
    encryptSession: false,
    useCookiesWithMetadata: false,
    cookiesSerializer: { dump: (value) => (value as { payload: string }).payload, load: (bytes) => bytes },
  })
  return raw.session.seal({ payload })
}

function opened(rails: Rails, cookie: string): Accepted<Record<string, unknown>> {
  const result = rails.session.open(cookie)
  if (!result.ok) throw new Error(`refused: ${result.reason}`)
  return result
}

/** The payload of a signed cookie. */
function payloadOf(cookie: string): string {
  const [text = ''] = unescaped(cookie).split('--')
  return Buffer.from(text, 'base64').toString()
}

describe.each(backendNames)('on %s, update', (backend) => {
  const rails = application({ backend, encryptSession: false, useCookiesWithMetadata: false })

  it('changes, adds and drops keys, and leaves the text of all others as it is', () => {
    const payload =
      '{"session_id":"x","ratio":1.0,"id":12345678901234567890123,"n":null,"cart":[1.50,{"a":"\\u00e9"}],"drop":1}'
    const cookie = rails.session.update(opened(rails, signed(payload)), {
      cart: ['new'],
      drop: undefined,
      gone: null,
      added: 2,
    })
    expect(payloadOf(cookie)).toBe(
      '{"session_id":"x","ratio":1.0,"id":12345678901234567890123,"n":null,"cart":["new"],"added":2}',
    )
  })

  it('keeps the session_id, unless there is another', () => {
    const before = opened(rails, rails.session.seal({ session_id: 'x', a: 1 }))
    for (const session_id of [null, undefined, '', false]) {
      expect(payloadOf(rails.session.update(before, { session_id }))).toBe('{"session_id":"x","a":1}')
    }
    expect(payloadOf(rails.session.update(before, { session_id: 'y' }))).toBe('{"session_id":"y","a":1}')
  })

  it('takes __proto__ for a key like any other', () => {
    const before = opened(rails, signed('{"session_id":"x","__proto__":{"a":1.0}}'))
    expect(payloadOf(rails.session.update(before, { b: 1 }))).toBe('{"session_id":"x","__proto__":{"a":1.0},"b":1}')
    const changes = JSON.parse('{"__proto__":2}') as Record<string, unknown>
    expect(payloadOf(rails.session.update(before, changes))).toBe('{"session_id":"x","__proto__":2}')
  })

  it('is sealed in the current scheme, with the purpose and the expiry of the session', () => {
    const current = application({ backend, session: { key: '_s', expireAfter: '1 hour' } })
    const before = opened(current, current.session.seal({ a: 1 }))
    const after = opened(current, current.session.update(before, { a: 2 }))
    expect(after.data).toMatchObject({ a: 2 })
    expect(after.meta).toMatchObject({ purpose: 'cookie._s', expiresAt: new Date(NOW + 3_600_000) })
    const line = current.session.updateCookie(before, { a: 3 }, { https: true, path: '/shop' })
    expect(line).toMatch(/^_s=.*; path=\/shop; expires=/)
    expect(opened(current, valueOf(line)).data).toMatchObject({ a: 3 })
  })

  it('gives no line where Rails sends none', () => {
    const secure = application({ backend, session: { secure: true } })
    const before = opened(secure, secure.session.seal({ a: 1 }))
    expect(secure.session.updateCookie(before, { a: 2 }, { https: false })).toBe(null)
  })

  it('goes through a serializer of the application', () => {
    const custom = application({
      backend,
      cookiesSerializer: {
        dump: (value) => JSON.stringify(value),
        load: (bytes) => JSON.parse(Buffer.from(bytes).toString()) as unknown,
      },
    })
    const before = opened(custom, custom.session.seal({ session_id: 'x', a: 1, b: 2 }))
    const after = opened(custom, custom.session.update(before, { a: 'new', b: null, c: 3 }))
    expect(after.data).toEqual({ session_id: 'x', a: 'new', c: 3 })
  })

  it('throws for what cannot be written, and says where it is', () => {
    const before = opened(rails, rails.session.seal({ a: 1 }))
    expect(() => rails.session.update(before, { cart: { item: Symbol('x') } })).toThrow(UnserializableValueError)
    expect(() => rails.session.update(before, [] as never)).toThrow(/changes is not a plain object/)
    expect(() => rails.session.update(before, { big: 'x'.repeat(5000) })).toThrow(
      expect.objectContaining({ bytesPerKey: expect.arrayContaining([['big', 5002]]) as unknown }),
    )
  })

  it('throws for what no cookie gave', () => {
    const fake = { ...opened(rails, rails.session.seal({ a: 1 })) }
    expect(() => rails.session.update(fake as never, { a: 2 })).toThrow(/update takes what open or openHeader returned/)
  })
})
