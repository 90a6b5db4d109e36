import { describe, expect, it } from 'vitest'
import { RubyComplex } from '../../../src/ruby/complex.ts'
import { RubyDate, RubyDateTime } from '../../../src/ruby/date.ts'
import { RubyDecimal } from '../../../src/ruby/decimal.ts'
import { RubyDuration } from '../../../src/ruby/duration.ts'
import { RubyFloat } from '../../../src/ruby/float.ts'
import { RubyHash } from '../../../src/ruby/hash.ts'
import { completeObject, makeObject, type RubyObject, type RubyObjectFields } from '../../../src/ruby/object.ts'
import { RubyRange } from '../../../src/ruby/range.ts'
import { RubyRational } from '../../../src/ruby/rational.ts'
import { RubyRegexp } from '../../../src/ruby/regexp.ts'
import { RubySafeBuffer } from '../../../src/ruby/safe-buffer.ts'
import { RubyString } from '../../../src/ruby/string.ts'
import { RubySymbol } from '../../../src/ruby/symbol.ts'
import { RubyTime } from '../../../src/ruby/time.ts'
import { RubyTimeWithZone } from '../../../src/ruby/time-with-zone.ts'
import { typedTree } from '../../../src/ruby/typed-tree.ts'

const object = (fields: RubyObjectFields): RubyObject => makeObject(fields, null)

