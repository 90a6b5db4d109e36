import { type CipherGCMTypes, createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type { Scheme } from '../backend.ts'
import { Status } from '../report.ts'
import { decodeStandard, decodeUrlSafe, encode } from './base64.ts'
import { type MessageCodec, type Refusal, SEPARATOR } from './message-codec.ts'

/** `base64(ciphertext)--base64(iv)--base64(tag)`: the IV exactly 12 bytes, the tag exactly 16. */
export class AeadCodec implements MessageCodec {
  readonly ivLength: number = IV_LENGTH
  /** Node's types have one overload a family of ciphers; ChaCha20-Poly1305 takes the same calls as GCM. */
  readonly #cipher: CipherGCMTypes
  readonly #key: KeyObject
  readonly #urlSafe: boolean
  /** Length of an encoded tag. */
  readonly #tagChars: number

  constructor({ cipher, key, urlSafe }: Extract<Scheme, { kind: 'aead' }>) {
    this.#cipher = cipher as CipherGCMTypes
    this.#key = createSecretKey(key.bytes())
    this.#urlSafe = urlSafe
    this.#tagChars = urlSafe ? 22 : 24
  }

  open(message: string): Buffer | Refusal {
    const tagStart = message.length - this.#tagChars
    const ivStart = tagStart - SEPARATOR.length - IV_CHARS
    const end = ivStart - SEPARATOR.length
    if (end < 1 || !message.startsWith(SEPARATOR, end)) return Status.MALFORMED
    if (!message.startsWith(SEPARATOR, tagStart - SEPARATOR.length)) return Status.MALFORMED

    const decode = this.#urlSafe ? decodeUrlSafe : decodeStandard
    const tag = decode(message.slice(tagStart))
    const iv = decode(message.slice(ivStart, ivStart + IV_CHARS))
    const ciphertext = decode(message.slice(0, end))
    // Without a check of its own, OpenSSL takes a tag cut down to 4 bytes for a good one.
    if (tag?.length !== TAG_LENGTH || iv?.length !== IV_LENGTH || ciphertext === null) return Status.MALFORMED

    const decipher = createDecipheriv(this.#cipher, this.#key, iv, { authTagLength: TAG_LENGTH }).setAuthTag(tag)
    const plaintext = decipher.update(ciphertext)
    try {
      decipher.final()
    } catch {
      return Status.UNAUTHENTICATED
    }
    return plaintext
  }

  seal(plaintext: Buffer, iv: Uint8Array): string {
    const cipher = createCipheriv(this.#cipher, this.#key, iv, { authTagLength: TAG_LENGTH })
    const ciphertext = cipher.update(plaintext)
    cipher.final()
    const parts = [ciphertext, Buffer.from(iv), cipher.getAuthTag()]
    return parts.map((part) => encode(part, this.#urlSafe)).join(SEPARATOR)
  }
}

const IV_LENGTH = 12
/** Length of an encoded IV, in either alphabet. */
const IV_CHARS = 16
const TAG_LENGTH = 16
