import { RubyDecimal } from '../../ruby/decimal.ts'
import { refuse } from './refusal.ts'

/** A BigDecimal from what `BigDecimal#_dump` has written: a precision, which does not count any more, and the number. */
export function decimalOf(binary: string): RubyDecimal {
  const colon = binary.indexOf(':')
  const precision = colon === -1 ? binary : binary.slice(0, colon)
  const text = colon === -1 ? '' : binary.slice(colon + 1)
  if (/\D/.test(precision)) return refuse()
  const special = SPECIAL.exec(text)
  if (special !== null) return new RubyDecimal(special[1]!)
  const number = NUMBER.exec(text)
  if (number === null) return refuse()
  const [, sign, whole = '', fraction = '0', exponent = '0'] = number.map((part) => part?.replaceAll('_', ''))
  const digits = `${sign}${whole}.${fraction}`
  const power = Number(exponent)
  if (Math.abs(power) <= MOST_POWER) return new RubyDecimal(`${digits}e${power}`)
  // Beyond what Ruby can say, there are zero and infinity.
  if (power < 0 || !/[1-9]/.test(digits)) return new RubyDecimal(`${sign}0`)
  return new RubyDecimal(`${sign}Infinity`)
}

/** What `BigDecimal#_dump` writes of a number that was made from its decimal text. */
export function decimalText(decimal: RubyDecimal): string {
  // Digits are held in words of nine, and there is one to spare.
  const words = decimal.special === null ? Math.ceil(placesOf(decimal) / 9) + 1 : 1
  return `${words * 9}:${decimal.scientific()}`
}

/** How many digits the number has without an exponent. */
function placesOf({ digits, exponent, isPlain }: RubyDecimal): number {
  if (!isPlain) return digits.length
  return exponent > 0 ? Math.max(exponent, digits.length) : 1 - exponent + digits.length
}

const SPECIAL = /^[\t-\r ]*([+-]?Infinity|NaN)[\t-\r ]*$/
const NUMBER =
  /^[\t-\r ]*#?([+-]?)(\d(?:_?\d)*(?:_(?=[\t-\r ]|$))?|(?=\.))(?:\.(\d(?:_?\d)*))?(?:[eEdD]([+-]?\d(?:_?\d)*))?[\t-\r ]*$/
const MOST_POWER = 1e15
