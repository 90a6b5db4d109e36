import { describe, expect, it } from 'vitest'
import { UnserializableValueError } from '../../../src/errors.ts'
import { fromTyped, valueOfTree } from '../../../src/ruby/from-typed.ts'
import { RubyHash } from '../../../src/ruby/hash.ts'
import { makeObject } from '../../../src/ruby/object.ts'
import { RubyString } from '../../../src/ruby/string.ts'
import { RubySymbol } from '../../../src/ruby/symbol.ts'
import type { TypedTree } from '../../../src/ruby/typed.ts'
import { typedTree } from '../../../src/ruby/typed-tree.ts'
import { vectorsOf } from '../../support/vectors.ts'

const described = (tree: unknown): unknown => valueOfTree(tree as TypedTree, (fields) => makeObject(fields, null))

/** All trees of the recorded values, each once. */
const trees = new Set<string>()
for (const layer of ['json', 'marshal', 'marshal_rails', 'message_pack', 'credentials']) {
  for (const { cases } of vectorsOf(layer)) {
    for (const each of cases as unknown as ReadonlyArray<Record<string, unknown>>) {
      for (const tree of [each['input_typed'], (each['expected'] as { typed?: unknown }).typed, each['config_typed']]) {
        if (tree !== undefined) trees.add(JSON.stringify(tree))
      }
    }
  }
}

describe('valueOfTree', () => {
  it('is undone by typedTree, for everything that Rails has recorded', () => {
    const changed: string[] = []
    for (const tree of trees) {
      // JavaScript moves keys that are numbers to the front, and the first place of what is shared with them.
      if (/"\d+":/.test(tree)) continue
      if (JSON.stringify(typedTree(described(JSON.parse(tree)))) !== tree) changed.push(tree)
    }
    expect(changed).toEqual([])
    expect(trees.size).toBeGreaterThan(1000)
  })

  it('describes what has a class', () => {
    const tree = { $: 'object', class: 'User', ivars: [['@id', 1]] }
    expect(valueOfTree(tree as unknown as TypedTree, ({ kind, className }) => `${kind} ${className}`)).toBe(
      'object User',
    )
  })

  it('knows what is inside itself', () => {
    for (const tree of [
      { $: 'shared', id: 1, v: [{ $: 'ref', id: 1 }] },
      { $: 'shared', id: 1, v: { a: { $: 'ref', id: 1 } } },
      { $: 'shared', id: 1, v: { $: 'object', class: 'User', ivars: [['@self', { $: 'ref', id: 1 }]] } },
      { $: 'shared', id: 1, v: { $: 'struct', class: null, members: [['self', [{ $: 'ref', id: 1 }]]] } },
      { $: 'shared', id: 1, v: { $: 'user_class', class: 'MyA', v: [{ $: 'ref', id: 1 }] } },
      { $: 'shared', id: 1, v: { $: 'hash', class: 'MyH', v: [[1, { $: 'ref', id: 1 }]] } },
    ]) {
      expect(JSON.stringify(typedTree(described(tree)))).toBe(JSON.stringify(tree))
    }
  })
})

