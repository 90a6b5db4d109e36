/**
 * The number in the text of a Float, as Ruby's `strtod` reads it: blanks before it are skipped, what follows it is ignored,
 * and a text that does not begin with a number is 0. Texts of Ruby 1.8 have more bits of the number behind a NUL.
 */
export function floatOf(text: string): number {
  const nul = text.indexOf('\0')
  const head = nul === -1 ? text : text.slice(0, nul)
  const special = SPECIAL.get(head)
  if (special !== undefined) return special
  const [number, end] = parse(head)
  return nul === end && text.length > nul + 1 ? withMantissa(number, text.slice(nul + 1)) : number
}

/** The text in which Ruby dumps a Float: its shortest digits, without a point where none is needed. */
export function floatText(number: number): string {
  if (Number.isNaN(number)) return 'nan'
  if (!Number.isFinite(number)) return number < 0 ? '-inf' : 'inf'
  if (number === 0) return Object.is(number, -0) ? '-0' : '0'
  const sign = number < 0 ? '-' : ''
  const [mantissa, power] = Math.abs(number).toExponential().split('e') as [string, string]
  const digits = mantissa.replace('.', '')
  // The number is 0.DIGITS × 10^point.
  const point = Number(power) + 1
  if (point < -3 || point > digits.length) {
    return `${sign}${digits[0]}${digits.length > 1 ? '.' : ''}${digits.slice(1)}e${point - 1}`
  }
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return sign + digits.slice(0, point) + (digits.length > point ? '.' : '') + digits.slice(point)
}

/** The number that a text begins with, and where it ends. */
function parse(text: string): [number: number, end: number] {
  if (HEXADECIMAL.test(text)) return parseHexadecimal(text)
  const decimal = DECIMAL.exec(text)
  if (decimal === null) return NOTHING
  const [all, sign, whole, fraction = '', exponent = '0'] = decimal
  const [digits, places] = significant(whole!.replace(/^0+/, ''), fraction)
  const power = Math.max(-MOST_POWER, Math.min(MOST_POWER, Number(exponent)))
  return [Number(`${sign}${digits || '0'}e${power - places}`), all.length]
}

/** The digits that count, and how many of them are behind the point: after some sixty, Ruby looks at no more. */
function significant(whole: string, fraction: string): [digits: string, places: number] {
  let digits = whole
  let places = 0
  let zeros = 0
  for (const digit of fraction) {
    zeros += 1
    if (digits.length > MOST_DIGITS) break
    if (digit === '0') continue
    digits += (digits === '' ? '' : '0'.repeat(zeros - 1)) + digit
    places += zeros
    zeros = 0
  }
  return [digits, places]
}

/** `0x1.8p3`. The steps are those of Ruby, which rounds at each of them. */
function parseHexadecimal(text: string): [number: number, end: number] {
  const found = HEXADECIMAL_NUMBER.exec(text)
  if (found === null) return NOTHING
  const [all, sign, whole, fraction = '', power = '0'] = found
  let number = 0
  let weight = 1
  let exponent = -4
  for (const digit of whole!.replace(/^0+(?=.)/, '')) {
    number += weight * Number.parseInt(digit, 16)
    weight /= 16
    exponent += 4
  }
  for (const digit of fraction) {
    number += weight * Number.parseInt(digit, 16)
    weight /= 16
  }
  const scaled = scale(number, exponent + Number(power))
  return [sign === '-' ? -scaled : scaled, all.length]
}

/** Replaces what a text of 16 digits could not say by the bits behind it. */
function withMantissa(number: number, bits: string): number {
  const [fraction, exponent] = split(Math.abs(number))
  let sum = Math.trunc(fraction * 2 ** DECIMAL_BITS)
  for (let at = 0, place = 0; at < bits.length; at += 4) {
    const group = bits.slice(at, at + 4)
    let value = 0
    for (const byte of group) value = value * 256 + byte.charCodeAt(0)
    place -= 8 * group.length
    sum += scale(value, place)
  }
  const result = scale(sum, exponent - DECIMAL_BITS)
  return number < 0 ? -result : result
}

/** A number of at least 0 as a fraction from 0.5 to below 1 and a power of two; C's `frexp`. */
function split(number: number): [fraction: number, exponent: number] {
  if (number === 0 || !Number.isFinite(number)) return [number, 0]
  let exponent = Math.max(-1023, Math.floor(Math.log2(number)) + 1)
  let fraction = number * 2 ** -exponent
  while (fraction < 0.5) {
    fraction *= 2
    exponent -= 1
  }
  while (fraction >= 1) {
    fraction /= 2
    exponent += 1
  }
  return [fraction, exponent]
}

/** `number × 2^power`; C's `ldexp`. */
function scale(number: number, power: number): number {
  if (number === 0) return number
  // In two steps, since the power by itself may be out of range.
  const step = Math.max(-1000, Math.min(1000, power))
  return number * 2 ** step * 2 ** (power - step)
}

const NOTHING: [number: number, end: number] = [0, 0]
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
])
const DECIMAL = /^[\t-\r ]*([+-]?)(?=\.?\d)(\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?/
const HEXADECIMAL = /^[\t-\r ]*[+-]?0[xX]/
/** A fraction needs a power, a point and a `p` need digits. */
const HEXADECIMAL_NUMBER = /^[\t-\r ]*([+-]?)0[xX]([\da-fA-F]+)(?:(?:\.([\da-fA-F]+))?[pP]([+-]?\d+)|(?![\da-fA-F.pP]))/
const MOST_DIGITS = 60
const MOST_POWER = 19_999
/** Bits that the decimal text of Ruby 1.8 is sure to have right. */
const DECIMAL_BITS = 37
