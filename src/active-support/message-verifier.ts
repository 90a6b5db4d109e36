import type { Backend } from '../backend/backend.ts'
import { selectBackend } from '../backend/select.ts'
import type { Opened } from '../messages/opened.ts'
import { OptionReader } from '../rails/validate.ts'
import { MessageCodec, type Variant } from './message-codec.ts'
import {
  MESSAGE_OPTIONS,
  type MessageMetadata,
  type MessageOptions,
  type MessageSettings,
  readMessageSettings,
  secretBytes,
} from './message-options.ts'

/** Options of {@link MessageVerifier}. */
export interface MessageVerifierOptions extends MessageOptions {
  /** Older settings that still verify, tried in order; what one does not give is inherited. */
  rotations?: ReadonlyArray<MessageOptions & { secret?: string | Uint8Array }>
}

/**
 * Signs and verifies messages as `ActiveSupport::MessageVerifier` of Rails 8.1 does; reads what older ones wrote.
 *
 * @example
 * import { MessageVerifier } from 'rails-session/active-support'
 *
 * const verifier = new MessageVerifier('s3cret', { serializer: 'json', digest: 'SHA256' })
 * const message = verifier.generate({ id: 7 }, { purpose: 'login' })
 * verifier.verified(message, { purpose: 'login' }) // { id: 7 }
 * verifier.verify(message) // { ok: false, reason: 'wrong_purpose', authenticated: true }
 */
export class MessageVerifier {
  readonly #codec: MessageCodec

  /** `secret`: text (its UTF-8 counts) or bytes. Throws a `ConfigError` for wrong options. */
  constructor(secret: string | Uint8Array, options: MessageVerifierOptions = {}) {
    const reader = new OptionReader('MessageVerifier', options, [...MESSAGE_OPTIONS, 'rotations'])
    const settings = readMessageSettings(reader, null)
    const backend = selectBackend(settings.backend)
    const own = secretBytes(secret, 'MessageVerifier')
    const rotations = reader.list('rotations').map((given, i) => {
      const rotation = new OptionReader(`MessageVerifier: rotations[${i}]`, given, [...MESSAGE_OPTIONS, 'secret'])
      const key = rotation.has('secret') ? secretBytes(rotation.raw('secret'), `MessageVerifier: rotations[${i}]`) : own
      return variant(backend, key, readMessageSettings(rotation, settings))
    })
    this.#codec = new MessageCodec(backend, [variant(backend, own, settings), ...rotations])
  }

  /** The signed message. Throws an `UnserializableValueError` for a value that has no representation. */
  generate(value: unknown, metadata: MessageMetadata = {}): string {
    return this.#codec.seal(value, metadata)
  }

  /** Where Rails raises InvalidSignature, a result says why. Never throws. */
  verify(message: string, { purpose }: { purpose?: string } = {}): Opened {
    return this.#codec.open(message, purpose ?? null)
  }

  /** The value, or null for a message that is refused. */
  verified(message: string, options: { purpose?: string } = {}): unknown {
    const opened = this.verify(message, options)
    return opened.ok ? opened.data : null
  }

  /** Whether the signature is right; expiry, purpose, payload and rotations are not looked at. */
  validMessage(message: string): boolean {
    return this.#codec.authenticates(message)
  }
}

function variant(backend: Backend, secret: Uint8Array, settings: MessageSettings): Variant {
  const { digest, urlSafe } = settings
  return { scheme: { kind: 'signed', digest, key: backend.key(secret), urlSafe }, settings }
}
