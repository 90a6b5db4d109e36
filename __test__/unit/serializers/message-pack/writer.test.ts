import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { RailsVersion } from '../../../../index.ts'
import { UnserializableValueError } from '../../../../src/errors.ts'
import { RubyComplex } from '../../../../src/ruby/complex.ts'
import { RubyDate, RubyDateTime } from '../../../../src/ruby/date.ts'
import { RubyDecimal } from '../../../../src/ruby/decimal.ts'
import { RubyDuration } from '../../../../src/ruby/duration.ts'
import { RubyFloat } from '../../../../src/ruby/float.ts'
import { RubyHash } from '../../../../src/ruby/hash.ts'
import { makeObject, type RubyObjectKind } from '../../../../src/ruby/object.ts'
import { RubyRange } from '../../../../src/ruby/range.ts'
import { RubyRational } from '../../../../src/ruby/rational.ts'
import { RubyRegexp } from '../../../../src/ruby/regexp.ts'
import { RubySafeBuffer } from '../../../../src/ruby/safe-buffer.ts'
import { RubyString } from '../../../../src/ruby/string.ts'
import { RubySymbol } from '../../../../src/ruby/symbol.ts'
import { RubyTime } from '../../../../src/ruby/time.ts'
import { RubyTimeWithZone } from '../../../../src/ruby/time-with-zone.ts'
import { typedTree } from '../../../../src/ruby/typed-tree.ts'
import { readMessagePack, readMessagePackPayload } from '../../../../src/serializers/message-pack/reader.ts'
import { writeMessagePack, writeMessagePackText } from '../../../../src/serializers/message-pack/writer.ts'

function written(value: unknown, railsVersion?: RailsVersion): string {
  const bytes = writeMessagePack(value, railsVersion === undefined ? {} : { railsVersion })
  return Buffer.from(bytes).toString('hex').replace(/^cc80/, '')
}
const described = (kind: RubyObjectKind, value: unknown, className = ''): unknown =>
  makeObject({ kind, className, value }, null)
const latin1 = (bytes: string): RubyString => RubyString.fromBinary(bytes, 'ISO-8859-1')

