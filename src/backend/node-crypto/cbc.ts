import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type { CbcCipher, Scheme } from '../backend.ts'
import { Status } from '../report.ts'
import { decodeStandard, decodeUrlSafe, encode } from './base64.ts'
import { type MessageCodec, type Refusal, SEPARATOR } from './message-codec.ts'
import { SignedCodec } from './signed.ts'

/** A signed message whose data is `base64(ciphertext)--base64(iv)`. Nothing is decrypted before the MAC was right. */
export class CbcCodec implements MessageCodec {
  readonly ivLength: number = BLOCK_LENGTH
  readonly #cipher: CbcCipher
  readonly #key: KeyObject
  readonly #signed: SignedCodec
  readonly #urlSafe: boolean
  /** Length of an encoded IV. */
  readonly #ivChars: number

  constructor({ cipher, key, signKey, digest, urlSafe }: Extract<Scheme, { kind: 'cbc' }>) {
    this.#cipher = cipher
    this.#key = createSecretKey(key.bytes())
    this.#signed = new SignedCodec({ digest, key: signKey, urlSafe })
    this.#urlSafe = urlSafe
    this.#ivChars = urlSafe ? 22 : 24
  }

  open(message: string): Buffer | Refusal {
    const data = this.#signed.open(message)
    if (typeof data === 'number') return data

    const inner = data.toString('latin1')
    const end = inner.length - this.#ivChars - SEPARATOR.length
    if (end < 0 || !inner.startsWith(SEPARATOR, end)) return Status.UNDECODABLE
    const decode = this.#urlSafe ? decodeUrlSafe : decodeStandard
    const iv = decode(inner.slice(end + SEPARATOR.length))
    const ciphertext = decode(inner.slice(0, end))
    if (iv?.length !== BLOCK_LENGTH || ciphertext === null) return Status.UNDECODABLE

    if (ciphertext.length % BLOCK_LENGTH !== 0) return Status.UNAUTHENTICATED
    return this.#decrypt(ciphertext, iv)
  }

  seal(plaintext: Buffer, iv: Uint8Array): string {
    const cipher = createCipheriv(this.#cipher, this.#key, iv)
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
    const encodedIv = encode(Buffer.from(iv), this.#urlSafe)
    return this.#signed.seal(Buffer.from(encode(ciphertext, this.#urlSafe) + SEPARATOR + encodedIv, 'latin1'))
  }

  /** Takes the padding off itself: with `setAutoPadding(false)` a wrong one costs no exception. */
  #decrypt(ciphertext: Buffer, iv: Buffer): Buffer | Refusal {
    const decipher = createDecipheriv(this.#cipher, this.#key, iv).setAutoPadding(false)
    const padded = decipher.update(ciphertext)
    // Nothing at all ends in no padding, which is wrong as well.
    const padding = padded[padded.length - 1] ?? 0
    if (padding < 1 || padding > BLOCK_LENGTH) return Status.UNAUTHENTICATED
    let difference = 0
    for (let index = padded.length - padding; index < padded.length; index++) difference |= padded[index]! ^ padding
    return difference === 0 ? padded.subarray(0, padded.length - padding) : Status.UNAUTHENTICATED
  }
}

/** Of AES, in bytes; also the length of an IV. */
const BLOCK_LENGTH = 16
