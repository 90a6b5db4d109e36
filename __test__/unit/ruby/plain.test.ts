import { describe, expect, it } from 'vitest'
import { RubyComplex } from '../../../src/ruby/complex.ts'
import { RubyDate } from '../../../src/ruby/date.ts'
import { RubyDecimal } from '../../../src/ruby/decimal.ts'
import { RubyDuration } from '../../../src/ruby/duration.ts'
import { RubyFloat } from '../../../src/ruby/float.ts'
import { RubyHash } from '../../../src/ruby/hash.ts'
import { makeObject, RubyObject, type RubyObjectFields } from '../../../src/ruby/object.ts'
import { plain, plainKey } from '../../../src/ruby/plain.ts'
import { RubyRange } from '../../../src/ruby/range.ts'
import { RubySafeBuffer } from '../../../src/ruby/safe-buffer.ts'
import { RubyString } from '../../../src/ruby/string.ts'
import { RubySymbol } from '../../../src/ruby/symbol.ts'
import { RubyTime } from '../../../src/ruby/time.ts'

const object = (fields: RubyObjectFields): RubyObject => makeObject(fields, null)
const view = (value: unknown): unknown => {
  const result = plain(value)
  return result.ok ? result.value : result.reason
}

describe('plain', () => {
  it.each([
    [null, null],
    ['a', 'a'],
    [2n ** 70n, 2n ** 70n],
    [new RubyFloat(1), 1],
    [new RubyString('é'), 'é'],
    [RubyString.fromBinary('\u00e9', 'ISO-8859-1'), 'é'],
    [RubyString.fromBinary('\u00ff', 'ASCII-8BIT'), Uint8Array.of(0xff)],
    [RubyString.fromBinary('a', 'ASCII-8BIT'), Uint8Array.of(0x61)],
    [RubyString.fromBinary('\u00ff', 'UTF-8'), Uint8Array.of(0xff)],
    [new RubySymbol('a'), 'a'],
    [new RubySafeBuffer('<b>'), '<b>'],
    [
      [new RubyFloat(1), [new RubySymbol('a')]],
      [1, ['a']],
    ],
    [new Set([new RubySymbol('a'), 1]), new Set(['a', 1])],
    [new RubyRange(new RubyFloat(1), null), new RubyRange(1, null)],
    [new RubyComplex(new RubyFloat(1), 2), new RubyComplex(1, 2)],
    [
      new RubyDuration([['seconds', new RubyFloat(1.5)]], new RubyFloat(1.5)),
      new RubyDuration([['seconds', 1.5]], 1.5),
    ],
    [object({ kind: 'string', className: 'MyS', value: new RubyString('a') }), 'a'],
    [object({ kind: 'array', className: 'MyA', value: [new RubySymbol('a')] }), ['a']],
    [object({ kind: 'uri', value: 'http://a/' }), 'http://a/'],
    [object({ kind: 'time_zone', value: 'UTC' }), 'UTC'],
  ])('%# %o', (value, expected) => {
    expect(view(value)).toEqual(expected)
  })

  it('leaves numbers and times that JavaScript has no counterpart for', () => {
    for (const value of [new RubyDecimal('1.5'), new RubyTime(1n), new RubyDate('2024-02-29')]) {
      expect(view(value)).toBe(value)
    }
  })

  it('makes an object without a prototype of a Hash', () => {
    const hash = new RubyHash([
      [new RubySymbol('a'), new RubySymbol('b')],
      [1, 2],
      [null, 3],
      [new RubyFloat(1), 4],
      [true, 5],
      ['__proto__', 6],
      [RubyString.fromBinary('k\u00c3\u00a9', 'ASCII-8BIT'), 7],
      [object({ kind: 'string', className: 'MyS', value: new RubyString('s') }), 8],
    ])
    const seen = view(hash) as Record<string, unknown>
    expect(Object.getPrototypeOf(seen)).toBeNull()
    expect(Object.entries(seen)).toEqual([
      ['1', 2],
      ['a', 'b'],
      ['', 3],
      ['1.0', 4],
      ['true', 5],
      ['__proto__', 6],
      ['ké', 7],
      ['s', 8],
    ])
  })

  it('lets the last of keys count that have one name', () => {
    expect(view(new RubyHash([['a', 1], ['b', 2], [new RubySymbol('a'), 3]]))).toEqual({ a: 3, b: 2 }) // prettier-ignore
  })

  it('makes a Map of a Hash with other keys', () => {
    const hash = new RubyHash([
      [[1, new RubySymbol('x')], new RubySymbol('a')],
      ['b', 2],
    ])
    expect(view(hash)).toEqual(new Map<unknown, unknown>([[[1, 'x'], 'a'], ['b', 2]])) // prettier-ignore
  })

  it('describes objects with plain values in them', () => {
    const seen = view(
      object({ kind: 'object', className: 'User', modules: ['M'], fields: [['@a', new RubySymbol('x')]] }),
    ) as RubyObject
    expect(seen).toBeInstanceOf(RubyObject)
    expect([seen.kind, seen.className, seen.modules, seen.fields]).toEqual(['object', 'User', ['M'], [['@a', 'x']]])
    expect((view(object({ kind: 'user_marshal', className: 'M', value: [new RubyFloat(1)] })) as RubyObject).value).toEqual([1]) // prettier-ignore
  })

  it('keeps objects that come more than once together', () => {
    const shared = new RubyHash({ a: 1 })
    const seen = view([shared, [shared]]) as [unknown, [unknown]]
    expect(seen[0]).toBe(seen[1][0])
  })

  it('has no view of what is inside itself', () => {
    const array: unknown[] = []
    array.push([array])
    expect(view(array)).toBe('cyclic')
    const hash = new RubyHash()
    hash.pairs.push(['self', hash])
    expect(view([1, hash])).toBe('cyclic')
  })

  it('goes as deep as the value, in time that grows with it', () => {
    let deep: unknown = []
    for (let i = 0; i < 40_000; i++) deep = [deep, deep]
    const started = performance.now()
    expect(view(deep)).toHaveLength(2)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('plainKey', () => {
  it.each([
    ['a', 'a'],
    [1, '1'],
    [2n ** 70n, '1180591620717411303424'],
    [false, 'false'],
    [null, ''],
    [new RubyFloat(1e20), '1.0e+20'],
    [new RubySymbol('a'), 'a'],
    [new RubySafeBuffer('a'), 'a'],
    [RubyString.fromBinary('\u00ff', 'ASCII-8BIT'), '\u00ff'],
    [[1], undefined],
    [new RubyTime(0), undefined],
    [object({ kind: 'object', className: 'User' }), undefined],
  ])('%o', (key, name) => {
    expect(plainKey(key)).toBe(name)
  })
})
