import { RubyComplex } from '../../ruby/complex.ts'
import { RubyDecimal } from '../../ruby/decimal.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { RubyRational } from '../../ruby/rational.ts'
import { refuse } from './refusal.ts'
import { arrayOf } from './text.ts'

/** A Rational from its two Integers, which Ruby does not reduce here. */
export function rationalOf(numerator: unknown, denominator: unknown): RubyRational {
  if (!isInteger(numerator) || !isInteger(denominator) || Number(denominator) === 0) return refuse()
  const sign = denominator < 0 ? -1n : 1n
  return RubyRational.unreduced(BigInt(numerator) * sign, BigInt(denominator) * sign)
}

/** `U:Rational` and `U:Complex` have an Array of two. */
export function twoOf(content: unknown): readonly [unknown, unknown] {
  const two = arrayOf(content)
  return two?.length === 2 ? [two[0], two[1]] : refuse()
}

export function complexOf(real: unknown, imaginary: unknown): RubyComplex {
  return new RubyComplex(real, imaginary)
}

/** A number as a fraction; null for what has no value of that kind. */
export function exactly(number: unknown): RubyRational | null {
  if (isInteger(number)) return new RubyRational(number)
  if (number instanceof RubyRational) return new RubyRational(number.numerator, number.denominator)
  if (number instanceof RubyFloat) return Number.isFinite(number.value) ? exactlyFloat(number.value) : null
  if (number instanceof RubyDecimal && number.special === null) {
    const digits = BigInt(number.negative ? `-${number.digits}` : number.digits)
    const power = number.exponent - number.digits.length
    if (Math.abs(power) > MOST_DIGITS) return null
    return power < 0 ? new RubyRational(digits, 10n ** BigInt(-power)) : new RubyRational(digits * 10n ** BigInt(power))
  }
  return null
}

export function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || typeof value === 'number'
}

function exactlyFloat(number: number): RubyRational {
  let numerator = number
  let denominator = 1n
  while (!Number.isInteger(numerator)) {
    numerator *= 2
    denominator *= 2n
  }
  return new RubyRational(BigInt(numerator), denominator)
}

/** A decimal of more would be a number too large to calculate with. */
const MOST_DIGITS = 10_000
