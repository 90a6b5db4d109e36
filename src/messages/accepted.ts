import { Buffer } from 'node:buffer'
import type { Payload, PayloadFormat, Serializer } from '../serializers/serializer.ts'
import type { Accepted, Meta } from './opened.ts'

/** Where an accepted message came from; kept as it is until somebody asks for `meta` or `typed()`. */
export interface Origin {
  readonly payload: Payload
  readonly serializer: Serializer | null
  readonly format: PayloadFormat | null
  readonly purpose: string | null
  readonly expiresAt: number | null
  readonly rotation: number | 'legacy' | null
}

/** The one implementation of {@link Accepted}. */
export class AcceptedMessage<T> implements Accepted<T> {
  readonly ok = true as const
  readonly data: T
  readonly #origin: Origin

  constructor(data: T, origin: Origin) {
    this.data = data
    this.#origin = origin
  }

  /** The same message with other data, e.g. what a schema made of it. */
  with(data: T): AcceptedMessage<T> {
    return new AcceptedMessage(data, this.#origin)
  }

  get meta(): Meta {
    const { payload, serializer, format, purpose, expiresAt, rotation } = this.#origin
    return {
      serializer: format,
      purpose,
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
      rotation,
      rewrite: rotation !== null || (serializer?.reserializes(payload) ?? false),
    }
  }

  get<K extends keyof T & string>(key: K): T[K]
  get(key: string): unknown
  get(key: string): unknown {
    const { data } = this
    if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined
    return Object.hasOwn(data, key) ? (data as Record<string, unknown>)[key] : undefined
  }

  typed(): unknown {
    const { payload, serializer } = this.#origin
    if (serializer !== null) return serializer.typed(payload)
    const { data } = this
    // A plain cookie, which Rails takes for UTF-8 whatever its bytes.
    return data instanceof Uint8Array ? { $: 'string', enc: 'UTF-8', b64: Buffer.from(data).toString('base64') } : data
  }
}
