import { describe, expect, it, vi } from 'vitest'
import { CookieOverflowError, UnserializableValueError } from '../../../index.ts'
import { RubyFloat } from '../../../src/ruby/float.ts'
import { RubySymbol } from '../../../src/ruby/symbol.ts'
import type { SessionStore } from '../../../src/session/session-store.ts'
import { application, backendNames, OLD_SECRET, SECRET, valueOf } from '../../support/application.ts'
import { following, headerAfter, headerWith, payloadIn, signedHeader, signing } from './requests.ts'

const ID = 'a10d8fd67b77a00ca82a5a920d92d9c2'
const NEW_ID = /^[0-9a-f]{32}$/

describe.each(backendNames)('on %s, the session of a request', (backend) => {
  const rails = application({ backend })
  const header = headerWith(rails, { session_id: ID, user_id: 7, cart: [{ sku: 'a', count: 1 }], note: 'é' })

  it('shows what came in', () => {
    const session = rails.session.load(`theme=dark; ${header}; ${rails.session.name}=second`)
    expect([session.id, session.isNew, session.rejected]).toEqual([ID, false, null])
    expect(session.get('user_id')).toBe(7)
    expect(session.get('gone')).toBe(undefined)
    expect([session.has('note'), session.has('gone'), session.has('toString')]).toEqual([true, false, false])
    expect(session.keys()).toEqual(['session_id', 'user_id', 'cart', 'note'])
    expect(session.data).toEqual({ session_id: ID, user_id: 7, cart: [{ sku: 'a', count: 1 }], note: 'é' })
    expect(Object.getPrototypeOf(session.data)).toBe(null)
    expect([session.changed, session.commit()]).toEqual([false, null])
  })

  it('gives the same objects each time', () => {
    const session = rails.session.load(header)
    const cart = session.get('cart')
    expect(session.get('cart')).toBe(cart)
    expect(session.data['cart']).toBe(cart)
    expect(session.data).toBe(session.data)
  })

  it('is new, empty and not sent without a cookie', () => {
    for (const none of [undefined, null, '', 'theme=dark', rails.session.name]) {
      const session = rails.session.load(none)
      expect([session.id, session.isNew, session.rejected, session.loaded]).toEqual([null, true, null, false])
      expect([session.get('a'), session.keys(), session.data]).toEqual([undefined, [], {}])
      expect([session.changed, session.commit()]).toEqual([false, null])
    }
  })

  it('is new, and says why, over a cookie that is refused', () => {
    const other = application({ backend, secretKeyBase: OLD_SECRET })
    for (const [value, reason] of [
      ['rubbish', 'malformed'],
      [other.session.seal({ user_id: 1 }), 'unauthenticated'],
      ['x'.repeat(9000), 'too_large'],
    ]) {
      const session = rails.session.load(`${rails.session.name}=${value}`)
      expect([session.rejected, session.isNew, session.get('user_id'), session.commit()]).toEqual([
        reason,
        true,
        undefined,
        null,
      ])
      session.set('user_id', 2)
      expect(following(rails, session).data).toEqual({ session_id: session.id, user_id: 2 })
    }
  })

  it('gets an id when it is first written to, and keeps it', () => {
    const session = rails.session.load(undefined)
    session.set('user_id', 1)
    expect(session.id).toMatch(NEW_ID)
    expect([session.isNew, session.changed, session.keys()]).toEqual([true, true, ['session_id', 'user_id']])
    const next = following(rails, session)
    expect([next.id, next.isNew, next.get('user_id')]).toEqual([session.id, false, 1])
  })

  it('is written where its data were changed, at any depth', () => {
    const changes: ReadonlyArray<[string, (session: ReturnType<typeof rails.session.load>) => void]> = [
      ['set', (session) => session.set('user_id', 8)],
      ['delete', (session) => void session.delete('user_id')],
      ['null', (session) => session.set('user_id', null)],
      ['undefined', (session) => session.set('user_id', undefined)],
      ['data', (session) => void (session.data['user_id'] = 8)],
      ['a key of data dropped', (session) => void delete session.data['user_id']],
      ['a new key of data', (session) => void (session.data['new'] = false)],
      ['an object of get', (session) => void (session.get('cart') as unknown[]).push(2)],
      ['an object in one of get', (session) => void ((session.get('cart') as [{ count: number }])[0].count = 2)],
      ['an object of data', (session) => void ((session.data['cart'] as [{ count: number }])[0].count = 2)],
      [
        'an object of get, and data after it',
        (session) => void ((session.get('cart') as unknown[]).pop(), session.data),
      ],
    ]
    for (const [what, change] of changes) {
      const session = rails.session.load(header)
      change(session)
      expect([what, session.changed]).toEqual([what, true])
      const expected = { ...session.data }
      for (const [key, value] of Object.entries(expected)) if (value === null) delete expected[key]
      const next = following(rails, session)
      expect([what, next.data]).toEqual([what, expected])
      expect(next.id).toBe(ID)
    }
  })

  it('is not written where they are what they were', () => {
    const same: ReadonlyArray<(session: ReturnType<typeof rails.session.load>) => void> = [
      (session) => session.set('user_id', 7),
      (session) => session.set('cart', [{ count: 1, sku: 'a' }]),
      (session) => void ((session.get('cart') as [{ count: number }])[0].count = 1),
      (session) => void (session.data['gone'] = undefined),
      (session) => session.set('gone', null),
      (session) => void session.delete('gone'),
      (session) => {
        session.set('user_id', 8)
        session.set('user_id', 7)
      },
    ]
    for (const keep of same) {
      const session = rails.session.load(header)
      keep(session)
      expect([session.changed, session.commit()]).toEqual([false, null])
    }
    const empty = rails.session.load(undefined)
    empty.set('a', 1)
    empty.delete('a')
    expect([empty.changed, empty.commit()]).toEqual([false, null])
  })

  it('is compared also after other cookies were opened', () => {
    const session = rails.session.load(header)
    const cart = session.get('cart') as unknown[]
    rails.session.openHeader(headerWith(rails, { cart: 'another' }))
    expect(session.changed).toBe(false)
    cart.push(1)
    rails.session.openHeader(headerWith(rails, { cart: [1] }))
    expect(session.changed).toBe(true)
    expect(following(rails, session).get('cart')).toEqual([{ sku: 'a', count: 1 }, 1])
  })

  it('tells whether a key was there to be dropped', () => {
    const session = rails.session.load(header)
    expect([session.delete('user_id'), session.delete('user_id'), session.delete('toString')]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('takes several changes at once', () => {
    const session = rails.session.load(header)
    session.update({ user_id: 8, note: null })
    session.update((data) => ({ visits: ((data['visits'] as number | undefined) ?? 0) + 1 }))
    expect(following(rails, session).data).toEqual({
      session_id: ID,
      user_id: 8,
      cart: [{ sku: 'a', count: 1 }],
      visits: 1,
    })
    for (const wrong of [null, 'text', [1], Promise.resolve({}), new Map()]) {
      // @ts-expect-error: what a program without types may give
      expect(() => session.update(wrong)).toThrow(/^session.update: takes a plain object/)
    }
  })

  it('takes __proto__ and the names of methods for keys like any other', () => {
    const session = rails.session.load(header)
    for (const key of ['__proto__', 'constructor', 'get', 'commit', 'data']) session.set(key, { of: key })
    expect(session.get('__proto__')).toEqual({ of: '__proto__' })
    const next = following(rails, session)
    expect(next.keys()).toContain('__proto__')
    expect([next.get('__proto__'), next.get('commit')]).toEqual([{ of: '__proto__' }, { of: 'commit' }])
    const created = rails.session.load(undefined)
    created.set('__proto__', 1)
    expect(following(rails, created).get('__proto__')).toBe(1)
  })

  it('is opened only when something is asked for', () => {
    const open = vi.spyOn(rails.session as unknown as SessionStore, 'openRequest')
    const session = rails.session.load(header)
    expect([String(session), session.loaded, session.commit()]).toEqual(['[RequestSession not loaded]', false, null])
    expect(open).not.toHaveBeenCalled()
    session.get('user_id')
    session.get('note')
    expect([session.loaded, open.mock.calls.length]).toEqual([true, 1])
    open.mockRestore()
  })

  it('gives the same line each time, and another once there is something else to send', () => {
    const session = rails.session.load(header)
    session.set('at', new Date(0))
    const line = session.commit()
    expect(session.commit()).toBe(line)
    ;(session.get('cart') as unknown[]).push(2)
    const other = session.commit()
    expect(other).not.toBe(line)
    expect(rails.session.load(headerAfter(other)).get('cart')).toEqual([{ sku: 'a', count: 1 }, 2])
    session.skip()
    expect(session.commit()).toBe(null)
  })

  it('reset: another id, and nothing of what there was', () => {
    const session = rails.session.load(header)
    const { flash } = session
    flash.set('notice', 'gone')
    session.set('a', 1)
    session.reset()
    expect([session.isNew, session.changed, session.get('user_id'), flash.get('notice')]).toEqual([
      true,
      true,
      undefined,
      undefined,
    ])
    expect(session.id).toMatch(NEW_ID)
    expect(session.id).not.toBe(ID)
    expect(following(rails, session).data).toEqual({ session_id: session.id })
    session.set('user_id', 9)
    expect(following(rails, session).data).toEqual({ session_id: session.id, user_id: 9 })
  })

  it('reset: replaces a cookie that was refused here, and sends none where none came', () => {
    const refused = rails.session.load(`${rails.session.name}=rubbish`)
    refused.reset()
    expect(following(rails, refused).data).toEqual({ session_id: refused.id })
    const none = rails.session.load(undefined)
    none.reset()
    expect([none.changed, none.commit()]).toEqual([false, null])
  })

  it('renew: another id for the same data', () => {
    const session = rails.session.load(header)
    session.renew()
    expect(session.id).not.toBe(ID)
    const next = following(rails, session)
    expect(next.data).toEqual({ ...rails.session.load(header).data, session_id: session.id })
  })

  it('expire: the browser forgets it, unless it is written to', () => {
    for (const incoming of [header, undefined, `${rails.session.name}=rubbish`]) {
      const session = rails.session.load(incoming)
      session.expire()
      expect([session.changed, session.get('user_id')]).toEqual([true, undefined])
      expect(session.commit()).toBe(
        '_session_id=; path=/; max-age=0; expires=Thu, 01 Jan 1970 00:00:00 GMT; httponly; samesite=lax',
      )
      session.set('a', 1)
      expect(following(rails, session).data).toEqual({ session_id: session.id, a: 1 })
    }
  })

  it('skip: nothing is sent', () => {
    const session = rails.session.load(header)
    session.set('a', 1)
    session.skip()
    session.expire()
    expect(session.commit()).toBe(null)
  })

  it('is sent again, though nothing was changed, where Rails would seal it otherwise', () => {
    const older = headerWith(application({ backend, secretKeyBase: OLD_SECRET }), { session_id: ID, a: 1 })
    const rotating = application({ backend, secretKeyBase: [SECRET, OLD_SECRET] })
    const untouched = rotating.session.load(older)
    expect(untouched.commit()).toBe(null)
    const read = rotating.session.load(older)
    expect([read.get('a'), read.changed]).toEqual([1, true])
    expect(rails.session.load(headerAfter(read.commit())).data).toEqual({ session_id: ID, a: 1 })
  })

  it('makes and checks CSRF tokens with the one that it holds', () => {
    const session = rails.session.load(undefined, { host: 'shop.example' })
    expect([session.csrf.verify(''), session.changed]).toEqual([false, false])
    const token = session.csrf.token()
    expect(session.get('_csrf_token')).toMatch(/^[\w-]{43}$/)
    const line = session.commit()
    const next = rails.session.load(headerAfter(line), { https: false, host: 'shop.example:3000' })
    const request = { method: 'POST', path: '/orders', token }
    expect(next.csrf.verifyRequest({ ...request, origin: 'http://shop.example:3000' })).toEqual({ ok: true })
    expect(next.csrf.verifyRequest({ ...request, origin: 'https://shop.example' }).ok).toBe(false)
    // Without a word of it, a request is taken for one over https, as it is for `secure`.
    expect(session.csrf.verifyRequest({ ...request, origin: 'https://shop.example' })).toEqual({ ok: true })
    expect([next.csrf === next.csrf, next.commit()]).toEqual([true, null])
    next.reset()
    expect(next.csrf.verify(token)).toBe(false)
  })

  it('throws over what cannot be sent', () => {
    const session = rails.session.load(header)
    session.set('note', 'x'.repeat(5000))
    expect(() => session.commit()).toThrow(CookieOverflowError)
    expect(() => session.commit()).toThrow(/largest keys in bytes: note 5002/)
    session.set('note', () => 1)
    expect(() => session.commit()).toThrow(UnserializableValueError)
    session.set('note', 'short')
    expect(following(rails, session).get('note')).toBe('short')
  })
})

describe('what goes out', () => {
  const rails = signing()

  it('has every key that was not touched as Ruby wrote it, whatever was shown of it', () => {
    const payload = `{"session_id":"${ID}","ratio":1.0,"long":12345678901234567890123,"deep":[1.50,{"a":"\\u00e9"}],"n":1}`
    const header = signedHeader(payload)
    const session = rails.session.load(header)
    void session.data
    void session.get('deep')
    session.set('n', 2)
    session.set('ratio', 1)
    expect(payloadIn(session.commit())).toBe(payload.replace('"n":1', '"n":2'))
    session.renew()
    expect(payloadIn(session.commit())).toBe(payload.replace('"n":1', '"n":2').replace(ID, session.id!))
  })

  it('keeps the id first, and the one that there is', () => {
    const session = rails.session.load(signedHeader(`{"session_id":"${ID}","a":1}`))
    session.set('session_id', 'mine')
    expect([session.changed, session.id]).toEqual([false, ID])
    session.delete('session_id')
    session.data['b'] = 2
    expect(payloadIn(session.commit())).toBe(`{"session_id":"${ID}","a":1,"b":2}`)
    const created = rails.session.load(undefined)
    created.data['session_id'] = 'mine'
    created.data['a'] = 1
    expect(payloadIn(created.commit())).toBe(`{"session_id":"${created.id}","a":1}`)
  })

  it('has no nulls at the top, not even those that came in', () => {
    const session = rails.session.load(signedHeader(`{"a":null,"session_id":"${ID}","b":{"c":null}}`))
    expect([session.has('a'), session.get('a'), session.changed]).toEqual([true, null, false])
    session.set('d', null)
    session.set('e', 1)
    expect(payloadIn(session.commit())).toBe(`{"session_id":"${ID}","b":{"c":null},"e":1}`)
  })

  it('keeps classes that only Ruby has', () => {
    const marshal = signing({ cookiesSerializer: 'marshal', loadDefaults: '6.1' })
    const header = headerWith(marshal, {
      session_id: ID,
      locale: new RubySymbol('fr'),
      ratio: new RubyFloat(1),
      cart: [new RubySymbol('a')],
      n: 1,
    })
    const session = marshal.session.load(header)
    expect(session.data).toEqual({ session_id: ID, locale: 'fr', ratio: 1, cart: ['a'], n: 1 })
    expect(session.changed).toBe(false)
    session.set('n', 2)
    const opened = marshal.session.openHeader(headerAfter(session.commit()))
    expect(opened.ok && opened.typed()).toEqual({
      session_id: ID,
      locale: { $: 'symbol', v: 'fr' },
      ratio: { $: 'float', v: '1.0' },
      cart: [{ $: 'symbol', v: 'a' }],
      n: 2,
    })
  })

  it('has its attributes by the request', () => {
    const secure = application({ session: { secure: true, domain: 'all' } })
    const session = secure.session.load(undefined, { https: false, host: 'www.shop.example:3000' })
    session.set('a', 1)
    expect(session.commit()).toBe(null)
    expect(session.commit({ https: true })).toMatch(/; domain=shop\.example; path=\/; secure; httponly; samesite=lax$/)
  })

  it("is secure on https by secure: 'auto'", () => {
    const auto = application({ session: { secure: 'auto' } })
    const line = (https: boolean | undefined): string | null => {
      const session = auto.session.load(undefined, { https })
      session.set('a', 1)
      return session.commit()
    }
    expect(line(true)).toMatch(/; path=\/; secure; httponly; samesite=lax$/)
    expect(line(undefined)).toMatch(/; path=\/; secure; httponly; samesite=lax$/)
    expect(line(false)).toMatch(/; path=\/; httponly; samesite=lax$/)
    expect(auto.session.setCookie({ a: 1 }, { https: false })).toMatch(/; path=\/; httponly; samesite=lax$/)
    expect(auto.session.delete({ https: false })).not.toContain('secure')
    expect(auto.session.delete({ https: true })).toContain('; secure')
  })

  it('takes options of its own for the line', () => {
    const session = rails.session.load(undefined)
    session.set('a', 1)
    const line = session.commit({ expires: new Date('2030-01-01T00:00:00Z'), path: '/shop' })
    expect(line).toMatch(/; path=\/shop; expires=Tue, 01 Jan 2030 00:00:00 GMT;/)
    expect(session.commit()).toBe(line)
  })

  it('is what a serializer of the application makes of it', () => {
    const custom = application({
      cookiesSerializer: {
        dump: (value) => `x${JSON.stringify(value)}`,
        load: (bytes) => JSON.parse(Buffer.from(bytes).toString().slice(1)) as unknown,
      },
    })
    const session = custom.session.load(headerWith(custom, { a: [1] }))
    ;(session.get('a') as number[]).push(2)
    expect(valueOf(session.commit())).not.toBe('')
    expect(following(custom, session).get('a')).toEqual([1, 2])
  })
})
