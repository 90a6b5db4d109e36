import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { ConfigError, UnserializableValueError } from '../errors.ts'
import { OptionReader } from '../rails/validate.ts'
import { type Rejected, rejected } from '../rejection.ts'
import { decodeUtf8 } from '../ruby/encoding.ts'
import { RubyString } from '../ruby/string.ts'
import { MessageEncryptor } from './message-encryptor.ts'

/** Options of {@link EncryptedFile}. */
export interface EncryptedFileOptions {
  /** Default `'auto'`. */
  backend?: 'auto' | 'native' | 'node'
}

/** What was in an encrypted file. */
export interface DecryptedFile {
  readonly ok: true
  readonly content: Uint8Array
  /** The content as text; null where it is not UTF-8. */
  readonly text: string | null
}

/**
 * Reads and writes what `ActiveSupport::EncryptedFile` does: `config/credentials.yml.enc` and other files that
 * `bin/rails encrypted:edit` makes, of Rails 5.2 and later. Files themselves are opened by you, and YAML is parsed by you.
 *
 * @example
 * import { readFileSync } from 'node:fs'
 * import { EncryptedFile } from 'rails-session/active-support'
 *
 * const credentials = new EncryptedFile(readFileSync('config/master.key', 'utf8'))
 * const opened = credentials.decrypt(readFileSync('config/credentials.yml.enc'))
 * if (opened.ok) console.log(opened.text) // secret_key_base: …
 */
export class EncryptedFile {
  readonly #encryptor: MessageEncryptor
  readonly #keyLength: number

  /**
   * `key`: the content of `config/master.key`, or `RAILS_MASTER_KEY`: 32 hexadecimal digits; blanks around them are dropped.
   * Throws a `ConfigError` for another length, on which Rails raises.
   */
  constructor(key: string, options: EncryptedFileOptions = {}) {
    const reader = new OptionReader('EncryptedFile', options, ['backend'])
    const backend = reader.oneOf('backend', ['auto', 'native', 'node']) ?? 'auto'
    if (typeof key !== 'string') throw new ConfigError('EncryptedFile: the key is no string')
    const digits = strip(Buffer.from(key).toString('latin1'))
    const secret = packHexadecimal(digits)
    if (secret.length !== KEY_BYTES) throw wrongLength(digits.length)
    this.#keyLength = digits.length
    this.#encryptor = new MessageEncryptor(secret, { cipher: CIPHER, serializer: 'Marshal', backend })
  }

  /** A new key, as `EncryptedFile.generate_key` makes it: the content of a `master.key`. */
  static generateKey(): string {
    return randomBytes(KEY_BYTES).toString('hex')
  }

  /**
   * What is in a file. `file`: its text or its bytes; blanks around the text are dropped, as Rails does since 7.2. Never throws
   * on what is in the file: where Rails raises InvalidMessage, a result says why.
   */
  decrypt(file: string | Uint8Array): DecryptedFile | Rejected {
    const text = typeof file === 'string' ? file : Buffer.from(file).toString('latin1')
    const opened = this.#encryptor.decryptAndVerify(strip(text))
    if (!opened.ok) return opened
    const binary = binaryOf(opened.typed())
    if (binary === null) return rejected('undecodable')
    return { ok: true, content: new Uint8Array(Buffer.from(binary, 'latin1')), text: decodeUtf8(binary) }
  }

  /**
   * The text of a file, without a line feed at its end, as Rails writes it. `content`: text, which Rails will read as UTF-8,
   * or bytes. Throws an `UnserializableValueError` for text with lone surrogates, and a `ConfigError` for a key that Rails only
   * reads with.
   */
  encrypt(content: string | Uint8Array): string {
    if (this.#keyLength !== KEY_DIGITS) throw wrongLength(this.#keyLength)
    if (typeof content === 'string' && !content.isWellFormed()) {
      throw new UnserializableValueError('EncryptedFile: the content has a lone surrogate')
    }
    return this.#encryptor.encryptAndSign(new RubyString(content))
  }
}

/** The bytes of a String by its typed tree, one character a byte; null for anything else than a String. */
function binaryOf(tree: unknown): string | null {
  if (typeof tree === 'string') return Buffer.from(tree).toString('latin1')
  const { $, b64 } = (tree ?? {}) as { $?: unknown; b64?: unknown }
  return $ === 'string' ? Buffer.from(String(b64), 'base64').toString('latin1') : null
}

/** As Ruby's `String#strip`. */
function strip(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && BLANKS.includes(text[start]!)) start += 1
  while (end > start && BLANKS.includes(text[end - 1]!)) end -= 1
  return text.slice(start, end)
}

/** As Ruby's `[digits].pack('H*')`, to which every character is a digit: a damaged key is another key. */
function packHexadecimal(digits: string): Uint8Array {
  const values = Array.from(digits, (digit) => (digit.charCodeAt(0) + (LETTER.test(digit) ? 9 : 0)) & 15)
  return Uint8Array.from(
    { length: Math.ceil(values.length / 2) },
    (_, i) => (values[2 * i]! << 4) | (values[2 * i + 1] ?? 0),
  )
}

function wrongLength(digits: number): ConfigError {
  return new ConfigError(`EncryptedFile: the key has ${digits} characters; Rails' have ${KEY_DIGITS}`)
}

const CIPHER = 'aes-128-gcm'
const KEY_BYTES = 16
const KEY_DIGITS = 32
const BLANKS = '\0\t\n\v\f\r '
const LETTER = /[A-Za-z]/
