/**
 * A Ruby BigDecimal: a decimal number of any precision.
 *
 * @example
 * String(new RubyDecimal('12.50')) // '12.5'
 * Number(new RubyDecimal('12.50')) // 12.5
 */
export class RubyDecimal {
  /** Significant digits, without zeros at either end; `0` for zero; empty for `NaN` and the infinities. */
  readonly digits: string
  /** The number is 0.DIGITS × 10^exponent. */
  readonly exponent: number
  /** Whether there is a minus sign, which zero may have too. */
  readonly negative: boolean
  /** `NaN` or `Infinity` (with {@link RubyDecimal.negative}); null for a number. */
  readonly special: 'NaN' | 'Infinity' | null

  /**
   * `text`: a decimal number, perhaps with an exponent, `NaN`, `Infinity` or `-Infinity`. Throws a `TypeError` for others, and
   * for an exponent beyond ±2^53.
   */
  constructor(text: string | number | bigint) {
    const match = DECIMAL.exec(String(text))
    if (match === null) throw new TypeError(`RubyDecimal: ${JSON.stringify(String(text))} is no decimal number`)
    const [, sign, special, whole = '', fraction = '', power = '0'] = match
    this.negative = sign === '-'
    this.special = (special as 'NaN' | 'Infinity' | undefined) ?? null
    const all = whole + fraction
    const leading = /^0*/.exec(all)![0].length
    const significant = withoutTrailingZeros(all.slice(leading))
    const isNumber = this.special === null
    this.digits = isNumber && significant === '' ? '0' : significant
    this.exponent = significant === '' ? 0 : whole.length - leading + Number(power)
    if (!Number.isSafeInteger(this.exponent)) throw new TypeError('RubyDecimal: the exponent is too large')
    Object.freeze(this)
  }

  /** The nearest number. */
  valueOf(): number {
    return Number(this.scientific())
  }

  /** Whether {@link RubyDecimal.toString} has no exponent. */
  get isPlain(): boolean {
    return Math.abs(this.exponent) <= MOST_ZEROS + this.digits.length
  }

  /**
   * The number as ActiveSupport prints it, without an exponent (`1234.5`, `12.0`, `-0.001`); with one (`0.1e2000`) if there
   * would be more than a thousand zeros.
   */
  toString(): string {
    if (this.special !== null || this.digits === '0') return this.scientific()
    if (!this.isPlain) return this.scientific()
    const { digits, exponent } = this
    const sign = this.negative ? '-' : ''
    if (exponent <= 0) return `${sign}0.${'0'.repeat(-exponent)}${digits}`
    if (exponent >= digits.length) return `${sign}${digits.padEnd(exponent, '0')}.0`
    return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`
  }

  /** As {@link RubyDecimal.toString}: ActiveSupport writes decimals as JSON strings. */
  toJSON(): string {
    return this.toString()
  }

  /** The number as `BigDecimal#to_s` without ActiveSupport has it, with an exponent: `0.12345e3`. */
  scientific(): string {
    const sign = this.negative ? '-' : ''
    if (this.special !== null) return sign + this.special
    return this.digits === '0' ? `${sign}0.0` : `${sign}0.${this.digits}e${this.exponent}`
  }
}

/** Not by a regular expression, which would take long for many zeros in the middle. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length
  while (digits[end - 1] === '0') end -= 1
  return digits.slice(0, end)
}

const DECIMAL = /^([+-]?)(?:(NaN|Infinity)|(?=\.?\d)(\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?)$/
const MOST_ZEROS = 1000
