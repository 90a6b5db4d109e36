/**
 * The text of a message as a string whose characters stand for one byte each: its UTF-8 bytes, form-unescaped as
 * Rack does if `escaped`. `+` is a space, `%XX` a byte; if any `%` is not followed by two hex digits, nothing is
 * unescaped at all.
 */
export function messageBytes(text: string, escaped: boolean): string {
  const byteString = Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1')
  if (!escaped) return byteString
  return byteString.includes('%') ? unescape(byteString) : byteString.replaceAll('+', ' ')
}

/** Form-escapes a message. Of what its alphabet holds, Rack escapes only these three. */
export function formEscape(message: string): string {
  return message.replaceAll('+', '%2B').replaceAll('/', '%2F').replaceAll('=', '%3D')
}

/** A loop over bytes: three times as fast as a regular expression, twice as fast as replacing by strings. */
function unescape(text: string): string {
  const { length } = text
  const bytes = length <= scratch.length ? scratch : Buffer.allocUnsafeSlow(length)
  bytes.write(text, 'latin1')
  let end = 0
  for (let index = 0; index < length; index++) {
    let byte = bytes[index]!
    if (byte === PLUS) {
      byte = SPACE
    } else if (byte === PERCENT) {
      if (index + 2 >= length) return text
      byte = (HEX_VALUE[bytes[index + 1]!]! << 4) | HEX_VALUE[bytes[index + 2]!]!
      if (byte > 255) return text
      index += 2
    }
    bytes[end++] = byte
  }
  return bytes.toString('latin1', 0, end)
}

const PERCENT = 0x25
const PLUS = 0x2b
const SPACE = 0x20

/** Value of a hex digit of either case; more than a byte for any other character. */
const HEX_VALUE: Uint16Array = new Uint16Array(256).fill(0x100)
for (const digit of '0123456789abcdefABCDEF') HEX_VALUE[digit.charCodeAt(0)] = Number.parseInt(digit, 16)

/** Holds the text of the call that is running. */
const scratch = Buffer.allocUnsafeSlow(16_384)
