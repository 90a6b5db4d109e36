import { RubyString } from './string.ts'

/**
 * An `ActiveSupport::SafeBuffer`: a String that Rails puts into HTML without escaping it.
 *
 * @example
 * new RubySafeBuffer('<b>Saved</b>') // '<b>Saved</b>'.html_safe
 */
export class RubySafeBuffer {
  /** The text and its encoding. */
  readonly string: RubyString
  /** False for one that was changed by a method that Rails does not trust. */
  readonly htmlSafe: boolean

  /** `text`: text, or a String in another encoding. `htmlSafe`: default true. */
  constructor(text: string | RubyString, htmlSafe: boolean = true) {
    this.string = typeof text === 'string' ? new RubyString(text) : text
    this.htmlSafe = htmlSafe
    Object.freeze(this)
  }

  /** The text, or else each byte as a character. */
  toString(): string {
    return this.string.toString()
  }

  /** As {@link RubySafeBuffer.toString}, for `JSON.stringify`. */
  toJSON(): string {
    return this.toString()
  }
}
