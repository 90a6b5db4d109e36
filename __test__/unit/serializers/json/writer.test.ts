import * as fc from 'fast-check'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { UnserializableValueError } from '../../../../src/errors.ts'
import { RubyFloat } from '../../../../src/ruby/float.ts'
import { quotingFor } from '../../../../src/serializers/json/quote.ts'
import { readJson, readJsonTyped } from '../../../../src/serializers/json/reader.ts'
import { jsonRules } from '../../../../src/serializers/json/rules.ts'
import { stringify } from '../../../../src/serializers/json/stringify.ts'
import { type JsonWriteOptions, writeEach, writeJson } from '../../../../src/serializers/json/writer.ts'
import { writable } from '../../../support/typed.ts'
import { railsJson } from './rails-json.ts'

const rails: JsonWriteOptions = { escapeHtmlEntities: true, escapeJsSeparators: true, dialect: 'active_support' }
const gem: JsonWriteOptions = { ...rails, dialect: 'json_gem' }

/** Values of every kind that can be written. */
const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -0, -1, 1.5, 1e21, 1e-7, 1e15, 0.0001),
    fc.maxSafeInteger(),
    fc.double(),
    fc.double().map((number) => new RubyFloat(number)),
    fc.bigInt(),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(...'<>&\u2028\u2029"\\/\u0001\u001f\u007f\b\n\ré😀a', '\\ud83d') }),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', '<&>', '1')), tie('value'), {
      maxKeys: 4,
    }),
    fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), tie('value')), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    fc.array(tie('value'), { maxLength: 3 }).map((elements) => new Set(elements)),
  ),
})).value

