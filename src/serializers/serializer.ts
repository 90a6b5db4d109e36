import type { Draft } from '../backend/draft.ts'
import type { RejectionReason } from '../rejection.ts'
import type { Changes } from './changes.ts'

/** Values of Rails' `config.action_dispatch.cookies_serializer`. Rails' `nil` is `'marshal'`. */
export type CookiesSerializerName =
  | 'json'
  | 'hybrid'
  | 'marshal'
  | 'json_allow_marshal'
  | 'message_pack'
  | 'message_pack_allow_marshal'

/** A payload format, as found in a message. */
export type PayloadFormat = 'json' | 'marshal' | 'message_pack' | 'custom'

/**
 * A serializer of your own, as Rails accepts any object with `dump` and `load`.
 *
 * `load` gets the payload bytes after they were authenticated; whatever it throws makes the cookie `undecodable`.
 *
 * @example
 * const upcase: CustomSerializer = {
 *   dump: (value) => String(value).toUpperCase(),
 *   load: (bytes) => new TextDecoder().decode(bytes),
 * }
 */
export interface CustomSerializer {
  dump(value: unknown): string | Uint8Array
  load(bytes: Uint8Array): unknown
}

/** Serialized bytes. `bytes`: each character of `text` is one byte; otherwise the bytes are its UTF-8. */
export interface Payload {
  readonly text: string
  readonly bytes: boolean
}

/** A decoded payload, or why there is none. `format` is null when it could not be told. */
export type Loaded =
  | { readonly ok: true; readonly value: unknown; readonly format: PayloadFormat }
  | { readonly ok: false; readonly reason: RejectionReason }

/** A lossless Ruby value, or why there is none. */
export type ReadResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: RejectionReason }

/** What the message layer asks of a serializer. Nothing here throws on input; `dump` throws `UnserializableValueError`. */
export interface Serializer {
  dump(value: unknown): Payload
  /** `plainJson`: the backend found that `JSON.parse` and Ruby agree on this payload. */
  load(payload: Payload, plainJson: boolean): Loaded
  /** The lossless tree of a payload that {@link Serializer.load} accepted. */
  typed(payload: Payload): unknown
  /** Whether Rails, having read this payload, would write it again in the configured format. */
  reserializes(payload: Payload): boolean
}

/** What cookies ask of a serializer besides. */
export interface RewritingSerializer extends Serializer {
  /** Format of what is dumped. */
  readonly writes: PayloadFormat
  /** Which formats are loaded by Rails' rules. */
  readonly reads: { readonly json: boolean; readonly marshal: boolean }
  /**
   * Writes a draft of what {@link Serializer.dump} would return, and returns whether it did; null for what is not written as
   * JSON.
   */
  readonly draft: ((value: unknown, draft: Draft) => boolean) | null
  /**
   * A payload that {@link Serializer.load} has accepted and found a Hash in, in the configured format, with other values
   * for some of its keys. Throws as {@link Serializer.dump}.
   */
  update(payload: Payload, changes: Changes): Payload
}
