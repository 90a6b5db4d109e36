import type { Draft } from '../backend/draft.ts'
import type { Changes } from './changes.ts'
import type { Loaded, Payload, PayloadFormat, ReadResult } from './serializer.ts'

/** One payload format: how to tell it, read it and write it. Nothing here throws on input. */
export interface Format {
  readonly name: PayloadFormat
  /** Rails' `dumped?`: the first bytes look like this format. */
  recognises(payload: Payload): boolean
  /** The plain view. `plainJson`: the backend found that `JSON.parse` and Ruby agree on this payload. */
  load(payload: Payload, plainJson: boolean): Loaded
  /** The lossless Ruby value. */
  read(payload: Payload): ReadResult
  /** Throws `UnserializableValueError` for a value that has no representation. */
  dump(value: unknown): Payload
  /** Writes a draft of what {@link Format.dump} would return, and returns whether it did; null for what is not JSON. */
  readonly draft: ((value: unknown, draft: Draft) => boolean) | null
  /**
   * A payload that {@link Format.load} has accepted and found a Hash in, with other values for some of its keys. All else
   * stays as it is, in value, class and encoding. Throws as {@link Format.dump}.
   */
  update(payload: Payload, changes: Changes): Payload
}
