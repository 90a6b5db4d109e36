import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { UnserializableValueError } from '../../../../src/errors.ts'
import { RubyComplex } from '../../../../src/ruby/complex.ts'
import { RubyDate, RubyDateTime } from '../../../../src/ruby/date.ts'
import { RubyDecimal } from '../../../../src/ruby/decimal.ts'
import { RubyDuration } from '../../../../src/ruby/duration.ts'
import { RubyFloat } from '../../../../src/ruby/float.ts'
import { RubyHash } from '../../../../src/ruby/hash.ts'
import { makeObject } from '../../../../src/ruby/object.ts'
import { RubyRange } from '../../../../src/ruby/range.ts'
import { RubyRational } from '../../../../src/ruby/rational.ts'
import { RubyRegexp } from '../../../../src/ruby/regexp.ts'
import { RubySafeBuffer } from '../../../../src/ruby/safe-buffer.ts'
import { RubyString } from '../../../../src/ruby/string.ts'
import { RubySymbol } from '../../../../src/ruby/symbol.ts'
import { RubyTime } from '../../../../src/ruby/time.ts'
import { RubyTimeWithZone } from '../../../../src/ruby/time-with-zone.ts'
import { readMarshal, readMarshalTyped, writeMarshal } from '../../../../src/serializers/marshal/dump.ts'
import { marshalFormat } from '../../../../src/serializers/marshal/marshal.ts'
import { recorded } from './recorded.ts'

const twice = (...values: unknown[]): unknown[] => values.flatMap((value) => [value, value])

