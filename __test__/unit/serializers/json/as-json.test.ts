import { describe, expect, it } from 'vitest'
import { UnserializableValueError } from '../../../../src/errors.ts'
import type { RailsVersion } from '../../../../src/rails/version.ts'
import { RubyComplex } from '../../../../src/ruby/complex.ts'
import { RubyDate, RubyDateTime } from '../../../../src/ruby/date.ts'
import { RubyDecimal } from '../../../../src/ruby/decimal.ts'
import { RubyDuration } from '../../../../src/ruby/duration.ts'
import { RubyFloat } from '../../../../src/ruby/float.ts'
import { RubyHash } from '../../../../src/ruby/hash.ts'
import { makeObject, type RubyObject, type RubyObjectFields } from '../../../../src/ruby/object.ts'
import { RubyRange } from '../../../../src/ruby/range.ts'
import { RubyRational } from '../../../../src/ruby/rational.ts'
import { RubyRegexp } from '../../../../src/ruby/regexp.ts'
import { RubySafeBuffer } from '../../../../src/ruby/safe-buffer.ts'
import { RubyString } from '../../../../src/ruby/string.ts'
import { RubySymbol } from '../../../../src/ruby/symbol.ts'
import { RubyTime } from '../../../../src/ruby/time.ts'
import { RubyTimeWithZone } from '../../../../src/ruby/time-with-zone.ts'
import { jsonText } from '../../../../src/serializers/json/as-json.ts'
import { jsonRules } from '../../../../src/serializers/json/rules.ts'
import { type JsonWriteOptions, writeJson } from '../../../../src/serializers/json/writer.ts'

const object = (fields: RubyObjectFields): RubyObject => makeObject(fields, null)
const bytes = (binary: string, encoding = 'ASCII-8BIT'): RubyString => RubyString.fromBinary(binary, encoding)
const symbol = (name: string): RubySymbol => new RubySymbol(name)
const rails = (
  railsVersion: RailsVersion,
  dialect: JsonWriteOptions['dialect'] = 'active_support',
): JsonWriteOptions => ({
  escapeHtmlEntities: true,
  escapeJsSeparators: true,
  dialect,
  railsVersion,
})