describe('writeMessagePack', () => {
  // The bytes that ActiveSupport::MessagePack.dump of Rails 7.2 gives for the counterpart in Ruby.
  it.each([
    ['nil', null, 'c0'],
    ['true', true, 'c3'],
    ['[1, "a"]', [1, 'a'], '9201a161'],
    ['-0', -0, '00'],
    ['1.5', 1.5, 'cb3ff8000000000000'],
    ['1.0', new RubyFloat(1), 'cb3ff0000000000000'],
    ['2.0**53', 2 ** 53, 'cb4340000000000000'],
    ['2**53', 2n ** 53n, 'cf0020000000000000'],
    ['-2**63', -(2n ** 63n), 'c70901010000000080000000'],
    ['-2**63 + 1', -(2n ** 63n) + 1n, 'd38000000000000001'],
    ['2**64 - 1', 2n ** 64n - 1n, 'cfffffffffffffffff'],
    ['2**64', 2n ** 64n, 'c70d0100000000000000000000000001'],
    ['"\\xff\\x00".b', Uint8Array.of(0xff, 0), 'c402ff00'],
    ['"é" in ISO-8859-1', latin1('\u00e9'), 'a2c3a9'],
    ['"日" in Shift_JIS', RubyString.fromBinary('\u0093\u00fa', 'Shift_JIS'), 'a3e697a5'],
    ['"\\xff"', RubyString.fromBinary('\u00ff', 'UTF-8'), 'a1ff'],
    ['"\\xff" in US-ASCII', RubyString.fromBinary('\u00ff', 'US-ASCII'), 'a1ff'],
    [':é', new RubySymbol('é'), 'd500c3a9'],
    ['123.45.to_d', new RubyDecimal('123.45'), 'c70c0231383a302e31323334356533'],
    ['BigDecimal("-0")', new RubyDecimal('-0'), 'c7070231383a2d302e30'],
    ['BigDecimal("NaN")', new RubyDecimal('NaN'), 'c70502393a4e614e'],
    ['BigDecimal("-Infinity")', new RubyDecimal('-Infinity'), 'c70b02393a2d496e66696e697479'],
    ['BigDecimal("123456789")', new RubyDecimal(123_456_789), 'd80231383a302e3132333435363738396539'],
    ['BigDecimal("1234567890")', new RubyDecimal(1_234_567_890), 'c7110232373a302e313233343536373839653130'],
    ['BigDecimal("0.000000001")', new RubyDecimal('0.000000001'), 'c7090232373a302e31652d38'],
    ['BigDecimal("100000000000000000000")', new RubyDecimal('1e20'), 'c7090233363a302e31653231'],
    ['Rational(-22, 7)', new RubyRational(-22, 7), 'd503ea07'],
    ['Rational(0)', new RubyRational(0), 'd40300'],
    ['Complex(1, 2.0)', new RubyComplex(1, new RubyFloat(2)), 'c70a0401cb4000000000000000'],
    [
      'DateTime.new(2001, 2, 3, 4, 5, 13r/3, 1r/24)',
      new RubyDateTime(BigInt(Date.UTC(2001, 1, 3, 3, 5, 4)) * 1_000_000n + 333_333_333n, {
        utcOffset: 3600,
        subnano: new RubyRational(1, 3),
      }),
      'c70c05ce002569e804050401030118',
    ],
    ['Date.new(2024, 2, 29)', new RubyDate('2024-02-29'), 'c70506ce00258ad2'],
    ['Time.at(1, 5, :nsec, in: 19800)', new RubyTime(1_000_000_005n, { utcOffset: 19_800 }), 'c705070105cd4d58'],
    ['Time.at(-1.5).utc', new Date(-1500), 'c70707fece1dcd650000'],
    [
      'Time.at(1700000000, 123456789, :nsec).in_time_zone("Tokyo")',
      new RubyTimeWithZone(1_700_000_000_123_456_789n, 'Tokyo'),
      'c71108ce6553f100ce075bcd1500a5546f6b796f',
    ],
    ['1.hour + 30.minutes', new RubyDuration({ minutes: 30, hours: 1 }), 'c70b0acd151897c0c0c0c0011ec0'],
    ['1..5', new RubyRange(1, 5), 'c7030b0105c2'],
    ['"a"...nil', new RubyRange('a', null, true), 'd60ba161c0c3'],
    ['Set[1, [2]]', new Set<unknown>([1, [2]]), 'd60c92019102'],
    ['/a\\/b/i', new RubyRegexp('a/b', 'i'), 'c70c10283f692d6d783a615c2f6229'],
    ['TimeZone["Tokyo"]', described('time_zone', 'Tokyo'), 'c70509546f6b796f'],
    [
      'URI("https://example.com/a?b#c")',
      described('uri', 'https://example.com/a?b#c'),
      'c7190d68747470733a2f2f6578616d706c652e636f6d2f613f622363',
    ],
    ['IPAddr("10.1.2.0/24")', described('ipaddr', '10.1.2.0/24'), 'c70c0eab31302e312e322e302f3234'],
    ['IPAddr("::1")', described('ipaddr', '::1/128'), 'd60ea33a3a31'],
    ['Pathname("/tmp")', described('pathname', '/tmp'), 'd60f2f746d70'],
    ['Pathname("\\xff")', described('pathname', RubyString.fromBinary('\u00ff', 'ASCII-8BIT')), 'd40fff'],
    [
      '{ 1 => 2, nil => 3, [1] => 4, a: 5 }',
      new Map<unknown, unknown>([[1, 2], [null, 3], [[1], 4], [new RubySymbol('a'), 5]]), // prettier-ignore
      '840102c003910104d4006105',
    ],
    [
      '{ a: { b: [{ c: 1 }] } }.with_indifferent_access',
      new RubyHash([[new RubySymbol('a'), { b: [new Map([['c', 1]])] }]], { indifferentAccess: true }),
      'd81181a161c70a1181a16291d61181a16301',
    ],
    ['{}.with_indifferent_access', new RubyHash([], { indifferentAccess: true }), 'd41180'],
    ['Hash.new(5)', new RubyHash([], { default: 5 }), '80'],
    [
      '"x" with instance variables',
      makeObject({ kind: 'string', className: 'String', fields: [['@a', 1]], value: new RubyString('x') }, null),
      'a178',
    ],
  ])('%s', (_, value, hex) => {
    expect(written(value)).toBe(hex)
  })

  it('writes what JavaScript has besides', () => {
    expect(written({ a: undefined, b: 1 })).toBe('81a16201')
    expect(written([undefined, , 1])).toBe('93c0c001') // oxlint-disable-line no-sparse-arrays
    expect(written(new Map([['a', undefined]]))).toBe('80')
    expect(written(new Set([undefined]))).toBe('d50c91c0')
    expect(written(new RubyRange(undefined, 1))).toBe('c7030bc001c2')
    expect(written(Object.create(null))).toBe('80')
    expect(written(JSON.parse('{"__proto__":1}'))).toBe('81a95f5f70726f746f5f5f01')
    expect(written(runInNewContext('({ a: [1, { b: 2 }] })'))).toBe('81a161920181a16202')
    expect(written(Buffer.from('a'))).toBe('c40161')
    expect(written(new Uint8Array(Uint8Array.of(1, 2, 3).buffer, 1, 1))).toBe('c40102')
    expect(written(Object.defineProperty({ [Symbol('s')]: 1 }, 'hidden', { value: 1 }))).toBe('80')
    expect(written({ toJSON: () => 1, a: 1 }.a)).toBe('01')
    expect(written('\ud800')).toBe('a3eda080')
  })

  it('writes a key once, where Ruby has one', () => {
    const same = [['a', 1], [new RubyString('a', 'US-ASCII'), 2], [new RubySymbol('a'), 3], [1, 4], [1n, 5], [new RubyFloat(1), 6]] as const // prettier-ignore
    expect(written(new RubyHash(same))).toBe('84a16102d40061030105cb3ff000000000000006')
    expect(written(new Map<unknown, unknown>(same))).toBe(written(new RubyHash(same)))
    expect(written(new RubyHash(same, { indifferentAccess: true }))).toBe('d81183a161030105cb3ff000000000000006')
    expect(written(new RubyHash([['a', 1], ['a', 2]], { compareByIdentity: true }))).toBe('82a16101a16102') // prettier-ignore
  })

  it('writes IPAddr and SafeBuffer as the version does', () => {
    const html = new RubySafeBuffer('<b>')
    expect(written(html)).toBe('c703123c623e')
    expect(written(html, '8.1')).toBe('c703123c623e')
    expect(written(html, '8.2')).toBe('d612a33c623e')
    for (const version of ['7.1', '7.2', '8.0'] as const) {
      expect(() => written({ html }, version)).toThrow(`html is a SafeBuffer, which Rails has written to MessagePack since 8.1, not in ${version}`) // prettier-ignore
    }
    const net = described('ipaddr', '10.1.2.0/24')
    expect(written(net, '7.1')).toBe('d70e31302e312e322e30')
    expect(written(net, '7.2')).toBe('c70c0eab31302e312e322e302f3234')
  })

  it('writes lengths in as few bytes as they need', () => {
    const sizes = [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536]
    const head = (hex: string): string => hex.slice(0, 10)
    expect(sizes.map((size) => head(written('a'.repeat(size))).replace(/(61)+$/, ''))).toEqual(
      ['a0', 'a1', 'af', 'b0', 'bf', 'd920', 'd9ff', 'da0100', 'daffff', 'db00010000'], // prettier-ignore
    )
    expect(sizes.map((size) => head(written(new Uint8Array(size).fill(0x61))).replace(/(61)+$/, ''))).toEqual(
      ['c400', 'c401', 'c40f', 'c410', 'c41f', 'c420', 'c4ff', 'c50100', 'c5ffff', 'c600010000'], // prettier-ignore
    )
    expect(sizes.map((size) => head(written(Array.from({ length: size }, () => true))).replace(/(c3)+$/, ''))).toEqual(
      ['90', '91', '9f', 'dc0010', 'dc001f', 'dc0020', 'dc00ff', 'dc0100', 'dcffff', 'dd00010000'], // prettier-ignore
    )
    expect(head(written(Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`k${i}`, i]))))).toBe('de0010a26b')
    const symbols = [1, 2, 3, 4, 8, 16, 17, 255, 256, 65_536].map((size) => written(new RubySymbol('a'.repeat(size))))
    expect(symbols.map((hex) => hex.slice(0, 14).replace(/(61)+$/, ''))).toEqual(
      ['d400', 'd500', 'c70300', 'd600', 'd700', 'd800', 'c71100', 'c7ff00', 'c8010000', 'c90001000000'], // prettier-ignore
    )
  })
})

