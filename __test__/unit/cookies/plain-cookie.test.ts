import { describe, expect, it } from 'vitest'
import { ConfigError, CookieOverflowError, UnserializableValueError } from '../../../src/errors.ts'
import { application } from '../../support/application.ts'

const cookie = application().cookies.plain('c')

describe('a plain cookie', () => {
  it.each<[value: string, escaped: string]>([
    ['', ''],
    ['abc-*._', 'abc-*._'],
    ['a b+c', 'a+b%2Bc'],
    ['50% é;', '50%25+%C3%A9%3B'],
    ['~', '%7E'],
  ])('%j is %j', (value, escaped) => {
    expect(cookie.seal(value)).toBe(escaped)
    expect(cookie.open(escaped)).toMatchObject({ ok: true, data: value })
  })

  it('writes numbers and booleans as text', () => {
    expect([7, -1.5, 2n ** 65n, true, false].map((value) => cookie.seal(value))).toEqual([
      '7',
      '-1.5',
      '36893488147419103232',
      'true',
      'false',
    ])
    expect(cookie.open('7')).toMatchObject({ data: '7' })
  })

  it('takes and gives bytes that are not UTF-8', () => {
    const bytes = Uint8Array.of(0x61, 0xff, 0x00)
    expect(cookie.seal(bytes)).toBe('a%FF%00')
    const opened = cookie.open('a%FF%00')
    expect(opened).toMatchObject({ ok: true, data: bytes })
    expect(opened.ok && opened.typed()).toEqual({
      $: 'string',
      enc: 'UTF-8',
      b64: Buffer.from(bytes).toString('base64'),
    })
    expect(opened.ok && opened.get('length')).toBeUndefined()
  })

  it.each([undefined, null, {}, [], Symbol('s'), () => 1, new Date(0)])('refuses %o', (value) => {
    expect(() => cookie.seal(value as never)).toThrow(UnserializableValueError)
    expect(() => cookie.setCookie(value as never)).toThrow(/cookie c: a plain cookie holds text, not /)
  })

  it('has nothing to tell about itself', () => {
    const opened = cookie.open('x')
    expect(opened.ok && opened.meta).toEqual({
      serializer: null,
      purpose: null,
      expiresAt: null,
      rotation: null,
      rewrite: false,
    })
    expect(opened.ok && opened.typed()).toBe('x')
  })

  it('does not carry its expiry', () => {
    expect(cookie.setCookie('x', { expires: '1 day' })).toBe(
      'c=x; path=/; expires=Tue, 24 Nov 2026 12:00:00 GMT; samesite=lax',
    )
    expect(cookie.seal('x', { expires: '1 day' })).toBe('x')
    expect(() => cookie.setCookie('x', { expires: 'soon' })).toThrow(ConfigError)
  })

  it('is found in a header', () => {
    expect(cookie.openHeader('a=b; c=d+e; c=f')).toMatchObject({ ok: true, data: 'd e' })
    expect(cookie.openHeader('a=b')).toMatchObject({ ok: false, reason: 'absent' })
  })

  it('is checked as browsers do; Rails itself never checks one', () => {
    expect(cookie.seal('x'.repeat(4095))).toHaveLength(4095)
    expect(() => cookie.seal('x'.repeat(4096))).toThrow(CookieOverflowError)
    expect(() => cookie.seal('é'.repeat(683))).toThrow(/browsers drop it/)
    expect(
      application({ overflow: 'rails', loadDefaults: '7.1' }).cookies.plain('c').seal('x'.repeat(9000)),
    ).toHaveLength(9000)
  })

  it('of bytes overflows like any other', () => {
    const marshal = application({ cookiesSerializer: 'marshal' }).cookies.plain('c')
    for (const each of [cookie, marshal]) {
      expect(() => each.seal(new Uint8Array(5000))).toThrow(
        expect.objectContaining({ name: 'CookieOverflowError', bytesPerKey: [] }),
      )
    }
  })
})
