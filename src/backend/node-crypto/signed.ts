import type { Scheme } from '../backend.ts'
import { Status } from '../report.ts'
import { decodeUrlSafe, encode } from './base64.ts'
import { Hmac } from './hmac.ts'
import { type MessageCodec, type Refusal, SEPARATOR } from './message-codec.ts'

/** `base64(data)--hex(HMAC(base64(data)))`, as ActiveSupport::MessageVerifier has it. */
export class SignedCodec implements MessageCodec {
  readonly ivLength = 0
  readonly #hmac: Hmac
  readonly #urlSafe: boolean

  constructor({ digest, key, urlSafe }: Omit<Extract<Scheme, { kind: 'signed' }>, 'kind'>) {
    this.#hmac = new Hmac(digest, key)
    this.#urlSafe = urlSafe
  }

  open(message: string): Buffer | Refusal {
    const end = message.length - this.#hmac.hexLength - SEPARATOR.length
    if (end < 1 || !message.startsWith(SEPARATOR, end)) return Status.MALFORMED
    const data = message.slice(0, end)
    if (!this.#hmac.verify(data, message.slice(end + SEPARATOR.length))) return Status.UNAUTHENTICATED
    // Rails tries the alphabet of `urlSafe` and then the other one. As the url-safe rule takes all that the standard
    // one takes, that is the url-safe rule in either order.
    return decodeUrlSafe(data) ?? Status.UNDECODABLE
  }

  seal(plaintext: Buffer): string {
    const data = encode(plaintext, this.#urlSafe)
    return data + SEPARATOR + this.#hmac.hex(data)
  }
}
