import { describe, expect, it } from 'vitest'
import { type Accepted, type Cookie, createRails, type RailsOptions } from '../../../index.ts'
import { AcceptedMessage } from '../../../src/messages/accepted.ts'
import { RubySymbol, RubyTime } from '../../../src/ruby/index.ts'
import { backendNames, SECRET } from '../../support/application.ts'

const SESSION = { session_id: 'x', user: { id: 7 }, list: [1, [2]], none: null, no: false, zero: 0, empty: '' }

/** A cookie of each backend, opened. */
describe.each(backendNames)('what was opened by %s', (backend) => {
  const cookie = (options: RailsOptions = {}): Cookie =>
    createRails({ secretKeyBase: SECRET, backend, ...options }).cookies.encrypted('a')
  const opened = (value: unknown, options: RailsOptions = {}): AcceptedMessage<Record<string, unknown>> => {
    const result = cookie(options).open(cookie(options).seal(value))
    if (!(result instanceof AcceptedMessage)) throw new Error('not opened')
    return result as AcceptedMessage<Record<string, unknown>>
  }

  it.each(['json', 'marshal', 'message_pack'] as const)('has data, keys and a tree out of %s', (cookiesSerializer) => {
    const result = opened(SESSION, { cookiesSerializer })
    expect(Object.keys(SESSION).map((key) => result.get(key))).toEqual(Object.values(SESSION))
    expect(result.data).toEqual(Object.assign(Object.create(null), SESSION))
    expect(Object.getPrototypeOf(result.data)).toBeNull()
    expect(result.data).toBe(result.data)
    expect(Object.keys(result.typed() as object)).toEqual(Object.keys(SESSION))
    expect(result.meta).toEqual({
      serializer: cookiesSerializer,
      purpose: 'cookie.a',
      expiresAt: null,
      rotation: null,
      rewrite: false,
    })
  })

  it('gives the same object for a key each time, and in the data', () => {
    const result = opened(SESSION)
    const user = result.get('user') as { id: number }
    expect(result.get('user')).toBe(user)
    user.id = 8
    expect(result.data['user']).toBe(user)
    expect(result.get('user')).toBe(user)
    expect(Object.keys(result.data)).toEqual(Object.keys(SESSION))
  })

  it('has no key that is not there', () => {
    for (const value of [SESSION, [], [SESSION], 'text', 7, null]) {
      const result = opened(value)
      for (const key of ['toString', '__proto__', 'constructor', 'length', 'id', '0', '']) {
        expect(result.get(key)).toBeUndefined()
        expect(result.holds(key)).toBe(false)
      }
    }
  })

  it('holds what Ruby takes for true', () => {
    const result = opened(SESSION)
    const held = (): boolean[] => Object.keys(SESSION).map((key) => result.holds(key))
    const expected = [true, true, true, false, false, true, true]
    expect(held()).toEqual(expected)
    expect(result.data).toBeDefined()
    expect(held()).toEqual(expected)
  })

  it('tells a Hash from other values', () => {
    for (const cookiesSerializer of ['json', 'marshal'] as const) {
      expect([{}, SESSION].map((value) => opened(value, { cookiesSerializer }).isHash())).toEqual([true, true])
      expect([[], [{}], 'a', 1, null].map((value) => opened(value, { cookiesSerializer }).isHash())).toEqual(
        Array<boolean>(5).fill(false),
      )
    }
    expect(opened(new Map([[[1], 2]]), { cookiesSerializer: 'marshal' }).isHash()).toBe(true)
  })

  it('does not mix up cookies that are opened before its data is made', () => {
    const first = opened({ a: 1, b: { c: 'first' } })
    const second = opened({ b: { c: 'second' }, a: 2 })
    const third = opened([{ other: 1 }])
    expect(first.get('b')).toEqual(Object.assign(Object.create(null), { c: 'first' }))
    expect(second.get('a')).toBe(2)
    expect(first.isHash()).toBe(true)
    expect(third.isHash()).toBe(false)
    expect(JSON.stringify([first.data, second.data, third.data])).toBe(
      '[{"a":1,"b":{"c":"first"}},{"b":{"c":"second"},"a":2},[{"other":1}]]',
    )
  })

  it('keeps an object that was asked for before another cookie was opened', () => {
    const first = opened({ a: { n: 1 }, b: [2] })
    const a = first.get('a')
    opened({ b: 1, a: 2 })
    expect(first.get('a')).toBe(a)
    expect(first.get('b')).toEqual([2])
    expect(first.data['a']).toBe(a)
  })

  it('has keys and a tree of what only Ruby has', () => {
    const time = new RubyTime(1_000_000_000n)
    const result = opened({ at: time, kind: new RubySymbol('s') }, { cookiesSerializer: 'marshal' })
    expect(result.get('at')).toBeInstanceOf(Date)
    expect(result.get('kind')).toBe('s')
    expect(result.typed()).toMatchObject({ at: { $: 'time' }, kind: { $: 'symbol', v: 's' } })
  })

  it('can have other data', () => {
    const result = opened(SESSION)
    const other: Accepted<{ a: number[] }> = result.with({ a: [1] })
    expect(other.data).toEqual({ a: [1] })
    expect(other.get('a')).toBe(other.data.a)
    expect(other.get('session_id')).toBeUndefined()
    expect(other.typed()).toEqual(result.typed())
    expect(AcceptedMessage.messageOf(other)).toBe(AcceptedMessage.messageOf(result))
    expect(AcceptedMessage.messageOf({})).toBeNull()
  })
})
