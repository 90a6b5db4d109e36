import { describe, expect, it } from 'vitest'
import { RubyDecimal } from '../../../src/ruby/decimal.ts'
import { RubyRange } from '../../../src/ruby/range.ts'
import { RubySymbol } from '../../../src/ruby/symbol.ts'
import { RubyTime } from '../../../src/ruby/time.ts'
import { sameValue } from '../../../src/session/same-value.ts'

/** Each called twice: two values in objects of their own. */
const makers: ReadonlyArray<[string, () => unknown]> = [
  ['null', () => null],
  ['undefined', () => undefined],
  ['true', () => true],
  ['0', () => 0],
  ['-0', () => -0],
  ['NaN', () => Number.NaN],
  ['1', () => 1],
  ['1n', () => 1n],
  ['"1"', () => '1'],
  ['[]', () => []],
  ['{}', () => ({})],
  ['[null]', () => [null]],
  ['[1, [2]]', () => [1, [2]]],
  ['[1, [3]]', () => [1, [3]]],
  ['[[1], 2]', () => [[1], 2]],
  ['{ a: 1 }', () => ({ a: 1 })],
  ['{ a: undefined }', () => ({ a: undefined })],
  ['{ b: 1 }', () => ({ b: 1 })],
  ['{ a: { b: [1] } }', () => ({ a: { b: [1] } })],
  ['__proto__', () => JSON.parse('{"__proto__":{"a":1}}') as unknown],
  ['a Map', () => new Map([[[1], 'a']])],
  ['another Map', () => new Map([[[2], 'a']])],
  ['a Set', () => new Set([1])],
  ['bytes', () => Uint8Array.of(1, 255)],
  ['other bytes', () => Uint8Array.of(1, 254)],
  ['a Date', () => new Date(0)],
  ['another Date', () => new Date(1)],
  ['a RubyTime', () => new RubyTime(new Date(0), { utcOffset: 3600 })],
  ['a RubySymbol', () => new RubySymbol('a')],
  ['a RubyDecimal', () => new RubyDecimal('1.50')],
  ['a RubyRange', () => new RubyRange({ a: [1] }, null, false)],
  ['another RubyRange', () => new RubyRange({ a: [2] }, null, false)],
  ['a RubyRange in an array', () => [new RubyRange(1, 2, true)]],
]

describe('sameValue', () => {
  it.each(makers)('knows %s again, and takes nothing else for it', (name, make) => {
    for (const [other, makeOther] of makers) {
      expect([other, sameValue(makeOther(), make())]).toEqual([other, name === other])
    }
  })

  it('does not mind the order of keys, nor what has a prototype', () => {
    const bare = Object.assign(Object.create(null) as object, { b: [1], a: 2 })
    expect(sameValue({ a: 2, b: [1] }, bare)).toBe(true)
  })

  it('takes what cannot be written for something else', () => {
    const cyclic: unknown[] = [1]
    cyclic.push(cyclic)
    for (const value of [new URL('https://shop.example'), () => 1, Symbol('a'), cyclic, new Date(Number.NaN)]) {
      expect(sameValue(value, {})).toBe(false)
      expect(sameValue([value], [{}])).toBe(false)
    }
  })

  it('comes to an end with what is very deep, and with what is met on very many ways', () => {
    const deep = (depth: number, end: unknown): unknown => {
      let value = end
      for (let i = 0; i < depth; i++) value = [value]
      return value
    }
    expect(sameValue(deep(1000, 1), deep(1000, 1))).toBe(true)
    expect(sameValue(deep(1000, 1), deep(1000, 2))).toBe(false)
    expect(sameValue(deep(100_000, 1), deep(100_000, 2))).toBe(false)
    const wide = (end: unknown): unknown => {
      let value = end
      for (let i = 0; i < 60; i++) value = [value, value]
      return value
    }
    expect(sameValue(wide([1]), wide([1]))).toBe(true)
    expect(sameValue(wide([1]), wide([2]))).toBe(false)
    const long = Array.from({ length: 20_000 }, (_, i) => [i])
    expect(sameValue(structuredClone(long), long)).toBe(true)
    expect(sameValue([...structuredClone(long).slice(0, -1), [0]], long)).toBe(false)
  })
})