describe('writeJson', () => {
  it.each(railsJson.write)('writes as Rails does: %s', (_, escapeHtmlEntities, escapeJsSeparators, value, json) => {
    expect(writeJson(writable(value), { ...rails, escapeHtmlEntities, escapeJsSeparators })).toBe(json)
  })

  it.each(railsJson.gem)('writes as Rails 4.1 does: %s', (_, value, json) => {
    expect(writeJson(writable(value), gem)).toBe(json)
  })

  it.each([
    [1, '1'],
    [-0, '0'],
    [new RubyFloat(1), '1.0'],
    [new RubyFloat(-0), '-0.0'],
    [new RubyFloat(1e21), '1.0e+21'],
    [1.5, '1.5'],
    [1e21, '1.0e+21'],
    [2 ** 53, '9.007199254740992e+15'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [1e-7, '1.0e-07'],
    [0.00001, '1.0e-05'],
    [[Number.NaN, Number.POSITIVE_INFINITY, new RubyFloat(Number.NEGATIVE_INFINITY)], '[null,null,null]'],
    [2n ** 64n, '18446744073709551616'],
    [-5n, '-5'],
    [[undefined, 1], '[null,1]'],
    [[, 1], '[null,1]'], // oxlint-disable-line no-sparse-arrays
    [{ a: undefined, b: 1, c: undefined }, '{"b":1}'],
    [{ a: undefined }, '{}'],
    [new Map<string, unknown>([['b', 1], ['1', undefined], ['2', new Map()]]), '{"b":1,"2":{}}'], // prettier-ignore
    [new Set([1, 'a', [2]]), '[1,"a",[2]]'],
    [{ b: 1, a: { toJSON: 1 } }, '{"b":1,"a":{"toJSON":1}}'],
    [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
    [Object.create(null, { hidden: { value: 1 } }), '{}'],
    [{ [Symbol('s')]: 1, a: 1 }, '{"a":1}'],
    [runInNewContext('({ a: [1, { b: 2 }] })'), '{"a":[1,{"b":2}]}'],
    [{ at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    [new Date(Date.UTC(2024, 1, 29, 13, 14, 15, 123)), '"2024-02-29T13:14:15.123Z"'],
    [new Date('+010000-01-01T00:00:00.000Z'), '"10000-01-01T00:00:00.000Z"'],
    [new Date('-000001-01-01T00:00:00.000Z'), '"-0001-01-01T00:00:00.000Z"'],
    [new Date('0001-01-01T00:00:00.000Z'), '"0001-01-01T00:00:00.000Z"'],
  ])('%# %o', (value, json) => {
    expect(writeJson(value, rails)).toBe(json)
    expect(writeEach(value, jsonRules('8.1', false), quotingFor(true, true))).toBe(json)
  })

  it('calls toJSON as JSON.stringify does', () => {
    const keys: unknown[] = []
    const value = {
      toJSON(key: string) {
        keys.push(key)
        return key === '1' ? undefined : new RubyFloat(1)
      },
    }
    class Money {
      toJSON() {
        return { cents: 1n, at: new Date(0), again: { toJSON: () => 'called' } }
      }
    }
    expect(writeJson({ a: value, b: [value, value, 0] }, rails)).toBe('{"a":1.0,"b":[1.0,null,0]}')
    expect(keys).toEqual(['a', '0', '1'])
    expect(writeJson(new Money(), rails)).toBe('{"cents":1,"at":"1970-01-01T00:00:00.000Z","again":"called"}')
    const twice = Object.defineProperty({ b: 1 }, 'toJSON', { value: () => 2 })
    expect(writeJson([twice, Object.defineProperty({}, 'toJSON', { value: () => twice })], rails)).toBe('[2,{"b":1}]')
    expect(writeJson(new URL('http://a/?b&c'), rails)).toBe('"http://a/?b\\u0026c"')
  })

  it('writes times, and refuses numbers, as the json gem does', () => {
    const at = new Date(Date.UTC(2024, 1, 23, 5, 28, 10, 999))
    expect(writeJson({ at, q: '<&>\u2028' }, gem)).toBe('{"at":"2024-02-23 05:28:10 UTC","q":"<&>\u2028"}')
    expect(() => writeJson({ a: [Number.NaN] }, gem)).toThrow(/a\[0\] is NaN/)
    expect(() => writeJson(new RubyFloat(Number.POSITIVE_INFINITY), gem)).toThrow(UnserializableValueError)
  })

  class Cart {
    readonly total = 1
  }
  const circular: Record<string, unknown> = { cart: { items: [] } }
  ;(circular.cart as { items: unknown[] }).items.push(0, circular.cart)

  it.each([
    [{ cart: { items: [0, 0, { price: () => 1 }] } }, 'cart.items[2].price is a function'],
    [{ a: Symbol('s') }, 'a is a symbol'],
    [{ a: [new Cart()] }, 'a[0] is an instance of Cart'],
    [new Cart(), 'the value is an instance of Cart'],
    [{ 'warden.user.user.key': /x/ }, '["warden.user.user.key"] is an instance of RegExp'],
    [{ a: { 'b c': [new Error('x')] } }, 'a["b c"][0] is an instance of Error'],
    [{ a: new Uint16Array(1) }, 'a is an instance of Uint16Array'],
    [new Map([['a', new Map([[{}, 2]])]]), 'a has a key that is a Object that only Ruby can print'],
    [new Set([1, new WeakMap()]), '[1] is an instance of WeakMap'],
    [{ a: new Date(Number.NaN) }, 'a is an invalid Date'],
    [{ a: ['\ud83d'] }, 'a[0] is text with a lone surrogate'],
    [{ a: { 'b\ude00': 1 } }, 'has a lone surrogate in its key'],
    [undefined, 'the value is undefined'],
    [() => 1, 'the value is a function'],
    [circular, 'cart.items[1] is a circular reference'],
    [nested(101), 'is nested more than 100 deep'],
    [{ a: { toJSON: () => () => 1 } }, 'a is a function'],
  ])('refuses %# with the place', (value, message) => {
    expect(() => writeJson(value, rails)).toThrow(UnserializableValueError)
    expect(() => writeJson(value, rails)).toThrow(message)
  })

  it('writes as deep as Rails can read', () => {
    expect(writeJson(nested(100), rails)).toBe('['.repeat(100) + ']'.repeat(100))
    expect(readJson(writeJson(nested(100), rails)).ok).toBe(true)
    const withDate = nested(99)
    ;(innermost(withDate) as unknown[]).push(new Date(0))
    expect(writeJson(withDate, rails)).toContain('1970')
  })

  it('writes an object that stands in two places twice', () => {
    const shared = { a: [new RubyFloat(1)] }
    expect(writeJson([shared, { shared }], rails)).toBe('[{"a":[1.0]},{"shared":{"a":[1.0]}}]')
  })

  it('calls no toJSON on what a toJSON gave', () => {
    class Endless {
      toJSON() {
        return this
      }
    }
    expect(() => writeJson([new Endless()], rails)).toThrow('[0] is an instance of Endless')
  })

  it('refuses small values with a text without end', () => {
    let wide: unknown = ['a']
    for (let i = 0; i < 90; i++) wide = [wide, wide]
    const long = 'x'.repeat(100_000)
    const started = performance.now()
    for (const value of [
      wide,
      Array.from({ length: 1000 }, () => long),
      Array.from({ length: 1000 }, () => ({ [long]: 1 })),
    ]) {
      expect(() => writeJson(value, rails)).toThrow('is more than can be written at once')
    }
    expect(performance.now() - started).toBeLessThan(10_000)
    const many = Array.from({ length: 100 }, () => long)
    expect(writeJson(many, rails)).toHaveLength(10_000_301)
    expect(writeJson([...many, new RubyFloat(1)], rails)).toHaveLength(10_000_305)
  })

  it('passes on what a toJSON or a getter throws', () => {
    const value = {
      get a(): never {
        throw new RangeError('mine')
      },
    }
    expect(() => writeJson(value, rails)).toThrow(RangeError)
  })

  it('can be read again, with the same text to follow', () => {
    fc.assert(
      fc.property(values, fc.boolean(), fc.boolean(), (value, escapeHtmlEntities, escapeJsSeparators) => {
        const options: JsonWriteOptions = { ...rails, escapeHtmlEntities, escapeJsSeparators }
        const json = writeJson(value, options)
        // Keys like "1" move to the front of JavaScript objects.
        fc.pre(!/"\d+":/.test(json))
        const typed = readJsonTyped(json)
        expect(typed.ok && writeJson(writable(typed.value), options)).toBe(json)
      }),
      { numRuns: 1000 },
    )
  })

  it('gives back plain values as they were', () => {
    const plain = fc.jsonValue({ maxDepth: 4, noUnicodeString: false })
    fc.assert(
      fc.property(plain, (value) => {
        const json = writeJson(value, rails)
        expect(readJson(json)).toEqual({ ok: true, value: withoutNegativeZero(value) })
        expect(json).not.toMatch(/[<>&\u2028\u2029]/)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('stringify', () => {
  it('gives the text of the writer proper, or none', () => {
    let taken = 0
    fc.assert(
      fc.property(fc.oneof(values, fc.anything()), fc.boolean(), fc.boolean(), (value, html, separators) => {
        const quoting = quotingFor(html, separators)
        const text = stringify(value, quoting)
        if (text === undefined) return
        taken += 1
        expect(text).toBe(writeEach(value, jsonRules('8.1', false), quoting))
      }),
      { numRuns: 5000 },
    )
    expect(taken).toBeGreaterThan(500)
  })

  it.each([
    [1e21],
    [1e-7],
    [1e15 + 0.5],
    [2 ** 53],
    [Number.NaN],
    [1n],
    [undefined],
    [new Date(0)],
    [new Map()],
    ['\ud83d'],
  ])('leaves %s to the writer', (value) => {
    expect(stringify([value], quotingFor(true, true))).toBeUndefined()
  })
})

function nested(depth: number): unknown[] {
  let value: unknown[] = []
  for (let i = 1; i < depth; i++) value = [value]
  return value
}

function innermost(value: unknown): unknown {
  return Array.isArray(value) && value.length > 0 ? innermost(value[0]) : value
}

function withoutNegativeZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
