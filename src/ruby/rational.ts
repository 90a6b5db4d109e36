import { greatestCommonDivisor } from './gcd.ts'

/**
 * A Ruby Rational, in lowest terms.
 *
 * @example
 * String(new RubyRational(6, 8)) // '3/4'
 */
export class RubyRational {
  /** May be below 0. */
  readonly numerator: bigint
  /** Above 0. */
  readonly denominator: bigint

  /** Throws a `RangeError` for a denominator of 0 and for numbers that are no integers. */
  constructor(numerator: number | bigint, denominator: number | bigint = 1n) {
    const [top, bottom] = withPositiveDenominator(BigInt(numerator), BigInt(denominator))
    const divisor = bottom === 1n ? 1n : greatestCommonDivisor(top < 0n ? -top : top, bottom)
    this.numerator = top / divisor
    this.denominator = bottom / divisor
    Object.freeze(this)
  }

  /**
   * A Rational that is left as it is, such as `2/4`: so Ruby takes what it finds in Marshal. Not equal to `1/2`.
   *
   * Throws a `RangeError` for a denominator of 0.
   */
  static unreduced(numerator: bigint, denominator: bigint): RubyRational {
    const [top, bottom] = withPositiveDenominator(numerator, denominator)
    return Object.freeze(Object.assign(Object.create(RubyRational.prototype), { numerator: top, denominator: bottom }))
  }

  /** A number near it; infinite or 0 where there is none. */
  valueOf(): number {
    const { numerator, denominator } = this
    const shift = bits(denominator) - bits(numerator) + QUOTIENT_BITS
    const quotient =
      shift > 0 ? (numerator << BigInt(shift)) / denominator : numerator / (denominator << BigInt(-shift))
    // In two steps, since a power of two by itself may be out of range where the product is not.
    const half = Math.trunc(shift / 2)
    return Number(quotient) * 2 ** -half * 2 ** (half - shift)
  }

  /** `3/4`, as Ruby prints it. */
  toString(): string {
    return `${this.numerator}/${this.denominator}`
  }

  /** As {@link RubyRational.toString}: what ActiveSupport writes into JSON. */
  toJSON(): string {
    return this.toString()
  }
}

function withPositiveDenominator(numerator: bigint, denominator: bigint): readonly [bigint, bigint] {
  if (denominator === 0n) throw new RangeError('RubyRational: the denominator is 0')
  return denominator < 0n ? [-numerator, -denominator] : [numerator, denominator]
}

/** Length of a number in bits, to the next multiple of four. */
function bits(number: bigint): number {
  return 4 * (number < 0n ? -number : number).toString(16).length
}

/** More than the 53 of a number. */
const QUOTIENT_BITS = 72
