/**
 * The text that Ruby's `Float#to_s` gives: shortest digits that read back as the same number, always with a point.
 * Plain from 0.0001 up to below 1e15, and beyond where there is a fraction (`1234567890123456.8`); otherwise with an
 * exponent of a sign and at least two digits (`1.0e+15`).
 * Not finite: `NaN`, `Infinity`, `-Infinity`.
 */
export function rubyFloatText(number: number): string {
  const size = Math.abs(number)
  if (size >= 0.0001 && (size < 1e15 || (size < 1e16 && !Number.isInteger(size)))) {
    const text = String(number)
    return Number.isInteger(number) ? text + '.0' : text
  }
  if (number === 0) return Object.is(number, -0) ? '-0.0' : '0.0'
  if (!Number.isFinite(number)) return String(number)
  return withExponent(number)
}

/** `1e+22` → `1.0e+22`, `5e-8` → `5.0e-08`. JavaScript and Ruby agree on the digits, not on how to set them. */
function withExponent(number: number): string {
  const text = number.toExponential()
  const e = text.indexOf('e')
  const digits = text.slice(0, e)
  const exponent = text.slice(e + 2)
  return `${digits}${digits.includes('.') ? '' : '.0'}e${text[e + 1]}${exponent.padStart(2, '0')}`
}
