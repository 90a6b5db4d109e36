/**
 * Undoes the escapes of a JSON string as Ruby's json gem does. `start` and `end` are the places of the first character
 * after the opening quote and of the closing quote; the caller has checked that every `\u` is followed by four hex
 * digits, and that no backslash stands before the closing quote or a control character.
 *
 * The gem is lax: an unknown escape is the character itself, a lone low surrogate stays (and makes the String invalid
 * UTF-8), a high surrogate is joined to any `\u` after it. A high surrogate before anything else is refused if fewer
 * than six bytes of the string are left; otherwise it turns into `?` and swallows the next byte, whatever that is.
 *
 * Returns `undefined` where the gem refuses, and where it would cut a multi-byte character in two.
 */
export function unescape(text: string, start: number, end: number): string | undefined {
  let result = ''
  let copied = start
  for (let at = text.indexOf('\\', start); at >= 0 && at < end; at = text.indexOf('\\', at)) {
    result += text.slice(copied, at)
    at += 1
    if (text.charCodeAt(at) !== LETTER_U) {
      const simple = simpleEscape(text.charCodeAt(at))
      result += simple
      copied = simple === '' ? at : ++at
      continue
    }

    // From here on the swallowed byte counts: after it a backslash may stand where the caller saw none.
    if (at > end - 4) return undefined
    const unit = hexadecimal(text, at + 1)
    if (unit === undefined) return undefined
    at += 5
    if ((unit & 0xfc00) !== 0xd800) {
      result += String.fromCharCode(unit)
    } else if (!hasSixBytes(text, at, end)) {
      return undefined
    } else if (text.charCodeAt(at) === BACKSLASH && text.charCodeAt(at + 1) === LETTER_U) {
      const low = hexadecimal(text, at + 2)
      if (low === undefined) return undefined
      result += String.fromCharCode(unit, 0xdc00 | (low & 0x3ff))
      at += 6
    } else {
      if (text.charCodeAt(at) > 0x7f) return undefined
      result += '?'
      at += 1
    }
    copied = at
  }
  return result + text.slice(copied, end)
}

/** Whether four hex digits follow the `u` that stands at `at`. */
export function isUnicodeEscape(text: string, at: number): boolean {
  for (let i = at + 1; i <= at + 4; i++) if (hexadecimalDigit(text.charCodeAt(i)) < 0) return false
  return true
}

const BACKSLASH = 0x5c
const LETTER_U = 0x75

/** The character that an escape letter stands for; empty if it stands for itself. */
function simpleEscape(letter: number): string {
  switch (letter) {
    case 0x22:
      return '"'
    case BACKSLASH:
      return '\\'
    case 0x62:
      return '\b'
    case 0x66:
      return '\f'
    case 0x6e:
      return '\n'
    case 0x72:
      return '\r'
    case 0x74:
      return '\t'
    default:
      return ''
  }
}

/** Value of four hex digits; U+FFFD for other ASCII characters, as in the gem; `undefined` for non-ASCII ones. */
function hexadecimal(text: string, at: number): number | undefined {
  let value = 0
  for (let i = at; i < at + 4; i++) {
    const code = text.charCodeAt(i)
    if (!(code < 0x80)) return undefined
    const digit = hexadecimalDigit(code)
    value = value < 0 || digit < 0 ? -1 : (value << 4) | digit
  }
  return value < 0 ? 0xfffd : value
}

/** Value of a hex digit by its character code, or -1. */
function hexadecimalDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** Whether at least six bytes of UTF-8 lie between two places of the text. */
function hasSixBytes(text: string, from: number, end: number): boolean {
  let bytes = 0
  for (let i = from; i < end && bytes < 6; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x80) bytes += 1
    else if (code < 0x800 || (code & 0xf800) === 0xd800) bytes += 2
    else bytes += 3
  }
  return bytes >= 6
}
