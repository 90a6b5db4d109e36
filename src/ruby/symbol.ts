import { RubyString } from './string.ts'

/**
 * A Ruby Symbol. Where a value is read as plain JavaScript, a Symbol is a string; to write one, or to tell it from a String
 * in a lossless value, there is this class. JSON has no Symbols and gets the name.
 *
 * @example
 * writeMarshal({ locale: new RubySymbol('fr') }) // { "locale" => :fr }
 */
export class RubySymbol {
  /** The name and its encoding, which is US-ASCII for a name of ASCII only. */
  readonly string: RubyString

  /** `name`: text, or, for a Symbol that is not UTF-8, its bytes with their encoding. */
  constructor(name: string | RubyString) {
    if (typeof name !== 'string' && !(name instanceof RubyString)) throw new TypeError('RubySymbol takes a string')
    this.string = typeof name === 'string' ? new RubyString(name) : name
    Object.freeze(this)
  }

  /** The name as text. */
  get name(): string {
    return this.string.toString()
  }

  /** The name. */
  toString(): string {
    return this.name
  }

  /** The name, for `JSON.stringify`. */
  toJSON(): string {
    return this.name
  }
}
