import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { greatestCommonDivisor } from '../../../src/ruby/gcd.ts'

describe('greatestCommonDivisor', () => {
  it.each([
    [0n, 0n, 0n],
    [0n, 5n, 5n],
    [5n, 0n, 5n],
    [12n, 18n, 6n],
    [2n ** 64n, 2n ** 64n, 2n ** 64n],
    [2n ** 4000n, 3n * 2n ** 70n, 2n ** 70n],
    [2n ** 4000n + 1n, 2n ** 4000n - 1n, 1n],
    [10n ** 500n, 10n ** 300n, 10n ** 300n],
    [2n ** 53n - 1n, 2n ** 53n, 1n],
  ])('of %s and %s', (a, b, divisor) => {
    expect(greatestCommonDivisor(a, b)).toBe(divisor)
    expect(greatestCommonDivisor(b, a)).toBe(divisor)
  })

  it('is what Euclid finds', () => {
    const numbers = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n }), fc.bigInt({ min: 0n, max: 2n ** 600n }))
    fc.assert(
      fc.property(numbers, numbers, numbers, (a, b, factor) => {
        expect(greatestCommonDivisor(a * factor, b * factor)).toBe(euclid(a, b) * factor)
      }),
      { numRuns: 2000 },
    )
  })

  it('takes the worst case of Euclid, two numbers of Fibonacci, at four kilobytes each', () => {
    let [a, b] = [0n, 1n]
    for (let i = 0; i < 47_000; i++) [a, b] = [b, a + b]
    expect(b.toString(16).length).toBeGreaterThan(8000)
    expect(greatestCommonDivisor(a, b)).toBe(1n)
  })
})

function euclid(a: bigint, b: bigint): bigint {
  return b === 0n ? a : euclid(b, a % b)
}
