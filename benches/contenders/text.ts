import { MAX_COOKIE, type ScratchBuffer, scratch } from './scratch.ts'

/** Where {@link unescapeByLoop} and {@link decodeEscaped} put a cookie. The first 64 bytes are for an HMAC pad. */
export const source: ScratchBuffer = scratch(64 + MAX_COOKIE)

/** Offset of a text in {@link source}. */
export const TEXT_START = 64

/**
 * Writes the form-unescaped text into {@link source} and returns where it ends; -1 for a text that cannot be a
 * message: too long, a wrong `%`, a character above U+00FF, or a `+`, which is a space.
 *
 * A loop over bytes is the fastest of decodeURIComponent, unescape, replaceAll, slices between the percent signs and
 * copyWithin, at every size.
 */
export function unescapeByLoop(cookie: string): number {
  if (!isOneByte(cookie)) return -1
  const end = TEXT_START + source.latin1Write(cookie, TEXT_START)
  const first = cookie.indexOf('%')
  if (first < 0) return end
  let write = TEXT_START + first
  for (let read = write; read < end; read++) {
    let byte = source[read]!
    if (byte === PERCENT) {
      if (read + 2 >= end) return -1
      byte = (HEX[source[read + 1]!]! << 4) | HEX[source[read + 2]!]!
      if (byte > 255) return -1
      read += 2
    }
    source[write++] = byte
  }
  return write
}

/** As {@link unescapeByLoop}, out of pieces between the percent signs, which is faster for short texts with few. */
export function unescapeBySlices(cookie: string): string | undefined {
  if (!isOneByte(cookie)) return undefined
  let percent = cookie.indexOf('%')
  if (percent < 0) return cookie
  let text = ''
  let start = 0
  do {
    const byte = ((HEX[cookie.charCodeAt(percent + 1)] ?? 0x100) << 4) | (HEX[cookie.charCodeAt(percent + 2)] ?? 0x100)
    if (byte > 255) return undefined
    text += cookie.slice(start, percent) + String.fromCharCode(byte)
    start = percent + 3
    percent = cookie.indexOf('%', start)
  } while (percent >= 0)
  return text + cookie.slice(start)
}

/** Decodes strict base64 into the start of `target`; -1 if it is not strict: alphabet, padding, zero bits at the end. */
export function decodeBase64(text: string, target: ScratchBuffer): number {
  const bytes = target.base64Write(text, 0)
  return isStrictBase64(text, bytes) ? bytes : -1
}

/**
 * Whether a text that Node decoded to `bytes` bytes was strict base64. Node skips what is not of the alphabet, so
 * that the length tells; it takes `-_` as well; and it ignores the bits after the last byte.
 */
export function isStrictBase64(text: string, bytes: number): boolean {
  const { length } = text
  if ((length & 3) !== 0) return false
  const padding = text.charCodeAt(length - 1) !== EQUALS ? 0 : text.charCodeAt(length - 2) !== EQUALS ? 1 : 2
  if (bytes !== (length >> 2) * 3 - padding || text.includes('-') || text.includes('_')) return false
  return padding === 0 || (VALUE[text.charCodeAt(length - 1 - padding)]! & (padding === 1 ? 3 : 15)) === 0
}

/** Copies a cookie into {@link source}, still escaped; returns where it ends, -1 if it cannot be a message. */
export function loadEscaped(cookie: string): number {
  return isOneByte(cookie) ? TEXT_START + source.latin1Write(cookie, TEXT_START) : -1
}

/** Where {@link decodeEscaped} stopped. */
export let position = 0

/**
 * Unescapes and decodes in one pass: strict base64 in {@link source} from `read` to the next `-` or `end`, into the
 * start of `target`. Returns the number of bytes, -1 if it is not strict. The fastest way for the shortest cookies.
 */
export function decodeEscaped(bytes: Uint8Array, read: number, end: number, target: Uint8Array): number {
  let write = 0
  for (;;) {
    while (read + 4 <= end) {
      const a = VALUE[bytes[read]!]!
      const b = VALUE[bytes[read + 1]!]!
      const c = VALUE[bytes[read + 2]!]!
      const d = VALUE[bytes[read + 3]!]!
      if ((a | b | c | d) > 63) break
      target[write] = (a << 2) | (b >> 4)
      target[write + 1] = (b << 4) | (c >> 2)
      target[write + 2] = (c << 6) | d
      write += 3
      read += 4
    }
    let characters = 0
    let padding = 0
    let bits = 0
    while (characters + padding < 4 && read < end) {
      let byte = bytes[read]!
      if (byte === DASH) break
      if (byte === PERCENT) {
        if (read + 2 >= end) return -1
        byte = (HEX[bytes[read + 1]!]! << 4) | HEX[bytes[read + 2]!]!
        if (byte > 255) return -1
        read += 2
      }
      read += 1
      if (byte === EQUALS) {
        padding += 1
      } else {
        const value = VALUE[byte]!
        if (value > 63 || padding > 0) return -1
        bits = (bits << 6) | value
        characters += 1
      }
    }
    position = read
    if (characters === 4) {
      target[write++] = bits >> 16
      target[write++] = bits >> 8
      target[write++] = bits
    } else if (characters === 0 && padding === 0) {
      return write
    } else if (characters === 3 && padding === 1 && (bits & 3) === 0) {
      target[write++] = bits >> 10
      target[write++] = bits >> 2
      return write
    } else if (characters === 2 && padding === 2 && (bits & 15) === 0) {
      target[write++] = bits >> 4
      return write
    } else {
      return -1
    }
  }
}

/** Form-escapes a message, in a loop over bytes. */
export function escapeByLoop(message: string): string {
  const length = plain.latin1Write(message, 0)
  let write = 0
  for (let read = 0; read < length; read++) {
    const byte = plain[read]!
    if (byte === PLUS || byte === SLASH || byte === EQUALS) {
      escaped[write] = PERCENT
      escaped[write + 1] = byte === EQUALS ? 0x33 : 0x32
      escaped[write + 2] = byte === PLUS ? 0x42 : byte === SLASH ? 0x46 : 0x44
      write += 3
    } else {
      escaped[write++] = byte
    }
  }
  return escaped.latin1Slice(0, write)
}

/** Reading a string as Latin-1 would cut `Ł` (U+0141) down to `A`. For a string of bytes, V8 sees at once that none matches. */
function isOneByte(cookie: string): boolean {
  return cookie.length <= MAX_COOKIE && !TWO_BYTES.test(cookie) && !cookie.includes('+')
}

const TWO_BYTES = /[^\0-\xFF]/
const PERCENT = 0x25
const PLUS = 0x2b
const DASH = 0x2d
const SLASH = 0x2f
const EQUALS = 0x3d

const HEX: Uint16Array = new Uint16Array(256).fill(0x100)
for (const digit of '0123456789abcdefABCDEF') HEX[digit.charCodeAt(0)] = Number.parseInt(digit, 16)

const VALUE: Uint8Array = new Uint8Array(256).fill(255)
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  VALUE[character.charCodeAt(0)] = value
}

const plain = scratch(MAX_COOKIE)
const escaped = scratch(3 * MAX_COOKIE)
