import type { Random } from '../mutation/random.ts'

/** A JSON text, or one that nearly is. */
export interface JsonText {
  readonly text: string
  /** Ruby and JavaScript agree on it, if it is JSON at all. */
  readonly isOrdinary: boolean
}

/** A text of the kinds that a session may be made of, and of those that readers get wrong. */
export function jsonText(random: Random): JsonText {
  return new Writer(random).text()
}

class Writer {
  readonly #random: Random
  /** One text in four has blanks, one in sixteen what Ruby and JavaScript read differently. */
  readonly #blanks: boolean
  readonly #special: boolean
  #isOrdinary = true
  #left: number

  constructor(random: Random) {
    this.#random = random
    this.#blanks = random.below(4) === 0
    this.#special = random.below(16) === 0
    this.#left = 1 + random.below(random.below(16) === 0 ? 200 : 16)
  }

  text(): JsonText {
    let text = this.#random.below(16) === 0 ? this.#value(0) : this.#container(0)
    if (this.#random.below(8) === 0) text = this.#damaged(text)
    return { text, isOrdinary: this.#isOrdinary }
  }

  #value(depth: number): string {
    this.#left -= 1
    if (this.#left > 0 && depth < DEEPEST && this.#random.below(4) === 0) return this.#container(depth)
    switch (this.#random.below(8)) {
      case 0:
      case 1:
        return this.#number()
      case 2:
        return this.#random.pick(WORDS)
      default:
        return this.#string()
    }
  }

  #container(depth: number): string {
    const random = this.#random
    const nested = random.below(400) === 0 ? random.below(102) : 0
    const isArray = random.below(3) === 0
    const size = random.below(this.#left > 20 ? 40 : 7)
    const parts = Array.from({ length: size }, () => {
      const value = this.#value(depth + 1)
      return isArray ? value : `${this.#key()}${this.#blank()}:${this.#blank()}${value}`
    })
    const inner = parts.join(`${this.#blank()},${this.#blank()}`)
    const text = isArray ? `[${this.#blank()}${inner}${this.#blank()}]` : `{${this.#blank()}${inner}${this.#blank()}}`
    if (nested === 0) return text
    this.#isOrdinary = false
    return isArray ? '['.repeat(nested) + text + ']'.repeat(nested) : '{"n":'.repeat(nested) + text + '}'.repeat(nested)
  }

  #key(): string {
    const random = this.#random
    return random.below(5) === 0 ? this.#string() : JSON.stringify(random.pick(KEYS))
  }

  #number(): string {
    const random = this.#random
    if (random.below(6) === 0) {
      const number = random.pick(NUMBERS)
      // Integers that no double holds, and the zero that Ruby's Integer does not have.
      if (number === '-0' || /^-?\d{16,}$/.test(number)) this.#isOrdinary = false
      return number
    }
    const digits = String(random.next()).slice(0, 1 + random.below(10))
    const integer = random.below(4) === 0 ? `-${digits}` : digits
    switch (random.below(6)) {
      case 0:
        return digits === '0' ? '0.5' : `${integer}.${this.#digits(1 + random.below(20))}`
      case 1:
        return `${integer}${random.pick('eE')}${random.pick(['', '+', '-'])}${random.below(330)}`
      case 2:
        return `${integer}.${this.#digits(1 + random.below(6))}${random.pick('eE')}${random.pick(['', '-'])}${random.below(30)}`
      case 3:
        return integer === '-0' ? '0' : `${integer.replace(/^(-?)0$/, '$11')}${this.#digits(random.below(6))}`
      default:
        return integer === '-0' ? '0' : integer
    }
  }

  #digits(length: number): string {
    return Array.from({ length }, () => this.#random.pick('0123456789')).join('')
  }

