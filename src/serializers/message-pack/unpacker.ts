import type { Buffer } from 'node:buffer'
import { withoutDuplicates } from '../../ruby/eql.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { RubyHash } from '../../ruby/hash.ts'
import { RubyString } from '../../ruby/string.ts'
import type { RailsVersion } from '../../rails/version.ts'
import { bodyReader, partsReader } from './extensions.ts'
import { integer } from './integer.ts'
import { MAX_CONTAINERS, MAX_NESTING } from './limits.ts'
import { Reading } from './reading.ts'

/**
 * Reads objects from bytes, one after the other, by the rules of the msgpack gem and of ActiveSupport::MessagePack. Never
 * throws, never recurses; no length is believed before there are bytes for it.
 */
export class Unpacker {
  readonly #bytes: Buffer
  readonly #rails: RailsVersion
  readonly #reading = new Reading()
  /** Where the next object begins. */
  at = 0
  /** Why {@link Unpacker.read} gave nothing. */
  reason: 'undecodable' | 'limit_exceeded' = 'undecodable'

  constructor(bytes: Buffer, rails: RailsVersion) {
    this.#bytes = bytes
    this.#rails = rails
  }

  get isAtEnd(): boolean {
    return this.at === this.#bytes.length
  }

  /** The next object as a lossless value; undefined where Ruby raises. */
  read(): unknown {
    const frames: Frame[] = []
    let containers = 0
    for (;;) {
      let value = this.#next()
      if (value instanceof ArrayFrame || value instanceof MapFrame || value instanceof ExtensionFrame) {
        value.containersOutside = containers
        containers = value instanceof ExtensionFrame ? 0 : containers + 1
        if (containers > MAX_CONTAINERS || frames.push(value) > MAX_NESTING) {
          this.reason = 'limit_exceeded'
          return undefined
        }
        continue
      }
      // The value is complete: hand it to what it belongs to; if that is complete now, it is the next value to hand on.
      for (;;) {
        const frame = frames.at(-1)
        if (value === undefined || frame === undefined) return value
        value = frame.add(value)
        if (value === MORE) break
        frames.pop()
        containers = frame.containersOutside
      }
    }
  }

  /** Steps into the Hash that begins here, up to its first key; its values can be read one by one then. */
  enterHash(): { indifferentAccess: boolean; length: number } {
    let value = this.#next()
    const indifferentAccess = value instanceof ExtensionFrame
    if (indifferentAccess) value = this.#next()
    return { indifferentAccess, length: value instanceof MapFrame ? value.length : 0 }
  }

