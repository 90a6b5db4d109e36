/** Arithmetic that loses nothing. */

import { floorDivide } from './civil.ts'
import { RubyFloat } from './float.ts'
import { RubyRational } from './rational.ts'

/** The exact value of an Integer, a Float or a Rational; null for what is none of them, or no number at all. */
export function exactly(value: unknown): RubyRational | null {
  if (value instanceof RubyRational) return value
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return new RubyRational(value as number | bigint)
  if (!(value instanceof RubyFloat) || !Number.isFinite(value.value)) return null
  let [whole, halvings] = [value.value, 0]
  while (!Number.isInteger(whole)) [whole, halvings] = [whole * 2, halvings + 1]
  return new RubyRational(BigInt(whole), 2n ** BigInt(halvings))
}

/** The whole part, rounded down, and the rest, from 0 to below 1. */
export function split({ numerator, denominator }: RubyRational): [whole: bigint, rest: RubyRational] {
  const whole = floorDivide(numerator, denominator)
  return [whole, new RubyRational(numerator - whole * denominator, denominator)]
}

/** `a + b`. */
export function sum(a: RubyRational, b: RubyRational): RubyRational {
  return new RubyRational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)
}

/** `a * b`. */
export function product(a: RubyRational, b: bigint): RubyRational {
  return new RubyRational(a.numerator * b, a.denominator)
}

/** `a / b`; null where `b` is 0. */
export function quotient(a: RubyRational, b: RubyRational): RubyRational | null {
  const denominator = a.denominator * b.numerator
  return denominator === 0n ? null : new RubyRational(a.numerator * b.denominator, denominator)
}