  #string(): string {
    const random = this.#random
    const length = random.below(random.below(6) === 0 ? 80 : 12)
    let text = '"'
    const alphabet = random.below(3) === 0 ? PIECES : PLAIN_PIECES
    for (let i = 0; i < length; i++) text += random.pick(alphabet)
    if (this.#special && random.below(4) === 0) {
      this.#isOrdinary = false
      text += random.pick(SPECIAL_PIECES)
    }
    return `${text}"`
  }

  #blank(): string {
    if (!this.#blanks || this.#random.below(3) > 0) return ''
    if (this.#special && this.#random.below(3) === 0) {
      this.#isOrdinary = false
      return this.#random.pick(COMMENTS)
    }
    return this.#random.pick(BLANKS)
  }

  #damaged(text: string): string {
    const at = this.#random.below(text.length + 1)
    this.#isOrdinary = false
    switch (this.#random.below(4)) {
      case 0:
        return text.slice(0, at)
      case 1:
        return text.slice(0, at) + text.slice(at + 1)
      case 2:
        return text.slice(0, at) + this.#random.pick(DAMAGES) + text.slice(at)
      default:
        return text.slice(0, at) + this.#random.pick(DAMAGES) + text.slice(at + 1)
    }
  }
}

const DEEPEST = 8
const WORDS: readonly string[] = ['null', 'true', 'false']
const KEYS: readonly string[] = [
  ['session_id', '_csrf_token', 'user_id', 'warden.user.user.key', 'flash', 'cart', 'a', 'b', '', '$', '_rails'],
  ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'é', '👍', 'ключ', 'a"b', 'a\\b', 'a\nb'],
  ['0', '1', '2', '10', '01', '-1', '1.5', '4294967294', '4294967295', '9007199254740991', 'x'.repeat(256)],
  ['x'.repeat(257), 'session_id_', 'session_ie', 'e'.repeat(8), 'null', 'true'],
].flat()
const NUMBERS: readonly string[] = [
  '0 -0 -0.0 0.0 0e0 -0e5 1.0 100 2147483647 2147483648 -2147483648 -2147483649 4294967295 4294967296 999999999999999',
  '1000000000000000 9007199254740991 9007199254740992 9007199254740993 -9007199254740991 -9007199254740993 1e400 -1e400',
  '18446744073709551616 10000000000000000000000000000000000000000 1e-400 5e-324 2.2250738585072011e-308 0.1 1e15 1e21',
  '1.7976931348623157e308 0.30000000000000004 123456789012345.6 12345678901234.56 1.234567890123456789 9007199254740993.0',
].flatMap((line) => line.split(' '))
const PLAIN_PIECES: readonly string[] = [...'abcdefXYZ0189 -_./:@'.split(''), 'flash', 'user', 'notice']
const PIECES: readonly string[] = [
  PLAIN_PIECES,
  ['é', 'ÿ', '€', 'ж', '👍', '𝄞', '\u2028', '\u2029', '\ufeff', '\ufffd', '\u007f', '\u0080', '\uffff', "'", '{', ']'],
  ['\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t', '\\u00e9', '\\u003c', '\\u2028', '\\u0000', '\\uFFFF'],
].flat()
const SPECIAL_PIECES: readonly string[] = [
  ...'\\ud83d\\ude00 \\uD83D\\uDE00 \\ud83d \\ude00 \\ud83dx \\ude00\\ud83d \\ud83d\\u0041 \\udbff\\udfff'.split(' '),
  ..."\\x \\a \\' \\u12 \\u12g4 \\é \\👍 \\".split(' '),
  ...'\u0000\u0001\n\t'.split(''),
]
const BLANKS: readonly string[] = [' ', '  ', '\n', '\t', '\r\n', '\n  ']
const COMMENTS: readonly string[] = ['/**/', '/* a */', '// b\n', '/*', '//', '/* "*/', '\u00a0', '\ufeff', '\f']
const DAMAGES: readonly string[] = [...'{}[]:,"\\/\u0000\n 0-.eEtn+', 'é', '👍', '\ud800', 'NaN', 'Infinity', '//x\n']
