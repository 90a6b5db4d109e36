import { isAscii } from './encoding.ts'
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
    this.options = typeof options === 'number' ? options : bits(options)
    if (typeof source === 'string' && !ascii) this.options |= RegexpOption.FIXEDENCODING
    Object.freeze(this)
  }

  /** The regular expression as `Regexp#to_s` has it, which is also how JSON and MessagePack have it: `(?i-mx:a.b)`. */
  toString(): string {
    const on = LETTERS.filter(([, bit]) => (this.options & bit) !== 0).map(([letter]) => letter)
    const off = LETTERS.filter(([, bit]) => (this.options & bit) === 0).map(([letter]) => letter)
    return `(?${on.join('')}${off.length > 0 ? '-' : ''}${off.join('')}:${escapeSlashes(this.source.toString())})`
  }

  toJSON(): string {
    return this.toString()
  }
}

/** Ruby writes a slash with a backslash before it, unless it has one. */
function escapeSlashes(source: string): string {
  return source.replaceAll(/\\[^]|\//g, (found) => (found === '/' ? '\\/' : found))
}

function bits(letters: string): number {
  return [...letters].reduce((sum, letter) => {
    const found = LETTERS.find(([each]) => each === letter)
    if (found === undefined)
      throw new TypeError(`RubyRegexp: no option ${JSON.stringify(letter)}; there are i, m and x`)
    return sum | found[1]
  }, 0)
}

/** In the order in which Ruby prints them. */
const LETTERS: ReadonlyArray<readonly [letter: string, bit: number]> = [
  ['m', RegexpOption.MULTILINE],
  ['i', RegexpOption.IGNORECASE],
  ['x', RegexpOption.EXTENDED],
]
