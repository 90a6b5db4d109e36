import { Buffer } from 'node:buffer'
import { UnserializableValueError } from '../../errors.ts'
import type { RailsVersion } from '../../rails/version.ts'
import { plain } from '../../ruby/plain.ts'
import type { TypedTree } from '../../ruby/typed.ts'
import { typedTree } from '../../ruby/typed-tree.ts'
import { NodeBuilder } from './nodes.ts'
import { readNodes } from './reader.ts'
import { attempt, type MarshalResult } from './refusal.ts'
import { updateMarshal } from './update.ts'
import { valueOf } from './values.ts'
import { writeNodes } from './writer.ts'

/** How Marshal is written. */
export interface MarshalWriteOptions {
  /** The Rails that will read it: Durations and SafeBuffers differ. Default `'8.1'`. */
  readonly railsVersion?: RailsVersion
}

/**
 * Reads what Ruby's `Marshal.dump` has written, as plain JavaScript. Hashes are objects without a prototype, or Maps where a
 * key is no scalar; Integers beyond ±(2^53 - 1) are bigints; Symbols are strings; a String in binary is a Uint8Array; times
 * are Dates; objects of other classes are described by a {@link RubyObject}, which only a {@link MarshalDump} writes again.
 *
 * Never throws: `undecodable` where Ruby 3.3 refuses the bytes, `limit_exceeded` for more than 10,000 objects inside one
 * another, `cyclic` for an object that contains itself. No class need exist that the bytes name, and no Regexp is compiled.
 *
 * @example
 * readMarshal(Uint8Array.of(4, 8, 0x7b, 6, 0x3a, 7, 0x69, 0x64, 0x69, 12)) // { ok: true, value: { id: 7 } }
 * readMarshal(Uint8Array.of(4, 8, 0x7b, 6))                                // { ok: false, reason: 'undecodable' }
 */
export function readMarshal(bytes: Uint8Array): MarshalResult {
  const read = attempt(() => valueOf(readNodes(binaryOf(bytes)), false))
  return read.ok ? plain(read.value) : read
}

/**
 * Reads Marshal into a tree that keeps what {@link readMarshal} cannot tell apart: `1.0` and `1`, Symbols and Strings, the
 * classes of times, which objects are the same. Same refusals, but that most objects may contain themselves.
 *
 * @example
 * readMarshalTyped(Uint8Array.of(4, 8, 0x3a, 6, 0x61)) // { ok: true, value: { $: 'symbol', v: 'a' } }
 */
export function readMarshalTyped(bytes: Uint8Array): MarshalResult<TypedTree> {
  const read = attempt(() => valueOf(readNodes(binaryOf(bytes)), false))
  return read.ok ? { ok: true, value: typedTree(read.value) } : read
}

/**
 * Writes a value as Ruby's `Marshal.dump` writes its Ruby counterpart.
 *
 * Integers within ±(2^53 - 1) are Ruby Integers, every other number a Float; {@link RubyFloat} and bigint say which it is. A
 * string is a String in UTF-8, a Uint8Array one in binary, a Date a Time in UTC, a Map a Hash with any keys, a Set a Set.
 * `undefined` is left out of Hashes and nil elsewhere. The value classes of this package are written as the classes that they
 * stand for. An object that comes twice is one object in Ruby. `toJSON` methods are not called: they make text of what Marshal
 * keeps as it is.
 *
 * Throws an {@link UnserializableValueError} that names the place: for functions, symbols, instances of other classes, text
 * with lone surrogates, invalid Dates, values that contain themselves, more than 10,000 containers inside one another, and a
 * {@link RubyObject} that came out of no authentic message.
 *
 * @example
 * writeMarshal({ id: 7 })                          // 04 08 7B 06 49 22 07 69 64 06 3A 06 45 54 69 0C
 * writeMarshal(html, { railsVersion: '7.2' })      // a RubySafeBuffer as Rails 7.2 has it
 */
export function writeMarshal(value: unknown, options: MarshalWriteOptions = {}): Uint8Array {
  const { railsVersion = '8.1' } = options
  return bytesOf(writeNodes(new NodeBuilder({ railsVersion, trusting: false }).build(value)))
}

/**
 * A dump that can be written again: unchanged, or with some values of a Hash changed and everything else as it was, objects of
 * any class included.
 *
 * @example
 * const parsed = MarshalDump.parse(bytes)
 * if (parsed.ok) {
 *   parsed.value.data                                // { id: 7, user: RubyObject }
 *   parsed.value.update({ id: 8 }).bytes()           // the same user, another id
 * }
 */
export class MarshalDump {
  readonly #binary: string
  readonly #value: unknown

  private constructor(binary: string, value: unknown) {
    this.#binary = binary
    this.#value = value
  }

  /** Reads a dump; the reasons for which it is refused are those of {@link readMarshalTyped}. */
  static parse(bytes: Uint8Array): MarshalResult<MarshalDump> {
    const binary = binaryOf(bytes)
    return attempt(() => new MarshalDump(binary, valueOf(readNodes(binary), false)))
  }

  /** The plain view, as {@link readMarshal} gives it; undefined for data that contain themselves. */
  get data(): unknown {
    const viewed = plain(this.#value)
    return viewed.ok ? viewed.value : undefined
  }

  /** The lossless tree, as {@link readMarshalTyped} gives it. */
  typed(): TypedTree {
    return typedTree(this.#value)
  }

  /**
   * A dump with other values for some keys of its Hash; `undefined` drops a key. A key that is there keeps its place and its
   * class, new ones are Strings and come last. The values may be objects out of any dump.
   *
   * Throws a `TypeError` where the dump is no Hash, and as {@link writeMarshal} does for the values.
   */
  update(changes: Readonly<Record<string, unknown>>, options: MarshalWriteOptions = {}): MarshalDump {
    const { railsVersion = '8.1' } = options
    const binary = updateMarshal(this.#binary, new Map(Object.entries(changes)), { railsVersion, trusting: true })
    const read = attempt(() => valueOf(readNodes(binary), false))
    if (read.ok) return new MarshalDump(binary, read.value)
    throw new UnserializableValueError(`update: what would be written cannot be read again (${read.reason})`)
  }

  /** The bytes; of a dump that was parsed, those that it was parsed from. */
  bytes(): Uint8Array {
    return bytesOf(this.#binary)
  }
}

/** One character a byte. */
function binaryOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

function bytesOf(binary: string): Uint8Array {
  return new Uint8Array(Buffer.from(binary, 'latin1'))
}
