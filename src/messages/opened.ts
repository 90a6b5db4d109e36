import type { Rejected } from '../rejection.ts'
import type { PayloadFormat } from '../serializers/serializer.ts'

/** What is known about an accepted message besides its data. */
export interface Meta {
  /** Format the payload was found in; null where nothing is serialized (plain cookies). */
  readonly serializer: PayloadFormat | null
  /** Purpose that the message carries, e.g. `cookie._shop_session`; null when it carries none. */
  readonly purpose: string | null
  /** When the message expires; null for never. */
  readonly expiresAt: Date | null
  /** Index into `cookiesRotations`, `'legacy'` for a built-in upgrade or an older secret, null for the current scheme. */
  readonly rotation: number | 'legacy' | null
  /** Rails would send this cookie again: it came through a rotation, or its payload is in another format. */
  readonly rewrite: boolean
}

/** An accepted message. */
export interface Accepted<T = unknown> {
  readonly ok: true
  /** The value as plain JS. Hashes are null-prototype objects. */
  readonly data: T
  readonly meta: Meta
  /** One top-level key; undefined when `data` is not a Hash or has no such key. */
  get<K extends keyof T & string>(key: K): T[K]
  get(key: string): unknown
  /** The value as a lossless tree, in which Ruby's `1.0` differs from `1`. */
  typed(): unknown
}

/** Outcome of opening a message. Never an exception: a bad cookie is everyday traffic. */
export type Opened<T = unknown> = Accepted<T> | Rejected
