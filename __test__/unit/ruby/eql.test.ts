import { describe, expect, it } from 'vitest'
import { RubyComplex } from '../../../src/ruby/complex.ts'
import { RubyDate, RubyDateTime } from '../../../src/ruby/date.ts'
import { RubyDecimal } from '../../../src/ruby/decimal.ts'
import { RubyDuration } from '../../../src/ruby/duration.ts'
import { Identities, withoutDuplicates } from '../../../src/ruby/eql.ts'
import { RubyFloat } from '../../../src/ruby/float.ts'
import { RubyHash } from '../../../src/ruby/hash.ts'
import { makeObject, type RubyObjectFields } from '../../../src/ruby/object.ts'
import { RubyRange } from '../../../src/ruby/range.ts'
import { RubyRational } from '../../../src/ruby/rational.ts'
import { RubyRegexp } from '../../../src/ruby/regexp.ts'
import { RubySafeBuffer } from '../../../src/ruby/safe-buffer.ts'
import { RubyString } from '../../../src/ruby/string.ts'
import { RubySymbol } from '../../../src/ruby/symbol.ts'
import { RubyTime } from '../../../src/ruby/time.ts'
import { RubyTimeWithZone } from '../../../src/ruby/time-with-zone.ts'

const object = (fields: RubyObjectFields): unknown => makeObject(fields, null)
const bytes = (binary: string, encoding: string): RubyString => RubyString.fromBinary(binary, encoding)
const ab = (): Array<[string, number]> => [['a', 1], ['b', 2]] // prettier-ignore
const struct = (className: string, x: unknown): unknown =>
  object({ kind: 'struct', className, fields: [['x', x], ['y', 2]] }) // prettier-ignore

/** Two of each are made, so that nothing is the same for being one object. */
const VALUES: Record<string, () => unknown> = {
  int1: () => 1,
  big: () => 2n ** 70n,
  float1: () => new RubyFloat(1),
  float15: () => 1.5,
  zero: () => new RubyFloat(0),
  negzero: () => new RubyFloat(-0),
  int0: () => -0,
  nan: () => new RubyFloat(Number.NaN),
  inf: () => Number.POSITIVE_INFINITY,
  rat1: () => new RubyRational(1),
  rat_half: () => new RubyRational(1, 2),
  rat_unreduced: () => RubyRational.unreduced(2n, 4n),
  cx1: () => new RubyComplex(1, 0),
  cx: () => new RubyComplex(1, 2),
  cxf: () => new RubyComplex(new RubyFloat(1), 2),
  dec1: () => new RubyDecimal('1'),
  dec15: () => new RubyDecimal('1.5'),
  dec150: () => new RubyDecimal('1.50'),
  dec0: () => new RubyDecimal('0'),
  decneg0: () => new RubyDecimal('-0'),
  decnan: () => new RubyDecimal('NaN'),
  str_a: () => 'a',
  str_a_ascii: () => new RubyString('a', 'US-ASCII'),
  str_a_bin: () => new RubyString('a', 'BINARY'),
  str_a_16: () => bytes('a\0', 'UTF-16LE'),
  str_e: () => 'é',
  str_e_bin: () => bytes('\u00c3\u00a9', 'ASCII-8BIT'),
  str_e_latin: () => bytes('\u00e9', 'ISO-8859-1'),
  str_null_a: () => 'a\0',
  str_empty: () => '',
  str_empty16: () => bytes('', 'UTF-16LE'),
  sym_a: () => new RubySymbol('a'),
  sym_e: () => new RubySymbol('é'),
  safe_a: () => new RubySafeBuffer('a'),
  mys_a: () => object({ kind: 'string', className: 'MyS', value: new RubyString('a') }),
  nil: () => null,
  true: () => true,
  false: () => false,
  str_nil: () => 'null',
  str_true: () => 'true',
  arr: () => [1, 'a'],
  arr_f: () => [new RubyFloat(1), 'a'],
  arr_my: () => object({ kind: 'array', className: 'MyA', value: [1, 'a'] }),
  arr_trick: () => ['a,string  b'],
  arr_trick2: () => ['a', 'b'],
  arr_empty: () => [],
  arr_nest: () => [[]],
  hash: () => new RubyHash(ab()),
  hash_rev: () => new RubyHash(ab().toReversed()),
  hash_sym: () => new RubyHash(ab().map(([key, value]): [unknown, unknown] => [new RubySymbol(key), value])),
  hwia: () => new RubyHash(ab(), { indifferentAccess: true }),
  myh: () => object({ kind: 'hash', className: 'MyH', value: new RubyHash(ab()) }),
  hash_default: () => new RubyHash(ab(), { default: 5 }),
  hash_empty: () => new RubyHash(),
  set: () => new Set([1, 2]),
  set_rev: () => new Set([2, 1]),
  set_f: () => new Set([new RubyFloat(1), 2]),
  range: () => new RubyRange(1, 2),
  range_excl: () => new RubyRange(1, 2, true),
  range_f: () => new RubyRange(new RubyFloat(1), 2),
  range_nil: () => new RubyRange(1, null),
  re: () => new RubyRegexp('a'),
  re_i: () => new RubyRegexp('a', 'i'),
  re_u: () => new RubyRegexp(new RubyString('a'), 16),
  re_e: () => new RubyRegexp('é'),
  time: () => new Date(0),
  time_off: () => new RubyTime(0, { utcOffset: 3600 }),
  time_ns: () => new RubyTime(1n),
  time_sub: () => new RubyTime(0, { subnano: new RubyRational(1, 3) }),
  twz: () => new RubyTimeWithZone(0, 'Paris'),
  twz2: () => new RubyTimeWithZone(0, 'UTC'),
  date: () => new RubyDate('1970-01-01'),
  date_greg: () => new RubyDate('1970-01-01', Number.NEGATIVE_INFINITY),
  dt: () => new RubyDateTime(0),
  dt_off: () => new RubyDateTime(0, { utcOffset: 3600 }),
  dt_noon: () => new RubyDateTime(43_200_000),
  dur: () => new RubyDuration({ seconds: 60 }),
  dur_min: () => new RubyDuration({ minutes: 1 }),
  dur_f: () => new RubyDuration([['seconds', new RubyFloat(60)]], new RubyFloat(60)),
  struct: () => struct('Point', 1),
  struct_f: () => struct('Point', new RubyFloat(1)),
  struct2: () => struct('P2', 1),
  klass: () => object({ kind: 'class', className: 'String' }),
  mod: () => object({ kind: 'module', className: 'Comparable' }),
  uri: () => object({ kind: 'uri', value: 'http://a/' }),
  uri2: () => object({ kind: 'uri', value: 'http://b/' }),
  path: () => object({ kind: 'pathname', value: '/a' }),
  ip: () => object({ kind: 'ipaddr', value: '1.2.3.4/32' }),
  user: () => object({ kind: 'object', className: 'User', fields: [['@a', 1]] }),
  exc: () => object({ kind: 'exception', className: 'RuntimeError', value: 'a' }),
}

