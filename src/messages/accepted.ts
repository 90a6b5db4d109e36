import { Buffer } from 'node:buffer'
import type { Report } from '../backend/report.ts'
import { isPlainHash } from '../ruby/bare.ts'
import type { PayloadFormat, Serializer } from '../serializers/serializer.ts'
import { findToken, isHashToken, isTrueToken, readToken, readTokens } from '../serializers/tokens.ts'
import type { Message } from './message.ts'
import type { Accepted, Meta } from './opened.ts'

/** Stands for data that has not been made yet. */
const NOT_MADE: unique symbol = Symbol('not made')

/** What is known of a message by the way it came: the same for all that come that way. */
export interface Origin {
  readonly serializer: Serializer
  readonly format: PayloadFormat
  readonly rotation: number | 'legacy' | null
  /** Has tokens of the message, as long as it is the last that was opened; null if there are none. */
  readonly report: Report | null
}

/** The one implementation of {@link Accepted}. Everything but `ok` is worked out when it is asked for. */
export class AcceptedMessage<T> implements Accepted<T> {
  readonly ok = true as const
  readonly #message: Message
  readonly #origin: Origin
  #data: T | typeof NOT_MADE
  /** Values by key that have been asked for before all of the data was. */
  #parts: Map<string, unknown> | null = null

  /** `data` may be left out if there are tokens of the message, from which it can be made. */
  constructor(message: Message, origin: Origin, data: T | typeof NOT_MADE = NOT_MADE) {
    this.#message = message
    this.#origin = origin
    this.#data = data
  }

  /** The message that a result of opening one is about; null for anything else. */
  static messageOf(opened: object): Message | null {
    return #message in opened ? opened.#message : null
  }

  /** The same message with other data, e.g. what a schema made of it. */
  with<Other>(data: Other): AcceptedMessage<Other> {
    return new AcceptedMessage(this.#message, this.#origin, data)
  }

  get data(): T {
    if (this.#data === NOT_MADE) this.#data = this.#makeData()
    return this.#data
  }

  get meta(): Meta {
    const { purpose, expiresAt } = this.#message
    const { format, rotation } = this.#origin
    return {
      serializer: format,
      purpose: purpose === '' ? null : purpose,
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
      rotation,
      rewrite: this.rewrite,
    }
  }

  /** As {@link Meta.rewrite}. */
  get rewrite(): boolean {
    const { serializer, rotation } = this.#origin
    return rotation !== null || serializer.reserializes(this.#message)
  }

  /** When the message expires, in milliseconds since 1970; null for never. */
  get expiryTime(): number | null {
    return this.#message.expiresAt
  }

  get<K extends keyof T & string>(key: K): T[K]
  get(key: string): unknown
  get(key: string): unknown {
    const known = this.#parts?.get(key)
    if (known !== undefined) return known
    const tokens = this.#tokens()
    if (tokens === null || this.#data !== NOT_MADE) return topLevel(this.data, key)
    const place = findToken(tokens, key)
    if (place === 0) return undefined
    const value = readToken(tokens, this.#message.text, place)
    // The same object each time, and in the data.
    if (typeof value === 'object' && value !== null) (this.#parts ??= new Map()).set(key, value)
    return value
  }

  /** Whether the payload is a Hash. */
  isHash(): boolean {
    const tokens = this.#tokens()
    return tokens === null ? isHash(this.data) : isHashToken(tokens)
  }

  /** Whether the payload is a Hash in which a key has a value that Ruby takes for true. */
  holds(key: string): boolean {
    const tokens = this.#tokens()
    if (tokens !== null) return isTrueToken(tokens, findToken(tokens, key))
    const value = topLevel(this.data, key)
    return value !== undefined && value !== null && value !== false
  }

  typed(): unknown {
    return this.#origin.serializer.typed(this.#message)
  }

  /** The data as it came, in objects that nobody else has: what a caller made of `data` is not in it. */
  original(): unknown {
    const message = this.#message
    const tokens = this.#tokens()
    if (tokens !== null) return readTokens(tokens, message.text)
    const loaded = this.#origin.serializer.load(message, message.plainJson)
    // It was loaded before, or there were tokens for it, so that it is in order.
    if (!loaded.ok) throw new Error(`a payload that has been read is ${loaded.reason}`)
    return loaded.value
  }

  /** One top-level key of {@link AcceptedMessage.original}, without the others where that can be. */
  originalOf(key: string): unknown {
    const tokens = this.#tokens()
    if (tokens === null) return topLevel(this.original(), key)
    const place = findToken(tokens, key)
    return place === 0 ? undefined : readToken(tokens, this.#message.text, place)
  }

  /** The tokens that the payload was written with; null if there are none, or they are of a later message. */
  #tokens(): Report | null {
    const { report } = this.#origin
    return report !== null && report.count === this.#message.tokens ? report : null
  }

  #makeData(): T {
    const data = this.original()
    if (this.#parts !== null) {
      for (const [key, value] of this.#parts) (data as Record<string, unknown>)[key] = value
      this.#parts = null
    }
    return data as T
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

/** Plain data of a Hash: a null-prototype object, or a Map where a key is no text. */
export function isHash(data: unknown): data is Record<string, unknown> | Map<unknown, unknown> {
  return isPlainHash(data) || data instanceof Map
}

function topLevel(data: unknown, key: string): unknown {
  if (!isHash(data)) return undefined
  if (data instanceof Map) return data.get(key)
  return Object.hasOwn(data, key) ? data[key] : undefined
}
