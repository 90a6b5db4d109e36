import { describe, expect, it } from 'vitest'
import { writeJson } from '../../src/serializers/json/writer.ts'
import { canonical, isPlainFormOf, valueOf, withoutNulls } from './typed-tree.ts'

const JSON_OPTIONS = { escapeHtmlEntities: true, escapeJsSeparators: true, dialect: 'active_support' } as const

describe('canonical', () => {
  it.each([
    [
      { a: 1, b: [null, true] },
      { b: [null, true], a: 1 },
    ],
    [{ a: 1 }, { $: 'hash', v: [['a', 1]] }],
    ['abc', { $: 'string', enc: 'US-ASCII', b64: 'YWJj', v: 'abc' }],
    ['abc', { $: 'string', enc: 'ASCII-8BIT', b64: 'YWJj' }],
    [12, { $: 'int', v: '12' }],
    [new Uint8Array([0xff]), { $: 'string', enc: 'UTF-8', b64: '/w==' }],
  ])('is equal for %j and %j', (a, b) => {
    expect(canonical(a)).toBe(canonical(b))
  })

  it.each([
    [1, { $: 'float', v: '1.0' }],
    ['a', { $: 'symbol', v: 'a' }],
    [1, '1'],
    [null, 'null'],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 1, b: null }],
    [{ a: 1 }, [['a', 1]]],
    ['ÿ', { $: 'string', enc: 'UTF-8', b64: '/w==' }],
    [{ $: 'hash', v: [[{ $: 'symbol', v: 'a' }, 1]] }, { a: 1 }],
    [{ $: 'hash', v: [['a', 1]], class: 'Other' }, { a: 1 }],
  ])('differs for %j and %j', (a, b) => {
    expect(canonical(a)).not.toBe(canonical(b))
  })
})

describe('isPlainFormOf', () => {
  it('takes numbers as plain JSON has them', () => {
    expect(isPlainFormOf({ a: 1.5 }, { a: { $: 'float', v: '1.5' } })).toBe(true)
    expect(isPlainFormOf({ a: 1.5 }, { a: { $: 'float', v: '2.5' } })).toBe(false)
    expect(isPlainFormOf([1], [1, 2])).toBe(false)
  })
})

describe('withoutNulls', () => {
  it('looks at the top level only', () => {
    expect(withoutNulls({ a: null, b: { c: null } })).toEqual({ b: { c: null } })
    expect(
      withoutNulls({
        $: 'hash',
        v: [
          ['$', null],
          ['b', 1],
        ],
      }),
    ).toEqual({ $: 'hash', v: [['b', 1]] })
    expect(withoutNulls([null])).toEqual([null])
  })
})

describe('valueOf', () => {
  it.each([
    [{ f: { $: 'float', v: '1.0' }, i: { $: 'int', v: '18446744073709551616' } }, '{"f":1.0,"i":18446744073709551616}'],
    [
      {
        $: 'hash',
        v: [
          ['b', 1],
          ['1', 2],
          ['$', 3],
        ],
      },
      '{"b":1,"1":2,"$":3}',
    ],
    [
      [
        { $: 'symbol', v: 's' },
        { $: 'string', enc: 'US-ASCII', b64: 'YQ==', v: 'a' },
      ],
      '["s","a"]',
    ],
    [JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
  ])('of %j is what is written as %s', (tree, json) => {
    expect(writeJson(valueOf(tree)!.value, JSON_OPTIONS)).toBe(json)
  })

  it.each([
    [{ b: 1, 1: 2 }],
    [{ $: 'time', iso: '2026-01-01T00:00:00Z' }],
    [{ $: 'string', enc: 'UTF-8', b64: '/w==' }],
    [[{ $: 'object', class: 'A' }]],
    [{ $: 'hash', v: [[1, 2]] }],
  ])('has none for %j', (tree) => {
    expect(valueOf(tree)).toBeUndefined()
  })
})