/** All pairs of two names for which Ruby 3.3 has { a => 1 }.key?(b), and the names that are not the same as themselves. */
const SAME =
  'zero=negzero dec15=dec150 str_a=str_a_ascii str_a=str_a_bin str_a=safe_a str_a=mys_a str_a_ascii=str_a_bin str_a_ascii=safe_a str_a_ascii=mys_a str_a_bin=safe_a str_a_bin=mys_a str_empty=str_empty16 safe_a=mys_a arr=arr_my hash=hash_rev hash=hwia hash=myh hash=hash_default hash_rev=hwia hash_rev=myh hash_rev=hash_default hwia=myh hwia=hash_default myh=hash_default set=set_rev time=time_off time=twz time=twz2 time_off=twz time_off=twz2 twz=twz2 date=date_greg date=dt date=dt_off date_greg=dt date_greg=dt_off dt=dt_off dur=dur_min '.trim()
const ALONE = ['nan', 'decnan', 'user', 'exc']

describe('Identities', () => {
  it('tells apart what Ruby tells apart', () => {
    const names = Object.keys(VALUES)
    const same: string[] = []
    const alone: string[] = []
    for (const [i, a] of names.entries()) {
      for (const b of names.slice(i)) {
        const identities = new Identities()
        const isSame = identities.of(VALUES[a]!()) === identities.of(VALUES[b]!())
        if (a === b && !isSame) alone.push(a)
        if (a !== b && isSame) same.push(`${a}=${b}`)
      }
    }
    expect(same).toEqual(SAME.split(' '))
    expect(alone).toEqual(ALONE)
  })

  it('takes one object for the same as itself', () => {
    const identities = new Identities()
    for (const make of Object.values(VALUES)) {
      const value = make()
      expect(identities.of(value)).toBe(identities.of(value))
    }
  })

  it('follows values that contain themselves', () => {
    const array: unknown[] = []
    array.push(array)
    const identities = new Identities()
    expect(identities.of(array)).toBe(identities.of(array))
    expect(identities.of([array])).toBe(identities.of([array]))
    expect(identities.of([array])).not.toBe(identities.of([[]]))
  })

  it('takes time that grows with the size only', () => {
    let deep: unknown = []
    for (let i = 0; i < 40_000; i++) deep = [deep, deep]
    const started = performance.now()
    expect(new Identities().of(deep)).toMatch(/^#\d+$/)
    const keys = Array.from({ length: 40_000 }, (_, i): [unknown, unknown] => [[i, 'x'.repeat(10)], i])
    expect(withoutDuplicates(keys, new Identities())).toHaveLength(40_000)
    expect(performance.now() - started).toBeLessThan(3000)
  })
})

describe('withoutDuplicates', () => {
  it('keeps the first place and the first key, and the last value', () => {
    const pairs: Array<[unknown, unknown]> = [
      ['a', 1],
      [1, 2],
      [new RubyString('a', 'US-ASCII'), 3],
      [new RubyFloat(1), 4],
      [1n, 5],
    ]
    expect(withoutDuplicates(pairs, new Identities())).toEqual([
      ['a', 3],
      [1, 5],
      [new RubyFloat(1), 4],
    ])
  })
})