describe('typedTree', () => {
  // The trees are those of vectors: what Ruby says of the value
  it.each([
    [null, null],
    [true, true],
    [-0, 0],
    [1.5, { $: 'float', v: '1.5' }],
    [new RubyFloat(1), { $: 'float', v: '1.0' }],
    [new RubyFloat(Number.NaN), { $: 'float', v: 'NaN' }],
    [2 ** 53, { $: 'float', v: '9.007199254740992e+15' }],
    [2n ** 53n - 1n, 9_007_199_254_740_991],
    [2n ** 53n, { $: 'int', v: '9007199254740992' }],
    ['clé', 'clé'],
    ['\ud83d', { $: 'string', enc: 'UTF-8', b64: '7aC9' }],
    [new RubyString('a', 'US-ASCII'), { $: 'string', enc: 'US-ASCII', b64: 'YQ==', v: 'a' }],
    [RubyString.fromBinary('caf\u00e9', 'ISO-8859-1'), { $: 'string', enc: 'ISO-8859-1', b64: 'Y2Fm6Q==', v: 'café' }],
    [RubyString.fromBinary('\u00ff\0', 'ASCII-8BIT'), { $: 'string', enc: 'ASCII-8BIT', b64: '/wA=' }],
    [Uint8Array.of(0xff, 0), { $: 'string', enc: 'ASCII-8BIT', b64: '/wA=' }],
    [new RubySymbol('a'), { $: 'symbol', v: 'a' }],
    [new RubySymbol('é'), { $: 'symbol', v: 'é' }],
    [new RubySymbol(RubyString.fromBinary('\u00e9', 'ISO-8859-1')), { $: 'symbol', enc: 'ISO-8859-1', b64: '6Q==' }],
    [
      { a: 1, b: [2] },
      { a: 1, b: [2] },
    ],
    [new RubyHash({ a: 1 }), { a: 1 }],
    [new Map([['a', 1]]), { a: 1 }],
    [new Map([[1, 2]]), { $: 'hash', v: [[1, 2]] }],
    [{ $: 1 }, { $: 'hash', v: [['$', 1]] }],
    [new RubyHash([['a', 1]], { default: 0 }), { $: 'hash', v: [['a', 1]], default: 0 }],
    [new RubyHash([['a', 1]], { default: null }), { a: 1 }],
    [new RubyHash([['a', 1]], { compareByIdentity: true }), { $: 'hash', v: [['a', 1]], compare_by_identity: true }],
    [
      new RubyHash([['a', 1]], { indifferentAccess: true }),
      { $: 'hash', class: 'ActiveSupport::HashWithIndifferentAccess', v: [['a', 1]] },
    ],
    [new RubyHash([[new RubyString('a', 'US-ASCII'), 1]]), { $: 'hash', v: [[{ $: 'string', enc: 'US-ASCII', b64: 'YQ==', v: 'a' }, 1]] }], // prettier-ignore
    [new RubyRational(-1, 3), { $: 'rational', num: '-1', den: '3' }],
    [new RubyComplex(1, new RubyFloat(2)), { $: 'complex', re: 1, im: { $: 'float', v: '2.0' } }],
    [new RubyDecimal('123.450'), { $: 'bigdecimal', v: '123.45' }],
    [new RubyRange('a', null, true), { $: 'range', begin: 'a', end: null, exclude_end: true }],
    [new Set([1, [2]]), { $: 'set', v: [1, [2]] }],
    [new RubyRegexp('a<b', 'ix'), { $: 'regexp', source: 'a<b', options: 3, enc: 'US-ASCII' }],
    [new RubyRegexp('é'), { $: 'regexp', source: 'é', options: 16, enc: 'UTF-8' }],
    [
      new Date(1_709_212_455_123),
      { $: 'time', iso: '2024-02-29T13:14:15.123000000Z', utc_offset: 0, utc: true, zone: 'UTC' },
    ],
    [
      new RubyTime(1n, { utcOffset: 19_800, subnano: new RubyRational(1, 3) }),
      { $: 'time', iso: '1970-01-01T00:00:00.000000001Z', utc_offset: 19_800, utc: false, subnano: '1/3' },
    ],
    [new RubyDate('0001-01-01'), { $: 'date', v: '0001-01-01', start: { $: 'float', v: '2299161.0' } }],
    [
      new RubyDateTime(new Date('2024-02-28T23:02:03.250Z'), { utcOffset: 7200 }),
      {
        $: 'datetime',
        v: '2024-02-29T01:02:03.250000000+02:00',
        jd: 2_460_370,
        start: { $: 'float', v: '2299161.0' },
      },
    ],
    [
      new RubyTimeWithZone(1_700_000_000_500_000_000n, 'America/New_York'),
      { $: 'time_with_zone', utc: '2023-11-14T22:13:20.500000000Z', time_zone: 'America/New_York' },
    ],
    [new RubyDuration({ minutes: 90 }), { $: 'duration', value: 5400, parts: [['minutes', 90]] }],
    [new RubySafeBuffer('<b>'), { $: 'safe_buffer', v: '<b>', html_safe: true }],
    [object({ kind: 'class', className: 'String' }), { $: 'class', v: 'String' }],
    [object({ kind: 'uri', value: 'http://a/' }), { $: 'uri', v: 'http://a/' }],
    [object({ kind: 'other', className: 'Proc' }), { $: 'other', class: 'Proc' }],
    [object({ kind: 'struct', fields: [['a', 1]] }), { $: 'struct', class: null, members: [['a', 1]] }],
    [
      object({ kind: 'object', className: 'User', fields: [['@id', new RubyFloat(1)]] }),
      { $: 'object', class: 'User', ivars: [['@id', { $: 'float', v: '1.0' }]] },
    ],
    [
      object({ kind: 'exception', className: 'MyErr', value: 'boom' }),
      { $: 'exception', class: 'MyErr', message: 'boom' },
    ],
    [
      object({ kind: 'string', className: 'MyS', value: new RubyString('a') }),
      { $: 'user_class', class: 'MyS', v: 'a' },
    ],
    [
      object({ kind: 'string', className: 'String', value: new RubyString('a'), fields: [['@x', 1]] }),
      { $: 'string_with_ivars', v: 'a', ivars: [['@x', 1]] },
    ],
    [
      object({ kind: 'regexp', className: 'MyR', value: new RubyRegexp('a', 'i') }),
      { $: 'user_class', class: 'MyR', v: { $: 'regexp', source: 'a', options: 1, enc: 'US-ASCII' } },
    ],
    [object({ kind: 'array', className: 'MyA', value: [1] }), { $: 'user_class', class: 'MyA', v: [1] }],
    [
      object({ kind: 'hash', className: 'MyH', value: new RubyHash({ a: 1 }) }),
      { $: 'hash', class: 'MyH', v: [['a', 1]] },
    ],
    [
      object({ kind: 'array', className: 'Array', modules: ['A', 'B'], value: [1] }),
      { $: 'extended', modules: ['A', 'B'], v: [1] },
    ],
    [
      object({ kind: 'object', className: 'User', modules: ['A'], fields: [] }),
      { $: 'object', class: 'User', ivars: [] },
    ],
    [object({ kind: 'user_marshal', className: 'M', value: [1] }), { $: 'user_marshal', class: 'M', v: [1] }],
    [
      object({ kind: 'user_dump', className: 'D', value: RubyString.fromBinary('v\u00ff', 'ASCII-8BIT') }),
      { $: 'user_dump', class: 'D', b64: 'dv8=' },
    ],
  ])('%# %o', (value, tree) => {
    expect(JSON.stringify(typedTree(value))).toBe(JSON.stringify(tree))
  })

  it('tells objects that come more than once', () => {
    const array = ['a']
    const string = new RubyString('b')
    const set = new Set([1])
    const inner = object({ kind: 'object', className: 'User', fields: [['@a', array]] })
    expect(typedTree([array, string, set, [array, string, set], inner, inner])).toEqual([
      { $: 'shared', id: 1, v: ['a'] },
      { $: 'shared', id: 2, v: 'b' },
      { $: 'shared', id: 3, v: { $: 'set', v: [1] } },
      [
        { $: 'ref', id: 1 },
        { $: 'ref', id: 2 },
        { $: 'ref', id: 3 },
      ],
      { $: 'shared', id: 4, v: { $: 'object', class: 'User', ivars: [['@a', { $: 'ref', id: 1 }]] } },
      { $: 'ref', id: 4 },
    ])
  })

  it('tells what is the same in any case only as it is', () => {
    const symbol = new RubySymbol('a')
    const float = new RubyFloat(1)
    const key = new RubyString('k')
    const tree = typedTree([symbol, symbol, float, float, new RubyHash([[key, 1]]), new RubyHash([[key, 2]])])
    expect(JSON.stringify(tree)).not.toContain('shared')
  })

  it('tells what is inside itself', () => {
    const array: unknown[] = [1]
    array.push(array)
    expect(typedTree(array)).toEqual({ $: 'shared', id: 1, v: [1, { $: 'ref', id: 1 }] })
    const wrapper = object({ kind: 'user_marshal', className: 'M' })
    completeObject(wrapper, [wrapper])
    expect(typedTree(wrapper)).toEqual({
      $: 'shared',
      id: 1,
      v: { $: 'user_marshal', class: 'M', v: [{ $: 'ref', id: 1 }] },
    })
  })

  it('goes as deep as the value, in time that grows with it', () => {
    let deep: unknown = []
    for (let i = 0; i < 40_000; i++) deep = i % 2 === 0 ? [deep] : new RubyHash({ a: deep })
    expect(depthOf(typedTree(deep))).toBe(40_001)
    let wide: unknown = []
    for (let i = 0; i < 40_000; i++) wide = [wide, wide]
    const started = performance.now()
    expect(typedTree(wide)).toHaveLength(2)
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('has no prototypes, so that every key is a key', () => {
    const tree = typedTree(new RubyHash([['__proto__', new RubyHash([['a', 1]])]]))
    expect(Object.getPrototypeOf(tree)).toBeNull()
    expect(Object.keys(tree as object)).toEqual(['__proto__'])
  })

  it.each([[undefined], [() => 1], [Symbol('s')], [new WeakMap()], [[/x/]], [{ a: undefined }]])(
    'refuses %s, which is no Ruby value',
    (value) => {
      expect(() => typedTree(value)).toThrow(TypeError)
    },
  )
})

function depthOf(tree: unknown): number {
  let depth = 0
  for (let each = tree; typeof each === 'object' && each !== null; each = Object.values(each)[0]) depth += 1
  return depth
}
