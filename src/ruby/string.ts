import { Buffer } from 'node:buffer'
import { decodeText } from './decode-text.ts'
import { encodeUtf8, encodingName, isAscii, isAsciiCompatible } from './encoding.ts'

/**
 * A Ruby String with its bytes and its encoding, for what a JavaScript string cannot say: binary, bytes that are not valid
 * in their encoding, and text in other encodings than UTF-8. A JavaScript string is written as a String in UTF-8.
 *
 * Immutable. Written to Marshal twice, one object is one Ruby object.
 *
 * @example
 * new RubyString(Uint8Array.of(0xff, 0x00)).encoding           // 'ASCII-8BIT'
 * new RubyString(Uint8Array.of(0x63, 0xe9), 'ISO-8859-1').text // 'cé'
 */
export class RubyString {
  /** Ruby's name of the encoding, e.g. `UTF-8`, `US-ASCII`, or `ASCII-8BIT` for binary. */
  readonly encoding: string
  readonly #binary: string
  /** Undefined until it is asked for. */
  #text: string | null | undefined

  /**
   * `content`: text, which is encoded in UTF-8 (or, if it is ASCII, in `encoding`), or bytes. `encoding`: default UTF-8
   * for text and ASCII-8BIT for bytes. Throws a `TypeError` for content of another kind, for an encoding that Ruby does
   * not have, and for text that the encoding does not say by itself.
   */
  constructor(content: string | Uint8Array, encoding: string = typeof content === 'string' ? 'UTF-8' : 'ASCII-8BIT') {
    const name = encodingName(encoding)
    if (name === undefined) throw new TypeError(`RubyString: Ruby has no encoding ${JSON.stringify(encoding)}`)
    if ((content as unknown) instanceof Binary) {
      this.#binary = (content as unknown as Binary).text
    } else if (typeof content === 'string') {
      this.#binary = encodeUtf8(content)
      if (content.isWellFormed()) this.#text = content
      if (name !== 'UTF-8' && !(isAsciiCompatible(name) && isAscii(content))) {
        throw new TypeError(`RubyString: give the bytes of a text in ${name}, as a Uint8Array`)
      }
    } else if (content instanceof Uint8Array) {
      this.#binary = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1')
    } else {
      throw new TypeError('RubyString takes a string or a Uint8Array')
    }
    this.encoding = name
    Object.freeze(this)
  }

  /** From bytes given as one character a byte. `encoding`: Ruby's own name of it. */
  static fromBinary(binary: string, encoding: string): RubyString {
    return new RubyString(new Binary(binary) as never, encoding)
  }

  /** The bytes, one character a byte. */
  get binary(): string {
    return this.#binary
  }

  /** A copy of the bytes. */
  get bytes(): Uint8Array {
    return new Uint8Array(Buffer.from(this.#binary, 'latin1'))
  }

  /** The text; null for binary, and where the bytes are not valid in the encoding or nothing here decodes it. */
  get text(): string | null {
    if (this.#text === undefined) this.#text = decodeText(this.#binary, this.encoding)
    return this.#text
  }

  /** The text, or else each byte as a character. */
  toString(): string {
    return this.text ?? this.#binary
  }

  /** As {@link RubyString.toString}, for `JSON.stringify`. */
  toJSON(): string {
    return this.toString()
  }
}

/** Bytes that are one character each already. */
class Binary {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}
