/** An integer of 32 bits as Marshal packs it, in the shortest form: itself, or how many bytes it has and those. */
export function packLong(integer: number): string {
  if (integer === 0) return '\0'
  if (integer > 0 && integer < 123) return String.fromCharCode(integer + 5)
  if (integer < 0 && integer > -124) return String.fromCharCode((integer - 5) & 0xff)
  let binary = ''
  let rest = integer
  do {
    binary += String.fromCharCode(rest & 0xff)
    rest >>= 8
  } while (rest !== 0 && rest !== -1)
  return String.fromCharCode((rest === 0 ? binary.length : -binary.length) & 0xff) + binary
}
