import { Buffer } from 'node:buffer'
import { UnserializableValueError } from '../../errors.ts'
import type { RailsVersion } from '../../rails/version.ts'
import { RubyComplex } from '../../ruby/complex.ts'
import { DURATION_UNITS, RubyDuration } from '../../ruby/duration.ts'
import { encodeUtf8 } from '../../ruby/encoding.ts'
import { Identities, withoutDuplicates } from '../../ruby/eql.ts'
import { RubyHash } from '../../ruby/hash.ts'
import { indifferentKey } from '../../ruby/indifferent-access.ts'
import { RubyObject } from '../../ruby/object.ts'
import { plainKey } from '../../ruby/plain.ts'
import { RubyRange } from '../../ruby/range.ts'
import { pathText } from '../path.ts'
import { isPlainObject } from '../plain-object.ts'
import {
  arrayHead,
  encodeBinary,
  encodeExtension,
  encodeFloat,
  encodeInteger,
  encodeText,
  FALSE,
  mapHead,
  NIL,
  TRUE,
} from './encode.ts'
import { ExtensionType } from './extension-type.ts'
import { MAX_CONTAINERS, MAX_NESTING, MAX_VALUES } from './limits.ts'
import { SIGNATURE } from './signature.ts'
import { writeNumber } from './write-numbers.ts'
import { writeString } from './write-strings.ts'
import { writeTime } from './write-times.ts'

/** How MessagePack is written. */
export interface MessagePackWriteOptions {
  /** The Rails that will read it. Default `'8.1'`. */
  readonly railsVersion?: RailsVersion
}

/**
 * Writes a value as `ActiveSupport::MessagePack.dump` writes its Ruby counterpart, byte for byte.
 *
 * Integers within ±(2^53 - 1) are Ruby Integers, every other number a Float; {@link RubyFloat} and bigint say which it is. A
 * Date is a Time in UTC, a Map a Hash with any keys, a Set a Set, a Uint8Array a String in binary. `undefined` is left out
 * of Hashes and nil elsewhere; default values of Hashes are lost. The value classes of this package are written as the
 * classes that they stand for.
 *
 * Throws {@link UnserializableValueError}, naming the place, for what Rails refuses too (structs, exceptions, objects of other
 * classes), for functions, symbols, instances of other classes and circular values, and for what is nested more deeply than
 * Rails can read.
 *
 * @example
 * writeMessagePack({ id: 7 })                          // CC 80 81 A2 69 64 07
 * writeMessagePack([new RubySymbol('a')])              // CC 80 91 D4 00 61
 * writeMessagePack(html, { railsVersion: '7.2' })      // throws for a RubySafeBuffer, which Rails 7.2 cannot write
 */
export function writeMessagePack(value: unknown, options: MessagePackWriteOptions = {}): Uint8Array {
  return new Uint8Array(Buffer.from(writeMessagePackText(value, options.railsVersion ?? '8.1'), 'latin1'))
}

/** {@link writeMessagePack}, one character a byte. */
export function writeMessagePackText(value: unknown, rails: RailsVersion): string {
  const writer = new Writer(rails)
  if (value === undefined) writer.fail(0, 'is undefined')
  return SIGNATURE + writer.write(value, 0, false)
}

/** A value that is to stand in a Hash, without signature, one character a byte. */
export function writeMember(name: string, value: unknown, rails: RailsVersion): string {
  return new Writer(rails).member(name, value)
}

class Writer {
  readonly #rails: RailsVersion
  readonly #identities = new Identities()
  /** What leads into the current element of each container, by depth. Entries beyond the current depth are stale. */
  readonly #keys: Array<string | number | typeof KEY> = []
  /** The containers around the current element, outermost first. Likewise. */
  readonly #enclosing: object[] = []
  /** How many there are, as the reader counts them. */
  #containers = 0
  #nesting = 0
  #values = 0

  constructor(rails: RailsVersion) {
    this.#rails = rails
  }

