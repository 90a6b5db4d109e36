import { isAscii } from './encoding.ts'
import { optionBits, RegexpOption, regexpText } from './regexp-text.ts'
import { RubyString } from './string.ts'

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

  /**
   * `source`: a text, or a String in another encoding. `options`: letters of `imx`, or Ruby's bits. Throws a `TypeError` for
   * others.
   */
  constructor(source: string | RubyString, options: string | number = 0) {
    const string = typeof source === 'string' ? new RubyString(source) : source
    const given = (typeof options === 'string' ? optionBits(options) : options) & EVERY_BIT
    const isFixed = (given & RegexpOption.FIXEDENCODING) !== 0
    // As in Ruby, a source of ASCII goes with text in any encoding, and another one only with text in its own.
    if (isAscii(string.binary)) {
      this.source = isFixed ? string : RubyString.fromBinary(string.binary, 'US-ASCII')
      this.options = given
    } else {
      this.source = string
      this.options = (given & RegexpOption.NOENCODING) === 0 ? given | RegexpOption.FIXEDENCODING : given
    }
    Object.freeze(this)
  }

  /**
   * The regular expression as `Regexp#to_s` has it, which is also how JSON and MessagePack have it: `(?i-mx:a.b)`. Bytes that
   * are no text stand for characters.
   */
  toString(): string {
    return regexpText(this.source.toString(), this.options)
  }

  /** As {@link RubyRegexp.toString}, one character a byte. */
  toBinary(): string {
    return regexpText(this.source.binary, this.options)
  }

  /** As {@link RubyRegexp.toString}: what ActiveSupport writes into JSON. */
  toJSON(): string {
    return this.toString()
  }
}

const EVERY_BIT = 0b110111
