import { describe, expect, it } from 'vitest'
import { Identities, withoutDuplicates } from '../../../src/ruby/eql.ts'
import { RubyFloat } from '../../../src/ruby/float.ts'
import { RubyHash } from '../../../src/ruby/hash.ts'
import { makeObject } from '../../../src/ruby/object.ts'
import { RubySafeBuffer } from '../../../src/ruby/safe-buffer.ts'
import { RubyString } from '../../../src/ruby/string.ts'
import { RubySymbol } from '../../../src/ruby/symbol.ts'

const string = makeObject({ kind: 'string', className: 'Name', value: new RubyString('a') }, null)

describe('Identities', () => {
  // a.eql?(b) of Ruby 3.3.
  it.each([
    ['a', new RubyString('a')],
    ['a', new RubyString('a', 'US-ASCII')],
    ['a', RubyString.fromBinary('a', 'ASCII-8BIT')],
    ['a', new RubySafeBuffer('a')],
    ['a', string],
    [['a'], [new RubyString('a')]],
    [1, 1n],
    [new RubyFloat(1), new RubyFloat(1)],
    [new RubyHash({ a: 1, b: 2 }), new RubyHash({ b: 2, a: 1 })],
    [new Set([1, 2]), new Set([2, 1])],
  ])('takes %# for the same', (a, b) => {
    const identities = new Identities()
    expect(identities.of(a)).toBe(identities.of(b))
  })

  it.each([
    ['a', new RubySymbol('a')],
    ['é', RubyString.fromBinary('\u00c3\u00a9', 'ASCII-8BIT')],
    [1, new RubyFloat(1)],
    [[1, 2], [2, 1]], // prettier-ignore
    [['a', 'b'], ['a,string  b']], // prettier-ignore
    [['a', 'b'], [['a', 'b']]], // prettier-ignore
    [new RubyFloat(Number.NaN), new RubyFloat(Number.NaN)],
    ['#0', [[]]],
    [null, 'null'],
  ])('tells %# apart', (a, b) => {
    const identities = new Identities()
    expect(identities.of(a)).not.toBe(identities.of(b))
  })
})

describe('withoutDuplicates', () => {
  it('keeps the first place and the last value', () => {
    const pairs = [['a', 1], ['b', 2], ['a', 3]] as const // prettier-ignore
    expect(withoutDuplicates(pairs, new Identities())).toEqual([['a', 3], ['b', 2]]) // prettier-ignore
    const mixed = [['a', 1], ['b', 2], [new RubyString('a', 'US-ASCII'), 3]] as const // prettier-ignore
    expect(withoutDuplicates(mixed, new Identities())).toEqual([['a', 3], ['b', 2]]) // prettier-ignore
  })
})