describe('what cannot be written', () => {
  class Cart {
    readonly total = 1
  }
  const circular: Record<string, unknown> = { cart: { items: [] } }
  ;(circular['cart'] as { items: unknown[] }).items.push(0, circular['cart'])
  const inSets = new Set<unknown>()
  inSets.add([inSets])

  it.each([
    [{ cart: { items: [0, 0, { price: () => 1 }] } }, 'cart.items[2].price is a function'],
    [{ a: Symbol('s') }, 'a is a symbol'],
    [{ a: [new Cart()] }, 'a[0] is an instance of Cart'],
    [new Cart(), 'the value is an instance of Cart'],
    [{ 'warden.user.user.key': /x/ }, '["warden.user.user.key"] is an instance of RegExp'],
    [{ a: new Uint16Array(1) }, 'a is an instance of Uint16Array'],
    [new Map<unknown, unknown>([[1, [new Map([[2, () => 1]])]]]), '[1][0][2] is a function'],
    [new Map<unknown, unknown>([[{ a: 1 }, new Cart()]]), '["?"] is an instance of Cart'],
    [{ a: new Map<unknown, unknown>([[[new Cart()], 1]]) }, 'a has a key that is an instance of Cart'],
    [new Set([1, new WeakMap()]), '[1] is an instance of WeakMap'],
    [{ a: new RubyRange(1, () => 1) }, 'a.end is a function'],
    [{ a: new RubyDuration([['hours', new Cart()]], 1) }, 'a.hours is an instance of Cart'],
    [{ a: new Date(Number.NaN) }, 'a is an invalid Date'],
    [
      { a: RubyString.fromBinary('\u0081', 'Shift_JIS') },
      'a is a String whose bytes are no text that can be converted from Shift_JIS',
    ],
    [{ a: new RubySymbol(latin1('\u00e9')) }, 'a is a Symbol in ISO-8859-1, which Rails could not read again'],
    [{ a: new RubySymbol(RubyString.fromBinary('\u00ff', 'UTF-8')) }, 'a is a Symbol in UTF-8'],
    [undefined, 'the value is undefined'],
    [() => 1, 'the value is a function'],
    [circular, 'cart.items[1] is a circular reference'],
    [inSets, '[0][0] is a circular reference'],
    [nested(129), 'is nested more deeply than Rails reads'],
    [{ user: described('struct', undefined, 'User') }, "user is an object of Ruby's class User, which Rails does not write to MessagePack"], // prettier-ignore
    [[described('object', undefined, 'Cart')], "[0] is an object of Ruby's class Cart"],
    [[described('class', undefined, 'String')], "[0] is Ruby's class String itself"],
    [described('exception', 'x', 'RuntimeError'), "the value is an object of Ruby's class RuntimeError"],
    [described('string', new RubyString('a'), 'Name'), "the value is an object of Ruby's class Name"],
    [described('array', [1]), "the value is an object of Ruby's class without a name"],
    [described('hash', new RubyHash(), 'ActiveSupport::OrderedHash'), "the value is an object of Ruby's class ActiveSupport::OrderedHash"], // prettier-ignore
    [makeObject({ kind: 'array', className: 'Array', modules: ['Comparable'], value: [] }, null), "an object of Ruby's class Array"], // prettier-ignore
  ])('is told with its place: %#', (value, message) => {
    expect(() => writeMessagePack(value)).toThrow(UnserializableValueError)
    expect(() => writeMessagePack(value)).toThrow(message)
  })

  it('is what Rails could not read, and nothing less deep', () => {
    expect(readMessagePack(writeMessagePack(nested(128))).ok).toBe(true)
    expect(readMessagePack(writeMessagePack(nested(129, []))).ok).toBe(true)
    const sets = (count: number): unknown => {
      let value: unknown = 1
      for (let i = 0; i < count; i++) value = new Set([value])
      return value
    }
    expect(readMessagePack(writeMessagePack(sets(256))).ok).toBe(true)
    expect(() => writeMessagePack(sets(257))).toThrow('is nested more deeply than Rails reads')
    expect(() => writeMessagePack(sets(40_000))).toThrow(UnserializableValueError)
    expect(() => writeMessagePack(nested(40_000))).toThrow(UnserializableValueError)
  })

  it('is an object in so many places that it would take too many bytes', () => {
    let value: unknown = [1]
    for (let i = 0; i < 100; i++) value = [value, value]
    expect(() => writeMessagePack(value)).toThrow('the value has more than 1000000 values')
  })

  it('passes on what a getter throws', () => {
    const value = {
      get a(): never {
        throw new RangeError('mine')
      },
    }
    expect(() => writeMessagePack(value)).toThrow(RangeError)
  })
})