describe('values', () => {
  // ActiveSupport::JSON.encode(value) of Rails 6.1 and 7.2, alike unless said below; JSON.generate(value) of the json gem
  it.each<[unknown, string, string]>([
    [symbol('a<b'), '"a\\u003cb"', '"a<b"'],
    [new RubySymbol(bytes('\u00e9', 'ISO-8859-1')), '"é"', '"é"'],
    [new RubyString('é'), '"é"', '"é"'],
    [bytes('caf\u00e9', 'ISO-8859-1'), '"café"', '"café"'],
    [bytes('\u0093\u00fa', 'Shift_JIS'), '"日"', '"日"'],
    [bytes('h\0\u00e9\0', 'UTF-16LE'), '"hé"', '"hé"'],
    [bytes('abc'), '"abc"', '"abc"'],
    [Uint8Array.of(0x61), '"a"', '"a"'],
    [new RubySafeBuffer('<b>'), '"\\u003cb\\u003e"', '"<b>"'],
    [new RubyDecimal('123.45'), '"123.45"', '"123.45"'],
    [new RubyDecimal('-0'), '"-0.0"', '"-0.0"'],
    [new RubyDecimal('1e20'), '"100000000000000000000.0"', '"100000000000000000000.0"'],
    [new RubyDecimal('NaN'), 'null', '"NaN"'],
    [new RubyDecimal('-Infinity'), 'null', '"-Infinity"'],
    [new RubyRational(-1, 3), '"-1/3"', '"-1/3"'],
    [new RubyComplex(1, -2), '"1-2i"', '"1-2i"'],
    [new RubyRange(1, 3), '"1..3"', '"1..3"'],
    [new RubyRange('a', 'c', true), '"a...c"', '"a...c"'],
    [new RubyRange(null, null), '".."', '".."'],
    [new RubyRange(new RubyFloat(1), 2.5), '"1.0..2.5"', '"1.0..2.5"'],
    [new RubyRange(symbol('a'), symbol('b')), '"a..b"', '"a..b"'],
    [new RubyRange(new Date(0), null), '"1970-01-01 00:00:00 UTC.."', '"1970-01-01 00:00:00 UTC.."'],
    [new RubyRange(new RubyDate('2024-01-01'), null), '"2024-01-01.."', '"2024-01-01.."'],
    [new RubyRange([1], [2]), '"[1]..[2]"', '"[1]..[2]"'],
    [new RubyRegexp('a<b', 'ix'), '"(?ix-m:a\\u003cb)"', '"(?ix-m:a<b)"'],
    [new RubyRegexp(bytes('\u00c6\u00fc', 'EUC-JP')), '"(?-mix:日)"', '"(?-mix:日)"'],
    [new Date(1_709_212_455_123), '"2024-02-29T13:14:15.123Z"', '"2024-02-29 13:14:15 UTC"'],
    [new Date(-62_325_000_000_000), '"-0006-12-31T20:00:00.000Z"', '"-0006-12-31 20:00:00 UTC"'],
    [new RubyTime(1_709_212_455_999_999_999n), '"2024-02-29T13:14:15.999Z"', '"2024-02-29 13:14:15 UTC"'],
    [new RubyTime(0, { utcOffset: 0 }), '"1970-01-01T00:00:00.000+00:00"', '"1970-01-01 00:00:00 +0000"'],
    [new RubyTime(0, { utcOffset: -561 }), '"1969-12-31T23:50:39.000-00:09"', '"1969-12-31 23:50:39 -0009"'],
    [new RubyDate('0001-01-01'), '"0001-01-01"', '"0001-01-01"'],
    [
      new RubyDateTime(new Date('2024-02-28T23:02:03.250Z'), { utcOffset: 7200 }),
      '"2024-02-29T01:02:03.250+02:00"',
      '"2024-02-29T01:02:03+02:00"',
    ],
    [
      new RubyTimeWithZone(1_700_000_000_500_000_000n, 'America/New_York'),
      '"2023-11-14T17:13:20.500-05:00"',
      '"2023-11-14 17:13:20 -0500"',
    ],
    [new RubyTimeWithZone(0, 'UTC'), '"1970-01-01T00:00:00.000Z"', '"1970-01-01 00:00:00 UTC"'],
    [new RubyTimeWithZone(0, 'London'), '"1970-01-01T01:00:00.000+01:00"', '"1970-01-01 01:00:00 +0100"'],
    [new RubyDuration({ minutes: 90 }), '5400', '"5400"'],
    [new RubyDuration({ seconds: -1.5 }), '-1', '"-1.5"'],
    [new RubyDuration([], new RubyRational(-7, 2)), '-3', '"-7/2"'],
    [new RubyDuration([], new RubyDecimal('2.7')), '2', '"2.7"'],
    [new RubyDuration([], 2n ** 70n), '1180591620717411303424', '"1180591620717411303424"'],
    [new RubyDuration([], new RubyFloat(1e30)), '1000000000000000019884624838656', '"1.0e+30"'],
    [new RubyHash([['a', new RubyHash({ b: 1 }, { indifferentAccess: true })]], { default: 5 }), '{"a":{"b":1}}', '{"a":{"b":1}}'], // prettier-ignore
    [object({ kind: 'string', className: 'MyS', value: bytes('\u00e9', 'ISO-8859-1') }), '"é"', '"é"'],
    [object({ kind: 'array', className: 'MyA', modules: ['M'], value: [symbol('a')] }), '["a"]', '["a"]'],
    [object({ kind: 'hash', className: 'MyH', value: new RubyHash({ a: 1 }) }), '{"a":1}', '{"a":1}'],
    [object({ kind: 'uri', value: 'http://a.b/?c&d' }), '"http://a.b/?c\\u0026d"', '"http://a.b/?c&d"'],
    [object({ kind: 'pathname', value: '/a' }), '"/a"', '"/a"'],
    [object({ kind: 'ipaddr', value: '10.1.2.0/24' }), '"10.1.2.0"', '"10.1.2.0"'],
    [object({ kind: 'ipaddr', value: '2001:db8::/32' }), '"2001:db8::"', '"2001:db8::"'],
    [object({ kind: 'exception', className: 'MyErr', value: 'boom' }), '"boom"', '"boom"'],
    [object({ kind: 'exception', className: 'MyErr', value: null }), '"MyErr"', '"MyErr"'],
    [object({ kind: 'class', className: 'String' }), '"String"', '"String"'],
  ])('%# %o', (value, activeSupport, gem) => {
    expect(writeJson([value], rails('8.1'))).toBe(`[${activeSupport}]`)
    expect(writeJson([value], rails('8.1', 'json_gem'))).toBe(`[${gem}]`)
  })

  // What the json gem prints as `#<…>`, with addresses or in a way that depends on the version of Ruby
  it.each<[unknown, string]>([
    [new Set([1, new Set([symbol('a')])]), '[1,["a"]]'],
    [object({ kind: 'struct', className: 'Point', fields: [['x', 1], ['y', [2]]] }), '{"x":1,"y":[2]}'], // prettier-ignore
    [object({ kind: 'object', className: 'User', fields: [['@id', 1], ['@name', symbol('x')]] }), '{"id":1,"name":"x"}'], // prettier-ignore
    [object({ kind: 'object', className: 'Object' }), '{}'],
    [object({ kind: 'class' }), 'null'],
    [
      object({
        kind: 'object',
        className: 'ActionController::Parameters',
        fields: [
          ['@parameters', new RubyHash({ a: 1 }, { indifferentAccess: true })],
          ['@permitted', false],
        ],
      }),
      '{"a":1}',
    ],
  ])('%# %o for ActiveSupport only', (value, json) => {
    expect(writeJson([value], rails('8.1'))).toBe(`[${json}]`)
    expect(() => writeJson([value], rails('8.1', 'json_gem'))).toThrow(UnserializableValueError)
    expect(() => writeJson([value], rails('8.1', 'json_gem'))).toThrow(/\[0\] is a .* that only Ruby can print/)
  })

  it('of older Rails', () => {
    const error = object({ kind: 'exception', className: 'MyErr', value: 'boom', fields: [['@extra', 1]] })
    expect(writeJson(error, rails('4.2'))).toBe('{"extra":1}')
    expect(writeJson(error, rails('5.0'))).toBe('"boom"')
    for (const kind of ['class', 'module'] as const) {
      expect(writeJson([object({ kind, className: 'Math' })], rails('6.1'))).toBe('[{}]')
      expect(writeJson([object({ kind, className: 'Math' })], rails('7.0'))).toBe('["Math"]')
    }
  })

  // JSON.generate of the json gems 2.6.1 and 2.7.2, which were beside Rails 6.1 and later, and of 2.3.0
  it.each<[RubyString, string, string]>([
    [bytes('\u00c3\u00a9', 'US-ASCII'), 'é', 'é'],
    [bytes('\u00c3\u00a9'), 'é', 'refused'],
    [bytes('\u0081\u0082', 'Windows-1252'), 'refused', 'refused'],
    [bytes('\u00c3\u00a9', 'EUC-JP'), '辿', '辿'],
    [bytes('\u00c3', 'UTF-8'), 'refused', 'refused'],
    [bytes('\u00ff\0'), 'refused', 'refused'],
    [bytes('\0\u00d8', 'UTF-16LE'), 'refused', 'refused'],
    [bytes('abc', 'UTF-16LE'), 'abc', 'refused'],
    // Ruby has a text for these, but nothing here knows it
    [bytes('\u00c3\u00a9', 'IBM437'), 'refused', 'refused'],
    [bytes('a', 'UTF-7'), 'refused', 'refused'],
  ])('of bytes: %# %o', (value, now, before) => {
    expect(jsonText(value, jsonRules('8.1', false)) ?? 'refused').toBe(now)
    expect(jsonText(value, jsonRules('6.1', true)) ?? 'refused').toBe(now)
    expect(jsonText(value, jsonRules('6.0', false)) ?? 'refused').toBe(before)
  })

  it('of bytes that are no text, with the place', () => {
    expect(() => writeJson({ a: [bytes('\u00ff')] }, rails('8.1'))).toThrow(UnserializableValueError)
    expect(() => writeJson({ a: [bytes('\u00ff')] }, rails('8.1'))).toThrow(
      'a[0] is a String of bytes that are no text',
    )
  })

  it.each<[unknown, string]>([
    [
      object({ kind: 'user_marshal', className: 'M', value: 1 }),
      "is an object of Ruby's class M, whose JSON only Ruby",
    ],
    [object({ kind: 'user_dump', className: 'D', value: bytes('') }), "is an object of Ruby's class D"],
    [object({ kind: 'other', className: 'Proc' }), "is an object of Ruby's class Proc"],
    [object({ kind: 'time_zone', value: 'UTC' }), 'is an ActiveSupport::TimeZone'],
    [new RubyDecimal('1e5000'), 'is a RubyDecimal that only Ruby can print'],
    [new RubyDuration([], new RubyFloat(Number.NaN)), 'is a RubyDuration that only Ruby can print'],
    [new RubyRange(bytes('\u00e9', 'ISO-8859-1'), 'ü'), 'is a RubyRange that only Ruby can print'],
    [new RubyRange('a', bytes('b\0', 'UTF-16LE')), 'is a RubyRange that only Ruby can print'],
    [new RubyRange(new RubyRange(1, 2), null), 'is a RubyRange that only Ruby can print'],
    [new RubyRange(new RubyHash(), null), 'is a RubyRange that only Ruby can print'],
    [new RubyRegexp(bytes('\u00ff'), 32), 'is a RubyRegexp that only Ruby can print'],
    [invalid(new RubyTime(0)), 'is an invalid Date'],
    [invalid(new RubyDate('2024-01-01')), 'is an invalid Date'],
    [invalid(new RubyTimeWithZone(0, 'UTC')), 'is an invalid Date'],
    [new RubyRange(new Date(Number.NaN), null), 'is an invalid Date'],
  ])('refuses %#', (value, message) => {
    expect(() => writeJson({ a: [value] }, rails('8.1'))).toThrow(UnserializableValueError)
    expect(() => writeJson({ a: [value] }, rails('8.1'))).toThrow(`a[0] ${message}`)
  })
})

