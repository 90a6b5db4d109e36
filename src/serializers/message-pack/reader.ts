import { Buffer } from 'node:buffer'
import type { RailsVersion } from '../../rails/version.ts'
import { plain } from '../../ruby/plain.ts'
import type { TypedTree } from '../../ruby/typed.ts'
import { typedTree } from '../../ruby/typed-tree.ts'
import type { Payload } from '../serializer.ts'
import { SIGNATURE_INTEGER } from './signature.ts'
import { Unpacker } from './unpacker.ts'

/** How MessagePack is read. */
export interface MessagePackReadOptions {
  /**
   * The Rails that has written it. Default `'8.1'`. Only 7.1 and 8.2 make a difference: they write an IPAddr, or a SafeBuffer,
   * in a way that no other one reads.
   */
  readonly railsVersion?: RailsVersion
}

/**
 * What reading MessagePack gives: a value, or why there is none. `undecodable`: Ruby refuses the bytes as well.
 */
export type MessagePackResult<Value = unknown> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: 'undecodable' | 'limit_exceeded' }

/**
 * Reads what `ActiveSupport::MessagePack.dump` has written, as Rails 8.1 does, as plain JavaScript. Hashes are objects
 * without a prototype, or Maps where a key is no scalar; Integers beyond ±(2^53 - 1) are bigints; Symbols are strings; a
 * String in binary is a Uint8Array; times are Dates; a Set is a Set.
 *
 * Never throws: `undecodable` where Ruby refuses the bytes, `limit_exceeded` for more than 128 Arrays and Hashes, or 512
 * values of any kind, inside one another.
 *
 * A Regexp is not compiled: one that only Ruby's compiler would refuse is accepted.
 *
 * @example
 * readMessagePack(Uint8Array.of(0xcc, 0x80, 0x81, 0xa2, 0x69, 0x64, 0x07)) // { ok: true, value: { id: 7 } }
 * readMessagePack(Uint8Array.of(0xcc, 0x80, 0x81))                         // { ok: false, reason: 'undecodable' }
 */
export function readMessagePack(bytes: Uint8Array, options: MessagePackReadOptions = {}): MessagePackResult {
  const read = readMessagePackBytes(bytes, options.railsVersion ?? '8.1')
  if (!read.ok) return read
  const viewed = plain(read.value)
  // Nothing in MessagePack contains itself.
  return viewed.ok ? viewed : UNDECODABLE
}

/**
 * Reads MessagePack into a tree that keeps what {@link readMessagePack} cannot tell apart: `1.0` and `1`, Symbols and Strings,
 * the classes of times. Same limits, same refusals.
 *
 * @example
 * readMessagePackTyped(Uint8Array.of(0xcc, 0x80, 0xd4, 0x00, 0x61)) // { ok: true, value: { $: 'symbol', v: 'a' } }
 */
export function readMessagePackTyped(
  bytes: Uint8Array,
  options: MessagePackReadOptions = {},
): MessagePackResult<TypedTree> {
  const read = readMessagePackBytes(bytes, options.railsVersion ?? '8.1')
  return read.ok ? { ok: true, value: typedTree(read.value) } : read
}

/** Reads a payload into a lossless value. */
export function readMessagePackPayload(payload: Payload, rails: RailsVersion): MessagePackResult {
  return readMessagePackBytes(payloadBuffer(payload), rails)
}

/** The bytes of a payload. */
export function payloadBuffer({ text, bytes }: Payload): Buffer {
  return Buffer.from(text, bytes ? 'latin1' : 'utf8')
}

function readMessagePackBytes(bytes: Uint8Array, rails: RailsVersion): MessagePackResult {
  const unpacker = new Unpacker(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), rails)
  if (unpacker.read() !== SIGNATURE_INTEGER) return UNDECODABLE
  const value = unpacker.read()
  if (value === undefined) return { ok: false, reason: unpacker.reason }
  return unpacker.isAtEnd ? { ok: true, value } : UNDECODABLE
}

const UNDECODABLE: MessagePackResult<never> = Object.freeze({ ok: false, reason: 'undecodable' })