  /** The next value, or the frame of one that has others in it; undefined where there is none. */
  #next(): unknown {
    const head = this.#bytes[this.at]
    if (head === undefined) return undefined
    this.at += 1
    if (head < 0x80) return head
    if (head < 0x90) return this.#map(head & 0x0f)
    if (head < 0xa0) return this.#array(head & 0x0f)
    if (head < 0xc0) return this.#text(head & 0x1f)
    if (head > 0xdf) return head - 0x100
    switch (head) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#binary(this.#unsigned(1 << (head - 0xc4)))
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#unsigned(1 << (head - 0xc7)))
      case 0xca:
        return this.#float(4)
      case 0xcb:
        return this.#float(8)
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(1 << (head - 0xcc))
      case 0xcf:
        return this.#long((start) => this.#bytes.readBigUInt64BE(start))
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return this.#signed(1 << (head - 0xd0))
      case 0xd3:
        return this.#long((start) => this.#bytes.readBigInt64BE(start))
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (head - 0xd4))
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(1 << (head - 0xd9)))
      case 0xdc:
      case 0xdd:
        return this.#array(this.#unsigned(2 << (head - 0xdc)))
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(2 << (head - 0xde)))
      default:
        return undefined
    }
  }

  #array(length: number | undefined): unknown {
    if (length === undefined || length > this.#left) return undefined
    return length === 0 ? [] : new ArrayFrame(length)
  }

  #map(length: number | undefined): unknown {
    if (length === undefined || 2 * length > this.#left) return undefined
    return length === 0 ? new RubyHash() : new MapFrame(length, this.#reading)
  }

  /** Ruby takes any bytes for UTF-8. */
  #text(length: number | undefined): unknown {
    const start = this.#take(length)
    if (start === undefined) return undefined
    const text = this.#bytes.toString('utf8', start, this.at)
    if (!text.includes('\ufffd')) return text
    const string = new RubyString(this.#bytes.subarray(start, this.at), 'UTF-8')
    return string.text ?? string
  }

  #binary(length: number | undefined): unknown {
    const start = this.#take(length)
    return start === undefined ? undefined : new RubyString(this.#bytes.subarray(start, this.at), 'ASCII-8BIT')
  }

  #extension(length: number | undefined): unknown {
    const start = this.#take(1)
    if (length === undefined || start === undefined) return undefined
    const type = this.#bytes.readInt8(start)
    const readParts = partsReader(type, this.#rails)
    // Ruby reads the parts where they stand, and does not look at the length; without one it has nothing to read them from.
    if (readParts !== undefined) return length === 0 ? undefined : new ExtensionFrame(readParts(this.#reading))
    const body = this.#take(length)
    if (body === undefined) return undefined
    return bodyReader(type, this.#rails)?.(this.#bytes.toString('latin1', body, this.at), this.#reading)
  }

  #float(size: 4 | 8): unknown {
    const start = this.#take(size)
    if (start === undefined) return undefined
    return new RubyFloat(size === 4 ? this.#bytes.readFloatBE(start) : this.#bytes.readDoubleBE(start))
  }

  #unsigned(size: number): number | undefined {
    const start = this.#take(size)
    return start === undefined ? undefined : this.#bytes.readUIntBE(start, size)
  }

  #signed(size: number): number | undefined {
    const start = this.#take(size)
    return start === undefined ? undefined : this.#bytes.readIntBE(start, size)
  }

  #long(readAt: (start: number) => bigint): unknown {
    const start = this.#take(8)
    return start === undefined ? undefined : integer(readAt(start))
  }

  /** Steps over so many bytes, and tells where they begin; undefined where there are fewer. */
  #take(length: number | undefined): number | undefined {
    if (length === undefined || length > this.#left) return undefined
    const start = this.at
    this.at += length
    return start
  }

  get #left(): number {
    return this.#bytes.length - this.at
  }
}

/** An object that others are read for. */
interface Frame {
  containersOutside: number
  /** Takes the next of them; gives the object once it is complete, undefined where Ruby raises, else {@link MORE}. */
  add(value: unknown): unknown
}

class ArrayFrame implements Frame {
  containersOutside = 0
  readonly #array: unknown[] = []
  readonly #length: number

  constructor(length: number) {
    this.#length = length
  }

  add(value: unknown): unknown {
    return this.#array.push(value) === this.#length ? this.#array : MORE
  }
}

class MapFrame implements Frame {
  containersOutside = 0
  readonly length: number
  readonly #pairs: Array<[unknown, unknown]> = []
  readonly #reading: Reading
  #key: unknown = MORE

  constructor(length: number, reading: Reading) {
    this.length = length
    this.#reading = reading
  }

  add(value: unknown): unknown {
    if (this.#key === MORE) {
      this.#key = value
      return MORE
    }
    const length = this.#pairs.push([this.#key, value])
    this.#key = MORE
    return length === this.length ? new RubyHash(withoutDuplicates(this.#pairs, this.#reading.identities)) : MORE
  }
}

class ExtensionFrame implements Frame {
  containersOutside = 0
  readonly #parts: Generator<undefined, unknown, unknown>

  constructor(parts: Generator<undefined, unknown, unknown>) {
    this.#parts = parts
    this.#parts.next()
  }

  add(value: unknown): unknown {
    const { done, value: object } = this.#parts.next(value)
    return done === true ? object : MORE
  }
}

const MORE: unique symbol = Symbol('more')