/** What Ruby 3.3 with ActiveSupport 7.2 dumps for an expression. */
const RUBY: Readonly<Record<string, ReadonlyArray<[ruby: string, value: unknown, dump: string]>>> = {
  'nil, true and false': [
    ['nil', null, 'BAgw'],
    ['true', true, 'BAhU'],
    ['false', false, 'BAhG'],
  ],
  Integers: [
    ['0', 0, 'BAhpAA=='],
    ['122', 122, 'BAhpfw=='],
    ['123', 123, 'BAhpAXs='],
    ['-123', -123, 'BAhpgA=='],
    ['-124', -124, 'BAhp/4Q='],
    ['255', 255, 'BAhpAf8='],
    ['256', 256, 'BAhpAgAB'],
    ['-256', -256, 'BAhp/wA='],
    ['-257', -257, 'BAhp/v/+'],
    ['65536', 65536, 'BAhpAwAAAQ=='],
    ['2**30-1', 2 ** 30 - 1, 'BAhpBP///z8='],
    ['2**30', 2 ** 30, 'BAhsKwcAAABA'],
    ['-2**30', -(2 ** 30), 'BAhp/AAAAMA='],
    ['-2**30-1', -(2 ** 30) - 1, 'BAhsLQcBAABA'],
    ['2**53-1', Number.MAX_SAFE_INTEGER, 'BAhsKwn///////8fAA=='],
    ['2**62', 2n ** 62n, 'BAhsKwkAAAAAAAAAQA=='],
    ['-2**70', -(2n ** 70n), 'BAhsLQoAAAAAAAAAAEAA'],
  ],
  Floats: [
    ['1.0', new RubyFloat(1), 'BAhmBjE='],
    ['1.5', 1.5, 'BAhmCDEuNQ=='],
    ['0.0', new RubyFloat(0), 'BAhmBjA='],
    ['-0.0', new RubyFloat(-0), 'BAhmBy0w'],
    ['100.0', new RubyFloat(100), 'BAhmCDFlMg=='],
    ['12.0', new RubyFloat(12), 'BAhmBzEy'],
    ['1e15', new RubyFloat(1e15), 'BAhmCTFlMTU='],
    ['1e16', 1e16, 'BAhmCTFlMTY='],
    ['0.0001', 0.0001, 'BAhmCzAuMDAwMQ=='],
    ['1e-5', 1e-5, 'BAhmCTFlLTU='],
    ['3.141592653589793', Math.PI, 'BAhmFjMuMTQxNTkyNjUzNTg5Nzkz'],
    ['1234567.5', 1234567.5, 'BAhmDjEyMzQ1NjcuNQ=='],
    ['-1.2345678901234566e+25', -1.2345678901234566e25, 'BAhmGy0xLjIzNDU2Nzg5MDEyMzQ1NjZlMjU='],
    ['5e-324', 5e-324, 'BAhmCzVlLTMyNA=='],
    ['1.7976931348623157e308', Number.MAX_VALUE, 'BAhmGzEuNzk3NjkzMTM0ODYyMzE1N2UzMDg='],
    ['Float::INFINITY', Infinity, 'BAhmCGluZg=='],
    ['-Float::INFINITY', -Infinity, 'BAhmCS1pbmY='],
    ['Float::NAN', NaN, 'BAhmCG5hbg=='],
    ['[1.5, 1.5, 1e300, 1e300]', [1.5, 1.5, 1e300, 1e300], 'BAhbCWYIMS41QAZmCjFlMzAwZgoxZTMwMA=='],
  ],
  Strings: [
    ["'abc'", 'abc', 'BAhJIghhYmMGOgZFVA=='],
    ["'José ☃'", 'José ☃', 'BAhJIg5Kb3PDqSDimIMGOgZFVA=='],
    ["''", '', 'BAhJIgAGOgZFVA=='],
    ['"\\xff\\x00".b', Uint8Array.of(0xff, 0x00), 'BAgiB/8A'],
    ["'abc'.dup.force_encoding('US-ASCII')", new RubyString('abc', 'US-ASCII'), 'BAhJIghhYmMGOgZFRg=='],
    [
      "'日本'.encode('Shift_JIS')",
      new RubyString(Uint8Array.of(0x93, 0xfa, 0x96, 0x7b), 'Shift_JIS'),
      'BAhJIgmT+pZ7BjoNZW5jb2RpbmciDlNoaWZ0X0pJUw==',
    ],
    [
      "['日'.encode('Shift_JIS'), '本'.encode('Shift_JIS')]",
      [new RubyString(Uint8Array.of(0x93, 0xfa), 'Shift_JIS'), new RubyString(Uint8Array.of(0x96, 0x7b), 'Shift_JIS')],
      'BAhbB0kiB5P6BjoNZW5jb2RpbmciDlNoaWZ0X0pJU0kiB5Z7BjsAQAc=',
    ],
  ],
  Symbols: [
    [':abc', new RubySymbol('abc'), 'BAg6CGFiYw=='],
    [':é', new RubySymbol('é'), 'BAhJOgfDqQY6BkVU'],
    [
      "[:a, :a, 'a', :E]",
      [new RubySymbol('a'), new RubySymbol('a'), 'a', new RubySymbol('E')],
      'BAhbCToGYTsASSIGYQY6BkVUOwY=',
    ],
    [
      "'日'.encode('Shift_JIS').to_sym",
      new RubySymbol(new RubyString(Uint8Array.of(0x93, 0xfa), 'Shift_JIS')),
      'BAhJOgeT+gY6DWVuY29kaW5nIg5TaGlmdF9KSVM=',
    ],
  ],
  'Arrays and Hashes': [
    ['[1, [2, nil], []]', [1, [2, undefined], []], 'BAhbCGkGWwdpBzBbAA=='],
    [
      "{ 'b' => 1, 'a' => { 'c' => [] } }",
      { b: 1, gone: undefined, a: { c: [] } },
      'BAh7B0kiBmIGOgZFVGkGSSIGYQY7AFR7BkkiBmMGOwBUWwA=',
    ],
    [
      "{ 1 => 'x', nil => :y, [1] => 2.5 }",
      new Map<unknown, unknown>([
        [1, 'x'],
        [null, new RubySymbol('y')],
        [[1], 2.5],
      ]),
      'BAh7CGkGSSIGeAY6BkVUMDoGeVsGaQZmCDIuNQ==',
    ],
    ["Hash.new(5).merge('a' => 1)", new RubyHash({ a: 1 }, { default: 5 }), 'BAh9BkkiBmEGOgZFVGkGaQo='],
    [
      "{}.compare_by_identity.tap { |h| h['a'] = 1 }",
      new RubyHash({ a: 1 }, { compareByIdentity: true }),
      'BAhDOglIYXNoewZJIgZhBjoGRVRpBg==',
    ],
    [
      "ActiveSupport::HashWithIndifferentAccess.new('a' => 1)",
      new RubyHash({ a: 1 }, { indifferentAccess: true }),
      'BAhDOi1BY3RpdmVTdXBwb3J0OjpIYXNoV2l0aEluZGlmZmVyZW50QWNjZXNzewZJIgZhBjoGRVRpBg==',
    ],
    [
      'ActiveSupport::HashWithIndifferentAccess.new(0)',
      new RubyHash([], { indifferentAccess: true, default: 0 }),
      'BAhDOi1BY3RpdmVTdXBwb3J0OjpIYXNoV2l0aEluZGlmZmVyZW50QWNjZXNzfQBpAA==',
    ],
    ["[{'a' => 1}, {'a' => +'a'}]", [{ a: 1 }, { a: 'a' }], 'BAhbB3sGSSIGYQY6BkVUaQZ7BkAHSSIGYQY7AFQ='],
    ["{'a' => Set['a', 'b']}", { a: new Set(['a', 'b']) }, 'BAh7BkkiBmEGOgZFVG86CFNldAY6CkBoYXNofQdABlRJIgZiBjsAVFRG'],
    [
      "[{'a' => 1}, {(+'a').force_encoding('US-ASCII') => 1}, {'a'.b => 1}]",
      [
        { a: 1 },
        new RubyHash([[new RubyString('a', 'US-ASCII'), 1]]),
        new RubyHash([[new RubyString('a', 'ASCII-8BIT'), 1]]),
      ],
      'BAhbCHsGSSIGYQY6BkVUaQZ7BkkiBmEGOwBGaQZ7BiIGYWkG',
    ],
    ["a = [1]; s = 'x'; [a, a, s, s]", twice([1], new RubyString('x')), 'BAhbCVsGaQZABkkiBngGOgZFVEAH'],
  ],
  Times: [
    [
      'Time.at(1700000000, 123, :millisecond).utc',
      new Date(1_700_000_000_123),
      'BAhJdToJVGltZQ3W6R7AeOBBNQY6CXpvbmVJIghVVEMGOgZFRg==',
    ],
    [
      'Time.at(1700000000, 123456789, :nsec).utc',
      new RubyTime(1_700_000_000_123_456_789n),
      'BAhJdToJVGltZQ3W6R7AQOJBNQk6DW5hbm9fbnVtaQIVAzoNbmFub19kZW5pBjoNc3VibWljcm8iB3iQOgl6b25lSSIIVVRDBjoGRUY=',
    ],
    [
      'Time.at(1700000000, 120, :nsec).getlocal(3600)',
      new RubyTime(1_700_000_000_000_000_120n, { utcOffset: 3600 }),
      'BAhJdToJVGltZQ3W6R6AAABANQo6DW5hbm9fbnVtaX06DW5hbm9fZGVuaQY6DXN1Ym1pY3JvIgYSOgtvZmZzZXRpAhAOOgl6b25lMA==',
    ],
    [
      "Time.new(1960, 1, 2, 3, 4, 5.25r, '-08:00')",
      new RubyTime(Date.UTC(1960, 0, 2, 11, 4, 5, 250), { utcOffset: -28_800 }),
      'BAhJdToJVGltZQ1LAA+AkNBTEAc6C29mZnNldGn+gI86CXpvbmUw',
    ],
    [
      'Time.at(0, Rational(1, 3), :nsec).utc',
      new RubyTime(0, { subnano: new RubyRational(1, 3) }),
      'BAhJdToJVGltZQ0ggBHAAAAAAAg6DW5hbm9fbnVtaQY6DW5hbm9fZGVuaQg6CXpvbmVJIghVVEMGOgZFRg==',
    ],
    ['Time.utc(1800, 2, 3)', new Date('1800-02-03T00:00:00Z'), 'BAhJdToJVGltZQ9gBADAAAAAAAZkBjoJem9uZUkiCFVUQwY6BkVG'],
    [
      'Time.utc(70000, 2, 3)',
      new Date('+070000-02-03T00:00:00Z'),
      'BAhJdToJVGltZRBgxP//AAAAAAcFCgY6CXpvbmVJIghVVEMGOgZFRg==',
    ],
    [
      '[Time.at(1).utc, Time.at(2).utc]',
      [new Date(1000), new Date(2000)],
      'BAhbB0l1OglUaW1lDSCAEcAAABAABjoJem9uZUkiCFVUQwY6BkVGSXU7AA0ggBHAAAAgAAY7BkAG',
    ],
  ],
  Dates: [
    ['Date.new(2024, 2, 29)', new RubyDate('2024-02-29'), 'BAhVOglEYXRlWwtpAGkD0oolaQBpAGkAZgwyMjk5MTYx'],
    [
      'Date.new(1500, 1, 1, Date::JULIAN)',
      new RubyDate(2_268_933n, Infinity),
      'BAhVOglEYXRlWwtpAGkDBZ8iaQBpAGkAZghpbmY=',
    ],
    ['Date.new(800000, 1, 1)', new RubyDate('800000-01-01'), 'BAhVOglEYXRlWwtpBmkEj9XLBGkAaQBpAGYMMjI5OTE2MQ=='],
    ['Date.new(-5000, 1, 1)', new RubyDate('-5000-01-01'), 'BAhVOglEYXRlWwtp+mkEPVm3DGkAaQBpAGYMMjI5OTE2MQ=='],
    [
      '[Date.new(2024, 2, 29), Date.new(2024, 3, 1)]',
      [new RubyDate('2024-02-29'), new RubyDate('2024-03-01')],
      'BAhbB1U6CURhdGVbC2kAaQPSiiVpAGkAaQBmDDIyOTkxNjFVOwBbC2kAaQPTiiVpAGkAaQBACA==',
    ],
    [
      'DateTime.new(2024, 2, 29, 13, 14, 15)',
      new RubyDateTime(Date.UTC(2024, 1, 29, 13, 14, 15)),
      'BAhVOg1EYXRlVGltZVsLaQBpA9KKJWkCJ7ppAGkAZgwyMjk5MTYx',
    ],
    [
      "DateTime.new(2024, 2, 29, 13, 14, 15.25r, '+05:30')",
      new RubyDateTime(Date.UTC(2024, 1, 29, 7, 44, 15, 250), { utcOffset: 19_800 }),
      'BAhVOg1EYXRlVGltZVsLaQBpA9KKJWkCz2xpBICy5g5pAlhNZgwyMjk5MTYx',
    ],
    [
      'DateTime.new(2024, 2, 29, 13, 14, 15 + Rational(1, 3_000_000_000))',
      new RubyDateTime(Date.UTC(2024, 1, 29, 13, 14, 15), { subnano: new RubyRational(1, 3) }),
      'BAhVOg1EYXRlVGltZVsLaQBpA9KKJWkCJ7pVOg1SYXRpb25hbFsHaQZpCGkAZgwyMjk5MTYx',
    ],
  ],
  numbers: [
    ["BigDecimal('123.45')", new RubyDecimal('123.45'), 'BAh1Og9CaWdEZWNpbWFsETE4OjAuMTIzNDVlMw=='],
    ["BigDecimal('-0.001')", new RubyDecimal('-0.001'), 'BAh1Og9CaWdEZWNpbWFsDzE4Oi0wLjFlLTI='],
    ["BigDecimal('0')", new RubyDecimal('0'), 'BAh1Og9CaWdEZWNpbWFsCzE4OjAuMA=='],
    ["BigDecimal('NaN')", new RubyDecimal('NaN'), 'BAh1Og9CaWdEZWNpbWFsCjk6TmFO'],
    ["BigDecimal('-Infinity')", new RubyDecimal('-Infinity'), 'BAh1Og9CaWdEZWNpbWFsEDk6LUluZmluaXR5'],
    [
      "BigDecimal('12345678901234567890.123456789')",
      new RubyDecimal('12345678901234567890.123456789'),
      'BAh1Og9CaWdEZWNpbWFsKjQ1OjAuMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODllMjA=',
    ],
    ['Rational(-22, 7)', new RubyRational(-22, 7), 'BAhVOg1SYXRpb25hbFsHaeVpDA=='],
    ['Complex(1, -2.5)', new RubyComplex(1, -2.5), 'BAhVOgxDb21wbGV4WwdpBmYJLTIuNQ=='],
  ],
  'Ranges, Sets and regular expressions': [
    ['(1..5)', new RubyRange(1, 5), 'BAhvOgpSYW5nZQg6CWV4Y2xGOgpiZWdpbmkGOghlbmRpCg=='],
    ["('a'...'c')", new RubyRange('a', 'c', true), 'BAhvOgpSYW5nZQg6CWV4Y2xUOgpiZWdpbkkiBmEGOgZFVDoIZW5kSSIGYwY7CFQ='],
    ['(nil..2.5)', new RubyRange(null, 2.5), 'BAhvOgpSYW5nZQg6CWV4Y2xGOgpiZWdpbjA6CGVuZGYIMi41'],
    [
      "Set.new([1, 'a', :b])",
      new Set([1, 'a', new RubySymbol('b')]),
      'BAhvOghTZXQGOgpAaGFzaH0IaQZUSSIGYQY6BkVUVDoGYlRG',
    ],
    ['Set.new', new Set(), 'BAhvOghTZXQGOgpAaGFzaH0ARg=='],
    ['/a.b/i', new RubyRegexp('a.b', 'i'), 'BAhJLwhhLmIBBjoGRUY='],
    ['/é+/', new RubyRegexp('é+'), 'BAhJLwjDqSsQBjoGRVQ='],
    ['/\\A\\h\\/x/mx', new RubyRegexp('\\A\\h/x', 'mx'), 'BAhJLwtcQVxoL3gGBjoGRUY='],
  ],
  'ActiveSupport of Rails 7.2': [
    [
      "ActiveSupport::SafeBuffer.new('<b>é</b>')",
      new RubySafeBuffer('<b>é</b>'),
      'BAhJQzoeQWN0aXZlU3VwcG9ydDo6U2FmZUJ1ZmZlciIOPGI+w6k8L2I+BzoGRVQ6D0BodG1sX3NhZmVU',
    ],
    [
      '1.hour + 30.minutes',
      new RubyDuration({ hours: 1, minutes: 30 }),
      'BAhvOhxBY3RpdmVTdXBwb3J0OjpEdXJhdGlvbgg6C0BwYXJ0c3sHOgpob3Vyc2kGOgxtaW51dGVzaSM6C0B2YWx1ZWkCGBU6DkB2YXJpYWJsZUY=',
    ],
    [
      '2.days',
      new RubyDuration({ days: 2 }),
      'BAhvOhxBY3RpdmVTdXBwb3J0OjpEdXJhdGlvbgg6C0BwYXJ0c3sGOglkYXlzaQc6C0B2YWx1ZWkDAKMCOg5AdmFyaWFibGVU',
    ],
    [
      '1.5.hours',
      new RubyDuration({ hours: 1.5 }),
      'BAhvOhxBY3RpdmVTdXBwb3J0OjpEdXJhdGlvbgg6C0BwYXJ0c3sGOgpob3Vyc2YIMS41OgtAdmFsdWVmCjUuNGUzOg5AdmFyaWFibGVG',
    ],
    [
      "ActiveSupport::TimeZone['Europe/Paris'].at(1700000000)",
      new RubyTimeWithZone(1_700_000_000_000, 'Europe/Paris'),
      'BAhVOiBBY3RpdmVTdXBwb3J0OjpUaW1lV2l0aFpvbmVbCEl1OglUaW1lDdbpHsAAAEA1BjoJem9uZUkiCFVUQwY6BkVGSSIRRXVyb3BlL1BhcmlzBjsIVEl1OwYN1+kewAAAQDUGOwdABw==',
    ],
    [
      "ActiveSupport::TimeZone['Tokyo'].at(1700000000, 5, :nsec)",
      new RubyTimeWithZone(1_700_000_000_000_000_005n, 'Tokyo'),
      'BAhVOiBBY3RpdmVTdXBwb3J0OjpUaW1lV2l0aFpvbmVbCEl1OglUaW1lDdbpHsAAAEA1CToNbmFub19udW1pCjoNbmFub19kZW5pBjoNc3VibWljcm8iBwBQOgl6b25lSSIIVVRDBjoGRUZJIgpUb2t5bwY7C1RJdTsGDefpHsAAAEA1CTsHaQo7CGkGOwkiBwBQOwpACA==',
    ],
  ],
}

