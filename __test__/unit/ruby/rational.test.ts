import { describe, expect, it } from 'vitest'
import { RubyRational } from '../../../src/ruby/rational.ts'

describe('RubyRational', () => {
  it.each([
    [6, 8, '3/4'],
    [-6, 8, '-3/4'],
    [6, -8, '-3/4'],
    [-6, -8, '3/4'],
    [0, 5, '0/1'],
    [2n ** 100n, 2n ** 99n, '2/1'],
    [7, undefined, '7/1'],
  ])('%s over %s is %s', (numerator, denominator, text) => {
    const rational = new RubyRational(numerator, denominator)
    expect(String(rational)).toBe(text)
    expect(JSON.stringify([rational])).toBe(`["${text}"]`)
  })

  it('can be left as it is, as Marshal has it', () => {
    const rational = RubyRational.unreduced(2n, -4n)
    expect(rational).toBeInstanceOf(RubyRational)
    expect(String(rational)).toBe('-2/4')
    expect(Number(rational)).toBe(-0.5)
    expect(() => Object.assign(rational, { numerator: 1n })).toThrow(TypeError)
    expect(() => RubyRational.unreduced(1n, 0n)).toThrow(RangeError)
    expect(String(RubyRational.unreduced(2n ** 70_000n, 1n)).length).toBeGreaterThan(20_000)
  })

  // (10**400 / 3r).to_f and so on
  it.each([
    [1n, 3n, 1 / 3],
    [-2n, 3n, -2 / 3],
    [0n, 1n, 0],
    [10n ** 400n, 3n, Number.POSITIVE_INFINITY],
    [-(10n ** 400n), 3n, Number.NEGATIVE_INFINITY],
    [1n, 10n ** 400n, 0],
    [10n ** 400n + 1n, 3n * 10n ** 400n, 0.3333333333333333],
    [2n ** 60n + 1n, 2n ** 60n + 3n, 1],
    [10n ** 310n, 10n ** 5n, 1e305],
    [1n, 2n ** 1070n, 2 ** -1070],
    [123_456_789n, 1000n, 123_456.789],
  ])('%d / %d as a number', (numerator, denominator, number) => {
    expect(Number(RubyRational.unreduced(numerator, denominator))).toBe(number)
  })

  it.each([
    [1, 0],
    [1.5, 1],
    [1, Number.NaN],
  ])('refuses %s over %s', (numerator, denominator) => {
    expect(() => new RubyRational(numerator, denominator)).toThrow(RangeError)
  })
})
