import { Buffer } from 'node:buffer'
import type { PayloadFormat, Serializer } from '../serializers/serializer.ts'
import type { Message } from './message.ts'
import type { Accepted, Meta } from './opened.ts'

/** The one implementation of {@link Accepted}. `meta` and `typed()` are worked out when they are asked for. */
export class AcceptedMessage<T> implements Accepted<T> {
  readonly ok = true as const
  readonly data: T
  readonly #message: Message
  readonly #serializer: Serializer
  readonly #format: PayloadFormat
  readonly #rotation: number | 'legacy' | null

  constructor(
    data: T,
    message: Message,
    serializer: Serializer,
    format: PayloadFormat,
    rotation: number | 'legacy' | null,
  ) {
    this.data = data
    this.#message = message
    this.#serializer = serializer
    this.#format = format
    this.#rotation = rotation
  }

  /** The message that a result of opening one is about; null for anything else. */
  static messageOf(opened: object): Message | null {
    return #message in opened ? opened.#message : null
  }

  /** The same message with other data, e.g. what a schema made of it. */
  with<Other>(data: Other): AcceptedMessage<Other> {
    return new AcceptedMessage(data, this.#message, this.#serializer, this.#format, this.#rotation)
  }

  get meta(): Meta {
    const { purpose, expiresAt } = this.#message
    return {
      serializer: this.#format,
      purpose: purpose === '' ? null : purpose,
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
      rotation: this.#rotation,
      rewrite: this.#rotation !== null || this.#serializer.reserializes(this.#message),
    }
  }

  get<K extends keyof T & string>(key: K): T[K]
  get(key: string): unknown
  get(key: string): unknown {
    return topLevel(this.data, key)
  }

  typed(): unknown {
    return this.#serializer.typed(this.#message)
  }
}

/** A value that nothing protects: that of a plain cookie. */
export class AcceptedText<T extends string | Uint8Array> implements Accepted<T> {
  readonly ok = true as const
  readonly data: T
  readonly meta: Meta = { serializer: null, purpose: null, expiresAt: null, rotation: null, rewrite: false }

  constructor(data: T) {
    this.data = data
  }

  get<K extends keyof T & string>(key: K): T[K]
  get(key: string): unknown
  get(): unknown {
    return undefined
  }

  typed(): unknown {
    const { data } = this
    if (typeof data === 'string') return data
    // Rails takes cookies for UTF-8, whatever their bytes.
    return { $: 'string', enc: 'UTF-8', b64: Buffer.from(data).toString('base64') }
  }
}

function topLevel(data: unknown, key: string): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined
  return Object.hasOwn(data, key) ? (data as Record<string, unknown>)[key] : undefined
}
