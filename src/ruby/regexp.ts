import { isAscii } from './encoding.ts'
import { regexpEncoding } from './regexp-syntax.ts'
import { RubyString } from './string.ts'

/** Bits of {@link RubyRegexp.options}, by Ruby's names. */
export const RegexpOption = { IGNORECASE: 1, EXTENDED: 2, MULTILINE: 4, FIXEDENCODING: 16, NOENCODING: 32 } as const

/**
 * A Ruby Regexp: its source and its options. It is data and never compiled; Ruby's syntax is not that of JavaScript.
 *
 * @example
 * new RubyRegexp('\\A[a-z]+\\z', 'i') // /\A[a-z]+\z/i
 */
export class RubyRegexp {
  /** The source, with its encoding. */
  readonly source: RubyString
  /** Sum of the bits in `RegexpOption`. */
  readonly options: number

  /** `options`: letters of `imx`, or Ruby's bits. Throws a `TypeError` for others. */
  constructor(source: string | RubyString, options: string | number = 0) {
    const ascii = typeof source === 'string' && isAscii(source)
    this.source = typeof source === 'string' ? new RubyString(source, ascii ? 'US-ASCII' : 'UTF-8') : source
    this.options = typeof options === 'number' ? options : optionBits(options)
    if (typeof source === 'string' && !ascii) this.options |= RegexpOption.FIXEDENCODING
    Object.freeze(this)
  }

  /** The regular expression as `Regexp#to_s` has it, which is also how JSON and MessagePack have it: `(?i-mx:a.b)`. */
  toString(): string {
    return RubyString.fromBinary(this.toBinary(), this.source.encoding).toString()
  }

  /** As {@link RubyRegexp.toString}, one character a byte. */
  toBinary(): string {
    const { source, options } = unwrapped(this.source, this.options)
    const on = LETTERS.filter(([, bit]) => (options & bit) !== 0).map(([letter]) => letter)
    const off = LETTERS.filter(([, bit]) => (options & bit) === 0).map(([letter]) => letter)
    return `(?${on.join('')}${off.length > 0 ? '-' : ''}${off.join('')}:${printable(source)})`
  }

  toJSON(): string {
    return this.toString()
  }
}

/** Where the whole source is a group with options, Ruby takes what is in it, and these options. */
function unwrapped({ binary, encoding }: RubyString, options: number): { source: string; options: number } {
  let [source, bits] = [binary, options]
  for (;;) {
    if (source.length < 4 || !source.startsWith('(?')) return { source, options: bits }
    const [head, on, off, end] = OPTIONS.exec(source) ?? []
    if (head === undefined) break
    bits = (bits | optionBits(on ?? '')) & ~optionBits(off ?? '')
    source = source.slice(head.length)
    if (end === ')') continue
    const inner = source.slice(0, -1)
    const checked = (bits & RegexpOption.EXTENDED) === 0 ? inner : `(?x)${inner}`
    const isGroup =
      source.endsWith(')') && regexpEncoding(checked, encoding === 'UTF-8' ? encoding : undefined) !== null
    if (isGroup) return { source: inner, options: bits }
    break
  }
  return { source: binary, options }
}

/** Ruby writes a slash with a backslash before it, unless it has one, and what cannot be printed in hexadecimal digits. */
function printable(source: string): string {
  return source.replaceAll(UNPRINTABLE, (found) => {
    if (found.length > 1) return found
    return found === '/' ? '\\/' : `\\x${found.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}

function optionBits(letters: string): number {
  return [...letters].reduce((sum, letter) => {
    const found = LETTERS.find(([each]) => each === letter)
    if (found === undefined)
      throw new TypeError(`RubyRegexp: no option ${JSON.stringify(letter)}; there are i, m and x`)
    return sum | found[1]
  }, 0)
}

const OPTIONS = /^\(\?([imx]*)(?:-([imx]*))?([:)])/
// oxlint-disable-next-line no-control-regex -- of all that Ruby does not print, blanks excepted
const UNPRINTABLE = /\\[^]|[/\u0000-\u0008\u000e-\u001f\u007f]/g
/** In the order in which Ruby prints them. */
const LETTERS: ReadonlyArray<readonly [letter: string, bit: number]> = [
  ['m', RegexpOption.MULTILINE],
  ['i', RegexpOption.IGNORECASE],
  ['x', RegexpOption.EXTENDED],
]
