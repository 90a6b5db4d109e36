import { RubyDecimal } from '../../ruby/decimal.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { RubyRational } from '../../ruby/rational.ts'
import { encodeExtension, encodeFloat, encodeInteger } from './encode.ts'
import { ExtensionType } from './extension-type.ts'

/** A number of a class of its own; undefined for everything else. */
export function writeNumber(value: object): string | undefined {
  if (value instanceof RubyFloat) return encodeFloat(value.value)
  if (value instanceof RubyDecimal) return encodeExtension(ExtensionType.BIG_DECIMAL, decimalDump(value))
  return value instanceof RubyRational ? encodeExtension(ExtensionType.RATIONAL, rationalParts(value)) : undefined
}

/** The numerator, and the denominator unless the number is 0. */
export function rationalParts({ numerator, denominator }: RubyRational): string {
  return encodeInteger(numerator) + (numerator === 0n ? '' : encodeInteger(denominator))
}

/**
 * What `BigDecimal#_dump` gives: how many digits there is room for, a colon and the number. There is room for nine digits more
 * than those of the number without an exponent, in groups of nine.
 */
function decimalDump(decimal: RubyDecimal): string {
  const { special, exponent, digits } = decimal
  if (special !== null) return `9:${decimal.scientific()}`
  const whole = exponent > MOST_ZEROS ? 1 : Math.max(exponent, 1)
  const fraction = Math.max(exponent < -MOST_ZEROS ? digits.length : digits.length - exponent, 0)
  const groups = Math.ceil((whole + fraction) / 9) + 1
  return `${9 * groups}:${decimal.scientific()}`
}

/** With more of them, people write an exponent. */
const MOST_ZEROS = 1000