  /** `depth` counts the containers around the value. `indifferent`: Hashes are to have indifferent access. */
  write(value: unknown, depth: number, indifferent: boolean): string {
    this.#values += 1
    if (this.#values > MAX_VALUES) return this.fail(0, `has more than ${MAX_VALUES} values`)
    switch (typeof value) {
      case 'string':
        return encodeText(encodeUtf8(value))
      case 'number':
        return Number.isSafeInteger(value) ? encodeInteger(value) : encodeFloat(value)
      case 'bigint':
        return encodeInteger(value)
      case 'boolean':
        return value ? TRUE : FALSE
      case 'undefined':
        return NIL
      case 'object':
        return value === null ? NIL : this.#instance(value, depth, indifferent)
      default:
        return this.fail(depth, `is a ${typeof value}`)
    }
  }

  /** A value of a Hash that is at the top. */
  member(name: string, value: unknown): string {
    this.#enclosing.push(this)
    this.#containers = 1
    this.#nesting = 1
    return this.#element(name, value, 0)
  }

  fail(depth: number, what: string): never {
    const keys = this.#keys.slice(0, depth)
    const key = keys.indexOf(KEY)
    const place = pathText(keys.slice(0, key === -1 ? depth : key) as Array<string | number>)
    throw new UnserializableValueError(
      `Cannot write as MessagePack: ${place} ${key === -1 ? '' : 'has a key that '}${what}`,
    )
  }

  #instance(value: object, depth: number, indifferent: boolean): string {
    if (Array.isArray(value)) return this.#array(value, value, depth, indifferent)
    if (value instanceof RubyHash) return this.#hash(value, value.pairs, depth, indifferent || value.indifferentAccess)
    if (value instanceof Map) return this.#hash(value, [...value], depth, indifferent)
    if (isPlainObject(value)) return this.#hash(value, Object.entries(value), depth, indifferent)
    if (value instanceof Date) return writeTime(value) ?? this.fail(depth, 'is an invalid Date')
    if (value instanceof Uint8Array) return encodeBinary(binaryText(value))
    return (
      writeNumber(value) ??
      writeString(value, this.#rails, (what) => this.fail(depth, what)) ??
      this.#composite(value, depth)
    )
  }

  #composite(value: object, depth: number): string {
    if (value instanceof Set) {
      return this.#extension(ExtensionType.SET, value, depth, () => this.#array(value, [...value], depth, false))
    }
    if (value instanceof RubyRange) {
      return this.#extension(ExtensionType.RANGE, value, depth, () => {
        const { begin, end, excludeEnd } = value
        return this.#element('begin', begin, depth) + this.#element('end', end, depth) + (excludeEnd ? TRUE : FALSE)
      })
    }
    if (value instanceof RubyComplex) {
      return this.#extension(ExtensionType.COMPLEX, value, depth, () => {
        return this.#element('real', value.real, depth) + this.#element('imaginary', value.imaginary, depth)
      })
    }
    if (value instanceof RubyDuration) {
      return this.#extension(ExtensionType.DURATION, value, depth, () => {
        const parts = new Map(value.parts)
        const counts = [...DURATION_UNITS.keys()].map((unit) => this.#element(unit, parts.get(unit), depth))
        return this.#element('value', value.value, depth) + arrayHead(counts.length) + counts.join('')
      })
    }
    if (value instanceof RubyObject) return this.#object(value, depth)
    return this.fail(depth, `is an instance of ${value.constructor?.name ?? 'an unknown class'}`)
  }

  /** A String, an Array or a Hash may be described for what is lost here; nothing else that is described can be written. */
  #object({ kind, className, modules, value }: RubyObject, depth: number): string {
    if (modules.length === 0 && BUILT_IN.get(kind) === className) return this.write(value, depth, false)
    const isItself = kind === 'class' || kind === 'module'
    const name = className === '' ? 'without a name' : className
    const what = isItself ? `Ruby's ${kind} ${name} itself` : `an object of Ruby's class ${name}`
    return this.fail(depth, `is ${what}, which Rails does not write to MessagePack`)
  }

  #array(array: object, elements: readonly unknown[], depth: number, indifferent: boolean): string {
    if (elements.length === 0) return arrayHead(0)
    return this.#within(array, depth, this.#containers + 1, () => {
      let text = arrayHead(elements.length)
      for (let i = 0; i < elements.length; i++) text += this.#element(i, elements[i], depth, indifferent)
      return text
    })
  }

  #hash(hash: object, given: ReadonlyArray<readonly [unknown, unknown]>, depth: number, indifferent: boolean): string {
    const pairs = given.filter(([, value]) => value !== undefined)
    if (!indifferent) return this.#map(hash, pairs, depth, false)
    const converted = pairs.map(([key, value]): [unknown, unknown] => [indifferentKey(key), value])
    const type = ExtensionType.HASH_WITH_INDIFFERENT_ACCESS
    return this.#extension(type, hash, depth, () => this.#map(hash, converted, depth, true))
  }

  #map(hash: object, given: ReadonlyArray<readonly [unknown, unknown]>, depth: number, indifferent: boolean): string {
    const isByIdentity = hash instanceof RubyHash && hash.compareByIdentity
    const pairs = isByIdentity ? given : withoutDuplicates(given, this.#identities)
    if (pairs.length === 0) return mapHead(0)
    return this.#within(hash, depth, this.#containers + 1, () => {
      let text = mapHead(pairs.length)
      for (const [key, value] of pairs) {
        text += typeof key === 'string' ? encodeText(encodeUtf8(key)) : this.#element(KEY, key, depth)
        text += this.#element(typeof key === 'number' ? key : (plainKey(key) ?? '?'), value, depth, indifferent)
      }
      return text
    })
  }

  /** An object whose body is made of objects: in it, the reader counts containers anew. */
  #extension(type: number, value: object, depth: number, body: () => string): string {
    return encodeExtension(type, this.#within(value, depth, 0, body))
  }

  #element(key: string | number | typeof KEY, value: unknown, depth: number, indifferent = false): string {
    this.#keys[depth] = key
    return this.write(value, depth + 1, indifferent)
  }

  #within(value: object, depth: number, containers: number, body: () => string): string {
    const outside = this.#containers
    this.#enclosing[depth] = value
    this.#containers = containers
    this.#nesting += 1
    if (containers > MAX_CONTAINERS || this.#nesting > MAX_NESTING) return this.#failOnDepth(depth)
    const text = body()
    this.#containers = outside
    this.#nesting -= 1
    return text
  }

  #failOnDepth(depth: number): never {
    const enclosing = this.#enclosing.slice(0, depth + 1)
    const repeated = enclosing.findIndex((value, i) => enclosing.indexOf(value) < i)
    return repeated === -1
      ? this.fail(depth, 'is nested more deeply than Rails reads')
      : this.fail(repeated, 'is a circular reference')
  }
}

function binaryText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** Stands for the way into a key of a Hash. */
const KEY: unique symbol = Symbol('key')
/** Kinds of described objects, and the class that has nothing but what MessagePack keeps. */
const BUILT_IN: ReadonlyMap<string, string> = new Map([
  ['string', 'String'],
  ['array', 'Array'],
  ['hash', 'Hash'],
])