/** Lossless values of every kind that Rails reads as it has written them. */
const values = fc.letrec<{ value: unknown; key: unknown }>((tie) => {
  const integer = fc.oneof(
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
    fc.bigInt({ min: -(2n ** 70n), max: -(2n ** 53n) }),
  )
  const nanoseconds = fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n })
  const offset = fc.integer({ min: -86_399, max: 86_399 })
  const text = fc.string({ unit: 'grapheme', maxLength: 40 })
  return {
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(null, true, false, ''),
      integer,
      fc.double().map((number) => new RubyFloat(number)),
      text,
      fc.uint8Array({ maxLength: 40 }).map((bytes) => new RubyString(bytes)),
      text.map((name) => new RubySymbol(name)),
      fc.bigInt().map((digits) => new RubyDecimal(`${digits}e-7`)),
      fc.tuple(fc.bigInt(), fc.bigInt({ min: 1n })).map(([top, bottom]) => new RubyRational(top, bottom)),
      fc.tuple(integer, fc.double()).map(([real, imaginary]) => new RubyComplex(real, new RubyFloat(imaginary))),
      fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n }).map((jd) => new RubyDate(jd)),
      fc.tuple(nanoseconds, offset).map(([time, utcOffset]) => new RubyTime(time, { utcOffset })),
      fc.tuple(nanoseconds, offset).map(([time, utcOffset]) => new RubyDateTime(time, { utcOffset })),
      nanoseconds.map((time) => new RubyTimeWithZone(time, 'Europe/Paris')),
      fc
        .tuple(fc.integer({ min: 1 }), fc.integer({ min: 1 }))
        .map(([days, hours]) => new RubyDuration({ days, hours })),
      fc.tuple(integer, integer, fc.boolean()).map(([begin, end, exclude]) => new RubyRange(begin, end, exclude)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.uniqueArray(fc.maxSafeInteger(), { maxLength: 4 }).map((elements) => new Set(elements)),
      fc.array(fc.tuple(tie('key'), tie('value')), { maxLength: 4 }).map((pairs) => new RubyHash(new Map(pairs))),
      fc
        .array(fc.tuple(text, integer), { maxLength: 4 })
        .map((pairs) => new RubyHash(new Map(pairs), { indifferentAccess: true })),
    ),
    key: fc.oneof(text, fc.maxSafeInteger()),
  }
}).value