describe.each(Object.entries(RUBY))('%s', (_, cases) => {
  it.each(cases)('%s', (_ruby, value, dump) => {
    expect(Buffer.from(writeMarshal(value, { railsVersion: '7.2' })).toString('base64')).toBe(dump)
  })
})

describe('by the Rails on the other side', () => {
  const WRITTEN: ReadonlyArray<[id: string, value: unknown]> = [
    ['duration/90min', new RubyDuration({ minutes: 90 })],
    ['duration/mixed', new RubyDuration({ months: 1, days: 2, seconds: 3 })],
    ['duration/week', new RubyDuration({ weeks: 2 })],
    ['duration/zero', new RubyDuration({ seconds: 0 })],
    ['safe_buffer', new RubySafeBuffer('<b>é</b>')],
    ['safe_buffer_unsafe', new RubySafeBuffer('<i>', false)],
    ['twz/utc', new RubyTimeWithZone(1_700_000_000_000, 'UTC')],
    ['twz/ny', new RubyTimeWithZone(1_700_000_000_250, 'America/New_York')],
    ['twz/two', [new RubyTimeWithZone(0, 'Europe/Paris'), new RubyTimeWithZone(1000, 'Europe/Paris')]],
    ['twz/rails_name', new RubyTimeWithZone(1_710_000_000_000, 'Eastern Time (US & Canada)')],
  ]
  const cases = recorded.filter(({ by, id }) => by.startsWith('rails-') && WRITTEN.some(([name]) => name === id))
  // Up to 4.2 there were seconds and days only, and a month had 30 days.
  const alike = cases.filter(({ by, id }) => !/^rails-(?:3|4|5\.0)/.test(by) || !id.startsWith('duration'))

  it.each(alike.map((each) => [each.by, each.id, each.bytes] as const))('%s %s', (by, id, bytes) => {
    const railsVersion = by === 'rails-main' ? '8.2' : (by.slice(6, 9) as '8.1')
    const value = WRITTEN.find(([name]) => name === id)![1]
    expect(Buffer.from(writeMarshal(value, { railsVersion })).toString('base64')).toBe(bytes.toString('base64'))
  })

  it('is there for most of them', () => {
    expect(new Set(alike.map(({ by }) => by)).size).toBeGreaterThan(14)
  })

  it('has Arrays in a Duration of Rails 5.0', () => {
    // 90.minutes
    expect(
      Buffer.from(writeMarshal(new RubyDuration({ minutes: 90 }), { railsVersion: '5.0' })).toString('base64'),
    ).toBe('BAhvOhxBY3RpdmVTdXBwb3J0OjpEdXJhdGlvbgc6C0B2YWx1ZWkCGBU6C0BwYXJ0c1sGWwc6DG1pbnV0ZXNpXw==')
  })
})