describe('fromTyped', () => {
  it('makes lossless values', () => {
    const value = fromTyped({
      at: { $: 'symbol', v: 'now' },
      s: { $: 'shared', id: 1, v: 'x' },
      t: { $: 'ref', id: 1 },
    })
    expect(value).toBeInstanceOf(RubyHash)
    const { pairs } = value as RubyHash
    expect(pairs.map(([key]) => key)).toEqual(['at', 's', 't'])
    expect(pairs[0]![1]).toEqual(new RubySymbol('now'))
    expect(pairs[1]![1]).toBeInstanceOf(RubyString)
    expect(pairs[2]![1]).toBe(pairs[1]![1])
  })

  it('takes keys of any name', () => {
    const tree = JSON.parse('{"__proto__":{"constructor":1}}') as TypedTree
    const [pair] = (fromTyped(tree) as RubyHash).pairs
    expect(pair![0]).toBe('__proto__')
    expect((pair![1] as RubyHash).pairs).toEqual([['constructor', 1]])
  })

  it('goes as deep as the tree', () => {
    let tree: TypedTree = []
    for (let i = 0; i < 40_000; i++) tree = i % 2 === 0 ? [tree] : { $: 'set', v: [tree] }
    expect(fromTyped(tree)).toBeInstanceOf(Set)
  })

  const inner = { $: 'object', class: 'Kernel', ivars: [] }
  it.each<[string, unknown]>([
    ['object', { $: 'object', class: 'User', ivars: [['@id', 1]] }],
    ['object', { $: 'object', class: 'User', ivars: [] }],
    ['struct', { $: 'struct', class: 'Point', members: [['x', 1]] }],
    ['struct', { $: 'struct', class: null, members: [] }],
    ['class', { $: 'class', v: 'String' }],
    ['class', { $: 'class', v: null }],
    ['module', { $: 'module', v: 'Kernel' }],
    ['exception', { $: 'exception', class: 'RuntimeError', message: 'boom' }],
    ['user_class', { $: 'user_class', class: 'MyS', v: 'a' }],
    ['user_class', { $: 'user_class', class: 'String', v: 'a' }],
    ['user_class', { $: 'user_class', class: 'MyA', v: [1] }],
    ['user_class', { $: 'user_class', class: 'MyR', v: { $: 'regexp', source: 'a', options: 1, enc: 'US-ASCII' } }],
    ['extended', { $: 'extended', modules: ['Kernel'], v: [1] }],
    ['extended', { $: 'extended', modules: ['Kernel'], v: { a: 1 } }],
    ['extended', { $: 'extended', modules: ['Kernel'], v: 'a' }],
    ['extended', { $: 'extended', modules: ['Kernel'], v: inner }],
    ['user_dump', { $: 'user_dump', class: 'D', b64: 'YQ==' }],
    ['user_marshal', { $: 'user_marshal', class: 'M', v: [1] }],
    ['string_with_ivars', { $: 'string_with_ivars', v: 'a', ivars: [['@x', 1]] }],
    ['hash of a class', { $: 'hash', class: 'MyH', v: [] }],
    ['hash of a class', { $: 'hash', class: 'Hash', v: [['a', 1]] }],
    ['hash of a class', { $: 'hash', class: 'ActiveSupport::OrderedHash', v: [], default: 1 }],
    ['other', { $: 'other', class: 'Proc' }],
    ['uri', { $: 'uri', v: 'http://a/' }],
    ['ipaddr', { $: 'ipaddr', v: '1.2.3.4/32' }],
    ['pathname', { $: 'pathname', v: '/a' }],
    ['time_zone', { $: 'time_zone', v: 'UTC' }],
    ['object in an array', [1, [inner]]],
    ['object in a Hash', { a: { b: inner } }],
    ['object as a key', { $: 'hash', v: [[inner, 1]] }],
    ['object as a default', { $: 'hash', v: [], default: inner }],
    ['object in a range', { $: 'range', begin: inner, end: null, exclude_end: false }],
    ['object in a set', { $: 'set', v: [inner] }],
    ['object in a complex', { $: 'complex', re: inner, im: 1 }],
    ['object in a duration', { $: 'duration', value: 1, parts: [['seconds', inner]] }],
    ['shared object', { $: 'shared', id: 1, v: inner }],
  ])('refuses a tree that names a class: %s', (_, tree) => {
    expect(() => fromTyped(tree as TypedTree)).toThrow(UnserializableValueError)
    expect(() => fromTyped(tree as TypedTree)).toThrow(/the tree has an? \w+ of Ruby's class/)
  })

  it.each<[unknown]>([
    [undefined],
    [1.5],
    [2 ** 53],
    [1n],
    [() => 1],
    [{ $: 'nothing' }],
    [{ $: 'int', v: '0x10' }],
    [{ $: 'int', v: '' }],
    [{ $: 'int', v: 1 }],
    [{ $: 'float', v: '' }],
    [{ $: 'float', v: '0x1' }],
    [{ $: 'float' }],
    [{ $: 'symbol' }],
    [{ $: 'string', enc: 'UTF-9', b64: 'YQ==' }],
    [{ $: 'string', enc: 'UTF-8', b64: 'YQ' }],
    [{ $: 'string', enc: 'UTF-8' }],
    [{ $: 'hash' }],
    [{ $: 'hash', v: [1] }],
    [{ $: 'hash', v: [[1]] }],
    [{ $: 'hash', v: [[1, 2, 3]] }],
    [{ $: 'hash', class: 1, v: [] }],
    [{ $: 'set', v: 1 }],
    [{ $: 'rational', num: '1', den: '0' }],
    [{ $: 'rational', num: '1.5', den: '1' }],
    [{ $: 'bigdecimal', v: 'x' }],
    [{ $: 'regexp', source: null, options: 0, enc: 'UTF-8' }],
    [{ $: 'time', iso: '2024-02-30T00:00:00Z', utc_offset: 0, utc: true }],
    [{ $: 'time', iso: '2024-02-29T24:00:00Z', utc_offset: 0, utc: true }],
    [{ $: 'time', iso: '2024-02-29T00:00:00', utc_offset: 0, utc: true }],
    [{ $: 'time', iso: '2024-02-29T00:00:00Z', utc_offset: 90_000, utc: false }],
    [{ $: 'time', iso: '2024-02-29T00:00:00Z', utc_offset: 'x', utc: false }],
    [{ $: 'time', iso: '2024-02-29T00:00:00Z', utc_offset: 0, utc: true, subnano: '3/2' }],
    [{ $: 'time', iso: '2024-02-29T00:00:00Z', utc_offset: 0, utc: true, subnano: 'x' }],
    [{ $: 'date', v: '2024-02-30', start: { $: 'float', v: '2299161.0' } }],
    [{ $: 'date', v: '2024-02-29' }],
    [{ $: 'datetime', v: 'x', jd: 1, start: { $: 'float', v: '2299161.0' } }],
    [{ $: 'datetime', v: '2024-02-29T00:00:00+00:00', jd: 1.5, start: { $: 'float', v: '2299161.0' } }],
    [{ $: 'time_with_zone', utc: '2024-02-29T00:00:00Z', time_zone: 'Mars/Olympus' }],
    [{ $: 'ref', id: 1 }],
    [
      [
        { $: 'ref', id: 1 },
        { $: 'shared', id: 1, v: [] },
      ],
    ],
    [{ $: 'shared', id: 1, v: { $: 'shared', id: 2, v: [] } }],
    [{ $: 'extended', modules: [], v: { $: 'extended', modules: [], v: [] } }],
    [{ $: 'extended', modules: 1, v: [] }],
  ])('refuses %# %o, which is no tree', (tree) => {
    expect(() => fromTyped(tree as TypedTree)).toThrow(UnserializableValueError)
  })
})
