import type { Loaded, Payload, PayloadFormat } from './serializer.ts'

/** One payload format: how to tell it, read it and write it. Nothing here throws on input. */
export interface Format {
  readonly name: PayloadFormat
  /** Rails' `dumped?`: the first bytes look like this format. */
  recognises(payload: Payload): boolean
  /** `plainJson`: the backend found that `JSON.parse` and Ruby agree on this payload. */
  load(payload: Payload, plainJson: boolean): Loaded
  /** The lossless tree of a payload that {@link Format.load} accepted. */
  typed(payload: Payload): unknown
  /** Throws `UnserializableValueError` for a value that has no representation. */
  dump(value: unknown): Payload
}