describe('what cannot be written', () => {
  class Account {
    readonly id = 1
  }
  const circle: unknown[] = []
  circle.push({ again: circle })
  const map = new Map<unknown, unknown>([['m', 1]])
  map.set('self', map)
  const date = new RubyDate('2024-02-29')
  date.setTime(Number.NaN)

  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'the value is undefined'],
    ['a function', { a: [() => 1] }, 'a[0] is a function'],
    ['a symbol', [Symbol('s')], '[0] is a symbol'],
    ['an instance', { cart: { owner: new Account() } }, 'cart.owner is an instance of Account'],
    ['an ArrayBuffer', new ArrayBuffer(1), 'the value is an instance of ArrayBuffer'],
    ['half of a character', { 'a b': 'x\ud800' }, '["a b"] is text with a lone surrogate'],
    ['half of a character as a key', { a: { '\udc00': 1 } }, 'a has a key that is text with a lone surrogate'],
    ['an invalid Date', [new Date(Number.NaN)], '[0] is an invalid Date'],
    ['a date that was made invalid', [date], '[0] is an invalid Date'],
    ['a circle', circle, '[0].again is a circular reference'],
    ['a Map in itself', { map }, 'map.self is a circular reference'],
    ['a function in a key', new Map([[[() => 1], 1]]), 'the value has a key that is a function'],
    ['a function behind a key', new Map([[2, () => 1]]), '["2"] is a function'],
    ['a function as default', new RubyHash([], { default: () => 1 }), 'default is a function'],
    ['a function in a Set', [new Set([1, () => 1])], '[0][1] is a function'],
    ['a function in a Range', new RubyRange(null, () => 1), 'end is a function'],
    ['a function in a Duration', new RubyDuration([['days', () => 1]], 1), 'days is a function'],
    ['a Range without order', { r: new RubyRange(1, 'a') }, 'r is a Range whose ends Ruby cannot compare'],
    [
      'a Symbol that is no text',
      [new RubySymbol(new RubyString(Uint8Array.of(0xff), 'UTF-8'))],
      '[0] is a Symbol whose name is not valid UTF-8',
    ],
  ])('%s', (_, value, message) => {
    expect(() => writeMarshal(value)).toThrow(UnserializableValueError)
    expect(() => writeMarshal(value)).toThrow(`Cannot write as Marshal: ${message}`)
  })

  it('more than 10,000 containers inside one another', () => {
    const nested = (depth: number): unknown => {
      let value: unknown = []
      for (let i = 1; i < depth; i++) value = i % 2 === 0 ? { a: value } : [value]
      return value
    }
    const read = readMarshalTyped(writeMarshal(nested(10_000)))
    expect(read.ok).toBe(true)
    expect(() => writeMarshal(nested(10_001))).toThrow(UnserializableValueError)
    expect(() => writeMarshal(nested(10_001))).toThrow('is nested more than 10000 deep')
    expect(() => writeMarshal(nested(100_000))).toThrow('is nested more than 10000 deep')
    let range: unknown = 1
    for (let i = 0; i < 100_000; i++) range = new RubyRange(range, null)
    expect(() => writeMarshal(range)).toThrow('is nested more than 10000 deep')
  })

  it('an object that came out of no authentic message', () => {
    // o:User with @id
    const read = readMarshal(Buffer.from('BAhvOglVc2VyBjoIQGlkaQY=', 'base64'))
    expect(() => writeMarshal({ user: read.ok && read.value })).toThrow(
      "Cannot write as Marshal: user is an object of Ruby's class User that came from no authentic message",
    )
    const format = marshalFormat({ railsVersion: '8.1' })
    expect(() => format.dump(read.ok && read.value)).toThrow(UnserializableValueError)
    const other = makeObject({ kind: 'object', className: 'User' }, null)
    expect(() => writeMarshal(other)).toThrow("the value is an object of Ruby's class User that has no dump")
  })
})