describe('keys', () => {
  // ActiveSupport::JSON.encode({ key => 1 }) of Rails 6.1 and 7.2
  it.each<[unknown, string]>([
    [symbol('a b'), 'a b'],
    [null, ''],
    [true, 'true'],
    [1, '1'],
    [2n ** 70n, '1180591620717411303424'],
    [new RubyFloat(1), '1.0'],
    [new RubyFloat(Number.POSITIVE_INFINITY), 'Infinity'],
    [new RubyString('<é>'), '\\u003cé\\u003e'],
    [bytes('\u00e9', 'ISO-8859-1'), 'é'],
    [Uint8Array.of(0x61), 'a'],
    [new RubySafeBuffer('x'), 'x'],
    [new RubyDecimal('1.5'), '1.5'],
    [new RubyDecimal('NaN'), 'NaN'],
    [new RubyRational(1), '1/1'],
    [new RubyComplex(1, 2), '1+2i'],
    [new RubyRange(1, 2), '1..2'],
    [new RubyRegexp('a', 'i'), '(?i-mx:a)'],
    [new RubyDuration({ minutes: 90 }), '5400'],
    [new RubyDuration({ seconds: 1.5 }), '1.5'],
    [new Date(1_704_164_645_500), '2024-01-02 03:04:05 UTC'],
    [new RubyTime(1_704_144_845_000_000_000n, { utcOffset: 19_800 }), '2024-01-02 03:04:05 +0530'],
    [new RubyDate('2024-01-02'), '2024-01-02'],
    [new RubyDateTime(new Date('2024-01-01T21:34:05.500Z'), { utcOffset: 19_800 }), '2024-01-02T03:04:05+05:30'],
    [new RubyTimeWithZone(1_704_067_200_000, 'Paris'), '2024-01-01 01:00:00 +0100'],
    [new RubyTimeWithZone(1_704_067_200_000, 'UTC'), '2024-01-01 00:00:00 UTC'],
    [object({ kind: 'class', className: 'String' }), 'String'],
    [object({ kind: 'exception', className: 'E', value: 'boom' }), 'boom'],
    [object({ kind: 'uri', value: 'http://a/' }), 'http://a/'],
    [object({ kind: 'ipaddr', value: '10.1.2.0/24' }), '10.1.2.0'],
    [object({ kind: 'string', className: 'MyS', value: new RubyString('s') }), 's'],
    [[], '[]'],
    [[null, true, 1, new RubyFloat(1), [new RubyFloat(Number.NaN)]], '[nil, true, 1, 1.0, [NaN]]'],
    [['a\n"#{x}#a#$b#\u001b\\'], '[\\"a\\\\n\\\\\\"\\\\#{x}#a\\\\#$b#\\\\e\\\\\\\\\\"]'],
    [[symbol('b'), symbol('b?'), symbol('b='), symbol('A')], '[:b, :b?, :b=, :A]'],
  ])('%# %o', (key, json) => {
    const hash = new RubyHash([[key, 1]])
    expect(writeJson(hash, rails('8.1'))).toBe(`{"${json}":1}`)
    expect(writeJson(hash, rails('5.2'))).toBe(`{"${json}":1}`)
    expect(writeJson(new Map([[key, 1]]), rails('8.1'))).toBe(`{"${json}":1}`)
  })

  it.each<[unknown, string]>([
    [new RubyHash(), 'has a key that is a RubyHash that only Ruby can print'],
    [new Set(), 'has a key that is a Set that only Ruby can print'],
    [object({ kind: 'struct', className: 'Point' }), 'has a key that is a Point that only Ruby can print'],
    [object({ kind: 'class' }), 'has a key that is a class that only Ruby can print'],
    [object({ kind: 'time_zone', value: 'Paris' }), 'has a key that is a time_zone that only Ruby can print'],
    [[new RubyHash()], 'has a key that is a Array that only Ruby can print'],
    [['é'], 'has a key that is a Array that only Ruby can print'],
    [['\u0000'], 'has a key that is a Array that only Ruby can print'],
    [[symbol('a b')], 'has a key that is a Array that only Ruby can print'],
    [[new RubyRational(1)], 'has a key that is a Array that only Ruby can print'],
    [bytes('\u00ff'), 'has a key that is no text'],
    [Symbol('s'), 'has a key that is a Symbol that only Ruby can print'],
    [undefined, 'has a key that is a undefined that only Ruby can print'],
    [new Date(Number.NaN), 'is an invalid Date'],
  ])('refuses %#', (key, message) => {
    expect(() => writeJson({ a: new RubyHash([[key, 1]]) }, rails('8.1'))).toThrow(UnserializableValueError)
    expect(() => writeJson({ a: new RubyHash([[key, 1]]) }, rails('8.1'))).toThrow(`a ${message}`)
  })

  it('refuses an Array that is inside itself or of which a small one has a text without end', () => {
    const array: unknown[] = []
    array.push(array)
    let wide: unknown = [1]
    for (let i = 0; i < 90; i++) wide = [wide, wide]
    for (const key of [array, wide]) {
      expect(() => writeJson(new Map([[key, 1]]), rails('8.1'))).toThrow(UnserializableValueError)
    }
  })

  it('of bytes are taken for UTF-8, by the json gem beside Rails 6.1 and later', () => {
    const hash = new RubyHash([[bytes('\u00c3\u00a9'), 1]])
    expect(writeJson(hash, rails('6.1'))).toBe('{"é":1}')
    expect(() => writeJson(hash, rails('6.0'))).toThrow('has a key that is no text')
  })

  it('come again where Rails has them twice', () => {
    const hash = new RubyHash([
      [symbol('a'), 1],
      ['b', 2],
      ['a', 3],
      [1, 4],
      ['1', 5],
      [bytes('\u00e9', 'ISO-8859-1'), 6],
      ['é', 7],
      [new RubyString('b', 'US-ASCII'), 8],
    ])
    expect(writeJson(hash, rails('7.0'))).toBe('{"a":3,"b":8,"1":5,"é":6,"é":7}')
    expect(writeJson(hash, rails('7.1'))).toBe('{"a":1,"b":8,"a":3,"1":5,"é":6,"é":7}')
    expect(writeJson(hash, rails('8.1', 'json_gem'))).toBe('{"a":1,"b":2,"a":3,"1":4,"1":5,"é":6,"é":7,"b":8}')
    // Rails goes through these by as_json, which makes Strings of Symbols
    const inside = [new Set([hash]), object({ kind: 'struct', fields: [['x', hash]] }), hash]
    const united = '{"a":3,"b":8,"1":5,"é":6,"é":7}'
    const apart = '{"a":1,"b":8,"a":3,"1":5,"é":6,"é":7}'
    expect(writeJson(inside, rails('7.2'))).toBe(`[[${united}],{"x":${united}},${apart}]`)
    expect(writeJson(object({ kind: 'array', className: 'MyA', value: [hash] }), rails('7.2'))).toBe(`[${apart}]`)
  })
})

describe('objects inside themselves', () => {
  it('are found', () => {
    const fields: Array<[string, unknown]> = []
    const user = object({ kind: 'object', className: 'User', fields })
    fields.push(['@friends', new Set([user])])
    expect(() => writeJson({ user }, rails('8.1'))).toThrow('user.friends[0] is a circular reference')
    const hash = new RubyHash()
    hash.pairs.push(['self', hash])
    expect(() => writeJson(hash, rails('8.1'))).toThrow('self is a circular reference')
  })
})

function invalid<Time extends Date>(time: Time): Time {
  time.setTime(Number.NaN)
  return time
}
