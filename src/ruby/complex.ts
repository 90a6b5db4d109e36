import { RubyDecimal } from './decimal.ts'
import { RubyFloat } from './float.ts'
import { rubyFloatText } from './float-text.ts'
import { RubyRational } from './rational.ts'

/**
 * A Ruby Complex. Its parts are numbers, bigints, {@link RubyFloat}s, {@link RubyRational}s or {@link RubyDecimal}s.
 *
 * @example
 * String(new RubyComplex(1, new RubyFloat(-2))) // '1-2.0i'
 */
export class RubyComplex {
  /** Real part. */
  readonly real: unknown
  /** Imaginary part. */
  readonly imaginary: unknown

  /** The parts are not checked. */
  constructor(real: unknown, imaginary: unknown) {
    this.real = real
    this.imaginary = imaginary
    Object.freeze(this)
  }

  /** `1-2i`, as Ruby prints it. */
  toString(): string {
    const imaginary = numberText(this.imaginary)
    const isNegative = imaginary.startsWith('-')
    const size = isNegative ? imaginary.slice(1) : imaginary
    // Ruby sets a star behind `NaN` and `Infinity`.
    return `${numberText(this.real)}${isNegative ? '-' : '+'}${size}${/\d$/.test(size) ? '' : '*'}i`
  }

  /** As {@link RubyComplex.toString}: what ActiveSupport writes into JSON. */
  toJSON(): string {
    return this.toString()
  }
}

function numberText(part: unknown): string {
  if (part instanceof RubyFloat) return rubyFloatText(part.value)
  if (typeof part === 'number') return Number.isSafeInteger(part) ? String(part) : rubyFloatText(part)
  if (typeof part === 'bigint' || part instanceof RubyRational || part instanceof RubyDecimal) return String(part)
  throw new TypeError('RubyComplex: a part is no number')
}