describe('values of JavaScript', () => {
  const typed = (value: unknown): unknown => {
    const read = readMarshalTyped(writeMarshal(value))
    return read.ok && read.value
  }

  it('are one object where they are the same', () => {
    const list = [1]
    expect(typed([list, list])).toEqual([
      { $: 'shared', id: 1, v: [1] },
      { $: 'ref', id: 1 },
    ])
    const own = { a: list }
    expect(typed([own, { own }, new Map([['k', own]])])).toEqual([
      { $: 'shared', id: 1, v: { a: [1] } },
      { own: { $: 'ref', id: 1 } },
      { k: { $: 'ref', id: 1 } },
    ])
    // Strings of JavaScript have no identity.
    expect(typed(['x', 'x'])).toEqual(['x', 'x'])
  })

  it('lose what is undefined, and have nil for what is missing', () => {
    expect(typed({ a: undefined, b: [undefined, 1] })).toEqual({ b: [null, 1] })
    const sparse = [1]
    sparse[2] = 3
    expect(typed(sparse)).toEqual([1, null, 3])
    expect(typed(new Map([['a', undefined]]))).toEqual({})
    expect(typed(new Set([undefined]))).toEqual({ $: 'set', v: [null] })
  })

  it('are Integers where they are whole and safe, and Floats otherwise', () => {
    expect(typed([-0, 2 ** 53 - 1])).toEqual([0, 2 ** 53 - 1])
    expect(typed(2 ** 53)).toEqual({ $: 'float', v: '9.007199254740992e+15' })
  })

  it('may have any key', () => {
    const own = JSON.parse('{"__proto__":1,"constructor":2}')
    expect(Object.entries(typed(own) as object)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ])
  })

  it('are not asked for toJSON', () => {
    expect(() => writeMarshal({ toJSON: () => 1 })).toThrow('toJSON is a function')
  })
})
