/**
 * A Ruby Rational, in lowest terms unless it was read otherwise.
 *
 * @example
 * String(new RubyRational(6, 8)) // '3/4'
 */
export class RubyRational {
  readonly numerator: bigint
  /** Above 0. */
  readonly denominator: bigint

  /** Throws a `RangeError` for a denominator of 0 and for numbers that are no integers. */
  constructor(numerator: number | bigint, denominator: number | bigint = 1n) {
    const top = BigInt(numerator)
    const bottom = BigInt(denominator)
    if (bottom === 0n) throw new RangeError('RubyRational: the denominator is 0')
    const divisor = greatestCommonDivisor(top < 0n ? -top : top, bottom < 0n ? -bottom : bottom)
    const signed = bottom < 0n ? -divisor : divisor
    this.numerator = top / signed
    this.denominator = bottom / signed
    Object.freeze(this)
  }

  /** One that is not in lowest terms, which only Ruby's Marshal lets in. `denominator`: above 0. */
  static unreduced(numerator: bigint, denominator: bigint): RubyRational {
    return Object.freeze(
      Object.assign(Object.create(RubyRational.prototype) as object, { numerator, denominator }),
    ) as RubyRational
  }

  /** The nearest number. */
  valueOf(): number {
    return Number(this.numerator) / Number(this.denominator)
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

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b]
  while (smaller > 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}
