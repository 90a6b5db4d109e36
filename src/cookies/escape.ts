/**
 * The form-urlencoding that Rack gives cookie values (`Rack::Utils.escape` and `unescape`).
 */

/**
 * Form-escapes text (as UTF-8) or bytes: `A-Za-z0-9*-._` stay, a space becomes `+`, every other byte `%XX` in
 * upper case. Lone surrogates count as U+FFFD.
 */
export function formEscape(value: string | Uint8Array): string {
  if (typeof value === 'string' && UNRESERVED.test(value)) return value
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
  let escaped = ''
  for (const byte of bytes) escaped += ESCAPED_BYTE[byte]
  return escaped
}

/**
 * Undoes {@link formEscape} as Rack reads a cookie value: `+` is a space, `%XX` a byte (either case). A text where
 * any `%` is not followed by two hexadecimal digits is returned as it is, plus signs included.
 *
 * The input is text: a character beyond ASCII stands for its UTF-8 bytes. Node hands header bytes over as Latin-1
 * characters, so raw UTF-8 in a header arrives as mojibake and stays that; Rails never writes such a cookie.
 *
 * @returns a string, or the bytes when they are not valid UTF-8.
 */
export function formUnescape(text: string): string | Uint8Array {
  const percent = text.includes('%')
  if (percent && BAD_PERCENT.test(text)) return text
  const spaced = text.replaceAll('+', ' ')
  if (!percent) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return percentDecodedBytes(spaced)
  }
}

/** `text` must have two hexadecimal digits after every `%`. */
function percentDecodedBytes(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at] ?? 0
    if (byte === PERCENT) {
      byte = hexDigit(bytes[at + 1] ?? 0) * 16 + hexDigit(bytes[at + 2] ?? 0)
      at += 2
    }
    bytes[length++] = byte
  }
  return bytes.slice(0, length)
}

/** Value of the ASCII code of `0-9`, `A-F` or `a-f`. */
function hexDigit(code: number): number {
  return (code & 0xf) + (code >> 6) * 9
}

const UNRESERVED = /^[A-Za-z0-9*\-._]*$/
const BAD_PERCENT = /%(?![0-9A-Fa-f]{2})/
const PERCENT = 0x25
const ESCAPED_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  if (UNRESERVED.test(character)) return character
  if (character === ' ') return '+'
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
})