describe('what was written', () => {
  it('is read as the same, and written to the same bytes again', () => {
    fc.assert(
      fc.property(values, (value) => {
        const payload = { text: writeMessagePackText(value, '8.1'), bytes: true }
        const read = readMessagePackPayload(payload, '8.1')
        expect(read.ok && typedTree(read.value)).toEqual(typedTree(value))
        expect(read.ok && writeMessagePackText(read.value, '8.1')).toBe(payload.text)
      }),
      { numRuns: 3000 },
    )
  })

  it('is plain data again', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), (value) => {
        expect(readMessagePack(writeMessagePack(value))).toEqual({ ok: true, value: JSON.parse(JSON.stringify(value)) })
      }),
      { numRuns: 2000 },
    )
  })

  it('never is anything else than bytes that can be read, or an error with a place', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    })
    const outcome = (value: unknown): string => {
      try {
        return readMessagePack(writeMessagePack(value)).ok ? 'read' : 'not read'
      } catch (error) {
        return error instanceof UnserializableValueError ? 'refused' : String(error)
      }
    }
    fc.assert(
      fc.property(anything, (value) => {
        expect(['read', 'refused']).toContain(outcome(value))
      }),
      { numRuns: 3000 },
    )
    const invalid = new Date(Number.NaN)
    for (const key of [
      invalid,
      new Map<unknown, unknown>([
        [0, 0],
        [invalid, 0],
      ]),
    ]) {
      expect(
        outcome(
          new Map([
            [
              new Map<unknown, unknown>([
                [key, 0],
                [1, 1],
              ]),
              0,
            ],
          ]),
        ),
      ).toBe('refused')
    }
  })
})

function nested(depth: number, innermost: unknown = 1): unknown {
  let value = innermost
  const arrays = Array.isArray(innermost) ? depth - 1 : depth
  for (let i = 0; i < arrays; i++) value = [value]
  return value
}
