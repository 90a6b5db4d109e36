import { describe, expect, it } from 'vitest'
import { RubyDecimal } from '../../../src/ruby/decimal.ts'
import { RubyDuration } from '../../../src/ruby/duration.ts'
import { RubyFloat } from '../../../src/ruby/float.ts'

describe('RubyDuration', () => {
  // (1.hour + 30.minutes).value and .parts, and so on
  it.each([
    [
      { hours: 1, minutes: 30 },
      5400,
      [
        ['hours', 1],
        ['minutes', 30],
      ],
    ],
    [{ years: 1 }, 31_556_952, [['years', 1]]],
    [
      { months: -2, days: 1 },
      -5_173_092,
      [
        ['months', -2],
        ['days', 1],
      ],
    ],
    [{ hours: 0 }, 0, [['hours', 0]]],
    [{ hours: 0, minutes: 5 }, 300, [['minutes', 5]]],
    [
      { hours: 1, minutes: -60 },
      0,
      [
        ['hours', 1],
        ['minutes', -60],
      ],
    ],
    [
      { weeks: 2, days: 1.5 },
      new RubyFloat(1_339_200),
      [
        ['weeks', 2],
        ['days', 1.5],
      ],
    ],
    [{ seconds: 1.5 }, new RubyFloat(1.5), [['seconds', 1.5]]],
    [{}, 0, []],
  ] as const)('%o', (given, value, parts) => {
    const duration = new RubyDuration(given)
    expect(duration.value).toEqual(value)
    expect(duration.parts).toEqual(parts)
    expect(Number(duration)).toBe(Number(value))
  })

  it('is written into JSON in whole seconds', () => {
    expect(JSON.stringify([new RubyDuration({ seconds: -1.5 }), new RubyDuration({ minutes: 90 })])).toBe('[-1,5400]')
  })

  it('takes the length that Ruby has found', () => {
    const duration = new RubyDuration([['seconds', new RubyDecimal('2.7')]], new RubyDecimal('2.7'))
    expect(Number(duration)).toBe(2.7)
    expect(duration.parts).toHaveLength(1)
  })

  it.each([
    [{ fortnights: 1 }],
    [{ days: '1' }],
    [{ days: Number.NaN }],
    [{ days: 1n }],
    [{ __proto__: null, toString: 1 }],
  ])('refuses %o', (parts) => {
    expect(() => new RubyDuration(parts as never)).toThrow(TypeError)
  })
})
