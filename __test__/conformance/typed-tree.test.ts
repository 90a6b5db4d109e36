import { describe, expect, it } from 'vitest'
import { RubyFloat, writeJson } from '../../src/ruby/index.ts'
import { typedTree } from '../../src/ruby/typed-tree.ts'
import { canonical, entryOf, isPlainFormOf, sessionTree, valueOf, withoutNulls } from './typed-tree.ts'

const symbol = (v: string): object => ({ $: 'symbol', v })
const ascii = (v: string): object => ({ $: 'string', enc: 'US-ASCII', b64: Buffer.from(v).toString('base64'), v })
const hash = (...v: unknown[]): object => ({ $: 'hash', v })
const shared = (id: number, v: unknown): object => ({ $: 'shared', id, v })
const ref = (id: number): object => ({ $: 'ref', id })

describe('canonical', () => {
  it.each([
    [{ a: 1 }, hash(['a', 1])],
    [{ b: 1, 2: 3, 1: 4 }, hash(['b', 1], ['1', 4], ['2', 3])],
    [12, { $: 'int', v: '12' }],
    ['é', { $: 'string', enc: 'UTF-8', b64: 'w6k=' }],
    [new Uint8Array([0xff]), { $: 'string', enc: 'UTF-8', b64: '/w==' }],
    [symbol('é'), { $: 'symbol', enc: 'UTF-8', b64: 'w6k=' }],
    // What a String in another encoding says in UTF-8 is for people.
    [ascii('abc'), { $: 'string', enc: 'US-ASCII', b64: 'YWJj' }],
    [
      [shared(1, []), shared(2, {}), ref(2), ref(1)],
      [shared(9, []), shared(4, {}), ref(4), ref(9)],
    ],
    // An object puts 1 before b, and so the reference before what it refers to.
    [
      { b: shared(1, []), 1: ref(1) },
      { 1: shared(3, []), b: ref(3) },
    ],
  ])('is equal for %j and %j', (a, b) => {
    expect(canonical(a)).toBe(canonical(b))
  })

  it.each([
    [1, { $: 'float', v: '1.0' }],
    ['a', symbol('a')],
    [1, '1'],
    [null, 'null'],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 1, b: null }],
    [{ a: 1 }, [['a', 1]]],
    ['ÿ', { $: 'string', enc: 'UTF-8', b64: '/w==' }],
    [hash([symbol('a'), 1]), { a: 1 }],
    [{ $: 'hash', v: [['a', 1]], class: 'Other' }, { a: 1 }],
    [{ $: 'hash', v: [['a', 1]], default: 0 }, { a: 1 }],
    [{ $: 'hash', v: [['a', 1]], compare_by_identity: true }, { a: 1 }],
    ['abc', ascii('abc')],
    ['abc', { $: 'string', enc: 'ASCII-8BIT', b64: 'YWJj' }],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [hash([1, 1], [2, 2]), hash([2, 2], [1, 1])],
    [
      [shared(1, []), ref(1)],
      [[], []],
    ],
    [
      [shared(1, []), shared(2, []), ref(1)],
      [shared(1, []), shared(2, []), ref(2)],
    ],
    [
      { $: 'duration', value: 1, parts: [['seconds', 1]] },
      { $: 'duration', value: 1, parts: [] },
    ],
    [
      { $: 'set', v: [1, 2] },
      { $: 'set', v: [2, 1] },
    ],
    [
      { $: 'object', class: 'A', ivars: [] },
      { $: 'object', class: 'B', ivars: [] },
    ],
    [shared(1, [ref(1)]), [[]]],
  ])('differs for %j and %j', (a, b) => {
    expect(canonical(a)).not.toBe(canonical(b))
  })

  it('ends, however deep a tree is and whatever is inside itself', () => {
    let deep: unknown = 1
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(canonical(deep)).toHaveLength(200_001)
    expect(canonical(shared(1, { self: ref(1) }))).toBe('#1={"self":#1}')
    expect(canonical(ref(7))).toBe('#nothing')
  })
})

describe('isPlainFormOf', () => {
  it('takes numbers as plain JSON has them', () => {
    expect(isPlainFormOf({ a: 1.5 }, { a: { $: 'float', v: '1.5' } })).toBe(true)
    expect(isPlainFormOf({ a: 1.5 }, { a: { $: 'float', v: '2.5' } })).toBe(false)
    expect(isPlainFormOf([1], [1, 2])).toBe(false)
  })
})

describe('sessionTree', () => {
  it.each([
    [{ a: null, b: { c: null } }, { b: { c: null } }],
    [hash(['$', null], ['b', 1]), { b: 1 }],
    [hash([symbol('a'), 1], ['b', 2]), hash([ascii('a'), 1], ['b', 2])],
    [hash([symbol('é'), 1]), { é: 1 }],
    [hash([1, 'one'], [null, 'nil'], [true, 't']), hash([ascii('1'), 'one'], [ascii(''), 'nil'], [ascii('true'), 't'])],
    // The first place and the last value count.
    [hash(['a', 1], ['b', 2], [symbol('a'), 3]), { a: 3, b: 2 }],
    [hash(['a', 1], [symbol('a'), null]), {}],
    [{ $: 'hash', class: 'ActiveSupport::HashWithIndifferentAccess', v: [['a', 1]], default: 5 }, { a: 1 }],
    [[null], [null]],
  ])('of %j is %j', (tree, expected) => {
    expect(canonical(sessionTree(tree))).toBe(canonical(expected))
  })
})

describe('withoutNulls', () => {
  it('looks at the top level only', () => {
    expect(withoutNulls({ a: null, b: { c: null } })).toEqual({ b: { c: null } })
    expect(withoutNulls(hash(['$', null], ['b', 1]))).toEqual(hash(['b', 1]))
    expect(withoutNulls([null])).toEqual([null])
  })
})

describe('entryOf', () => {
  it('finds a value under a String, a String in US-ASCII and a Symbol', () => {
    expect(entryOf({ a: 1 }, 'a')).toBe(1)
    expect(entryOf(hash([ascii('a'), 2]), 'a')).toBe(2)
    expect(entryOf(hash([null, 0], [symbol('a'), 3]), 'a')).toBe(3)
    expect(entryOf([['a', 4]], 'a')).toBeUndefined()
  })
})

describe('valueOf', () => {
  it.each([
    [{ f: { $: 'float', v: '1.0' }, i: { $: 'int', v: '18446744073709551616' } }],
    [hash(['b', 1], ['1', 2], ['$', 3])],
    [[symbol('s'), ascii('a'), { $: 'object', class: 'A', ivars: [['@a', 1]] }]],
    [JSON.parse('{"__proto__":1}')],
    [shared(1, [ref(1)])],
  ])('of %j is what has that tree', (tree) => {
    expect(canonical(typedTree(valueOf(tree)))).toBe(canonical(tree))
  })

  it('can be written', () => {
    const options = { escapeHtmlEntities: true, escapeJsSeparators: true, dialect: 'active_support' } as const
    expect(writeJson(valueOf([{ $: 'float', v: '1.0' }, 1]), options)).toBe('[1.0,1]')
    expect(valueOf({ $: 'float', v: '1.0' })).toBeInstanceOf(RubyFloat)
  })

  it('has none for what is no tree', () => {
    expect(() => valueOf(ref(1))).toThrow('ref 1')
    expect(() => valueOf({ $: 'nonsense' })).toThrow('nonsense')
  })
})
