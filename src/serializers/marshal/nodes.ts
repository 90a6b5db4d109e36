import { UnserializableValueError } from '../../errors.ts'
import type { RailsVersion } from '../../rails/version.ts'
import { areComparable } from '../../ruby/comparable.ts'
import { RubyComplex } from '../../ruby/complex.ts'
import { RubyDate, RubyDateTime } from '../../ruby/date.ts'
import { RubyDecimal } from '../../ruby/decimal.ts'
import { RubyDuration } from '../../ruby/duration.ts'
import { Identities } from '../../ruby/eql.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { RubyHash } from '../../ruby/hash.ts'
import { objectOrigin, RubyObject } from '../../ruby/object.ts'
import { plainKey } from '../../ruby/plain.ts'
import { RubyRange } from '../../ruby/range.ts'
import { RubyRational } from '../../ruby/rational.ts'
import { RubyRegexp } from '../../ruby/regexp.ts'
import { RubySafeBuffer } from '../../ruby/safe-buffer.ts'
import { RubyString } from '../../ruby/string.ts'
import { RubySymbol } from '../../ruby/symbol.ts'
import { RubyTime } from '../../ruby/time.ts'
import { RubyTimeWithZone } from '../../ruby/time-with-zone.ts'
import { isValidIn } from '../../ruby/valid-bytes.ts'
import { pathText } from '../path.ts'
import { isPlainObject } from '../plain-object.ts'
import { decimalText } from './decimal.ts'
import { symbolNode } from './encoding-variables.ts'
import { integerNode } from './integer.ts'
import { Interned } from './interned.ts'
import {
  arrayNode,
  type ArrayNode,
  hashNode,
  type HashNode,
  instanceNode,
  type Node,
  type ObjectNode,
  regexpNode,
  type SymbolNode,
  userDumpNode,
  userMarshalNode,
  type Variable,
} from './node.ts'
import { MarshalOrigin } from './origin.ts'
import { rationalNode } from './rational.ts'
import { MAX_DEPTH } from './reader.ts'
import { DURATION, durationVariables, safeBufferNode, timeWithZoneNode } from './write-active-support.ts'
import { dateNode, timeNode } from './write-times.ts'

/** How values become nodes. */
export interface NodeOptions {
  /** The Rails that will read them. */
  readonly railsVersion: RailsVersion
  /** Take objects of other classes also out of dumps that no message has vouched for. */
  readonly trusting: boolean
}

/**
 * Makes the nodes of values, as Ruby would dump their counterparts. The same object is the same node, also in another call.
 *
 * Nothing recurses: what is in a container is looked at when the container is there.
 */
export class NodeBuilder {
  readonly #options: NodeOptions
  readonly #interned = new Interned()
  readonly #nodes = new Map<object, ObjectNode>()
  /** Containers whose contents have not been looked at. */
  readonly #waiting: Array<() => void> = []

  constructor(options: NodeOptions) {
    this.#options = options
  }

  /** Throws an `UnserializableValueError` that names the place. `key`: what leads to the value, if anything does. */
  build(value: unknown, key: string | null = null): Node {
    const root = key === null ? null : { value: NOTHING, key: null, around: null, depth: 1 }
    if (value === undefined) return fail(root, key, 'is undefined')
    const node = this.#node(value, root, key)
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) next()
    return node
  }

  #node(value: unknown, around: Container | null, key: Key): Node {
    switch (typeof value) {
      case 'string':
        return this.#interned.string(value.isWellFormed() ? value : fail(around, key, 'is text with a lone surrogate'))
      case 'number':
        return Number.isSafeInteger(value) ? integerNode(value) : this.#interned.float(value)
      case 'bigint':
        return integerNode(value)
      case 'boolean':
        return value
      case 'undefined':
        return null
      case 'object':
        return value === null ? null : this.#objectNode(value, around, key)
      default:
        return fail(around, key, `is a ${typeof value}`)
    }
  }

  #objectNode(value: object, around: Container | null, key: Key): Node {
    if (value instanceof RubySymbol) return this.#symbol(value, around, key)
    const known = this.#nodes.get(value)
    if (known === undefined) {
      const node = this.#container(value, around, key) ?? this.#atom(value, around, key)
      this.#nodes.set(value, node)
      return node
    }
    for (let outer = around; outer !== null; outer = outer.around) {
      if (outer.value === value) return fail(around, key, 'is a circular reference')
    }
    return known
  }

  #symbol(symbol: RubySymbol, around: Container | null, key: Key): Node {
    const { binary, encoding } = symbol.string
    if (!isValidIn(binary, encoding)) return fail(around, key, `is a Symbol whose name is not valid ${encoding}`)
    return this.#interned.symbol(symbol)
  }

  /** What has nothing in it that could be any value. */
  #atom(value: object, around: Container | null, key: Key): ObjectNode {
    const interned = this.#interned
    const { railsVersion, trusting } = this.#options
    if (value instanceof RubyString) return interned.string(value)
    if (value instanceof Uint8Array) return interned.string(new RubyString(value))
    if (value instanceof RubyFloat) return interned.float(value.value)
    if (value instanceof Date) return this.#time(value, around, key)
    if (value instanceof RubyRational) return rationalNode(value)
    if (value instanceof RubyDecimal) {
      return userDumpNode(BIG_DECIMAL, decimalText(value))
    }
    if (value instanceof RubyRegexp) {
      const { source, options } = value
      return regexpNode(source.binary, options, interned.encoding(source.encoding))
    }
    if (value instanceof RubySafeBuffer) return safeBufferNode(value, railsVersion, interned)
    if (value instanceof RubyObject) {
      const origin = objectOrigin(value)
      if (origin instanceof MarshalOrigin && (origin.authentic || trusting)) return origin.node
      const source = origin === null ? 'has no dump' : 'came from no authentic message'
      return fail(around, key, `is an object of Ruby's class ${value.className} that ${source}`)
    }
    return fail(around, key, `is an instance of ${value.constructor?.name ?? 'an unknown class'}`)
  }

  #time(date: Date, around: Container | null, key: Key): ObjectNode {
    try {
      if (date instanceof RubyDate || date instanceof RubyDateTime) return dateNode(date, this.#interned)
      if (date instanceof RubyTimeWithZone) return timeWithZoneNode(date, this.#options.railsVersion, this.#interned)
      return timeNode(date instanceof RubyTime ? date : new RubyTime(date), this.#interned)
    } catch (error) {
      if (error instanceof RangeError) return fail(around, key, 'is an invalid Date')
      throw error
    }
  }

  /** What has any values in it; undefined for anything else. */
  #container(value: object, around: Container | null, key: Key): ObjectNode | undefined {
    const inside: Container = { value, key, around, depth: (around?.depth ?? 0) + 1 }
    if (Array.isArray(value)) return this.#array(value, inside)
    if (value instanceof RubyHash) return this.#hash(value, inside)
    if (value instanceof Map) return this.#pairs([...value], inside)
    if (isPlainObject(value)) return this.#pairs(Object.entries(value), inside)
    if (value instanceof Set) return this.#set([...value], inside)
    if (value instanceof RubyRange) return this.#range(value, inside)
    if (value instanceof RubyComplex) {
      return userMarshalNode(COMPLEX, this.#array([value.real, value.imaginary], inside))
    }
    return value instanceof RubyDuration ? this.#duration(value, inside) : undefined
  }

  #array(elements: readonly unknown[], inside: Container): ArrayNode {
    const node = arrayNode([])
    this.#later(inside, () => {
      // Not with a callback, which passes over what is missing.
      for (let i = 0; i < elements.length; i++) node.elements.push(this.#node(elements[i], inside, i))
    })
    return node
  }

  #hash(hash: RubyHash, inside: Container): HashNode {
    const fallback = hash.default === undefined || hash.default === null ? undefined : hash.default
    const node = this.#pairs(hash.pairs, inside, fallback, hash.compareByIdentity)
    if (hash.indifferentAccess) node.userClass = INDIFFERENT_ACCESS
    return node
  }

  #pairs(
    pairs: ReadonlyArray<readonly [unknown, unknown]>,
    inside: Container,
    fallback?: unknown,
    byIdentity: boolean = false,
  ): HashNode {
    const node = hashNode(byIdentity)
    this.#later(inside, () => {
      for (const [key, value] of pairs) {
        if (value === undefined) continue
        const name = typeof key === 'string' ? key : (plainKey(key) ?? '?')
        node.pairs.push([
          byIdentity ? this.#node(key, inside, IN_KEY) : this.#key(key, inside, IN_KEY),
          this.#node(value, inside, name),
        ])
      }
      if (fallback !== undefined) node.fallback = this.#node(fallback, inside, 'default')
    })
    return node
  }

  /** A key of a Hash that compares by content, as a Set has one inside. `lead`: what leads to it. */
  #key(key: unknown, inside: Container, lead: Key): Node {
    const isCopied = key instanceof RubyString || (typeof key === 'string' && key.isWellFormed())
    return isCopied ? this.#interned.key(key) : this.#node(key, inside, lead)
  }

  #set(elements: readonly unknown[], inside: Container): ObjectNode {
    const hash = hashNode()
    hash.fallback = false
    return this.#instance(SET, inside, () => {
      for (const [i, element] of elements.entries()) hash.pairs.push([this.#key(element, inside, i), true])
      return [[HASH, hash]]
    })
  }

  #range({ begin, end, excludeEnd }: RubyRange, inside: Container): ObjectNode {
    const isOpen = begin === null || end === null
    if (!isOpen && !areComparable(begin, end, new Identities())) {
      return fail(inside.around, inside.key, 'is a Range whose ends Ruby cannot compare')
    }
    return this.#instance(RANGE, inside, () => [
      [EXCLUDE, excludeEnd],
      [BEGIN, this.#node(begin, inside, 'begin')],
      [END, this.#node(end, inside, 'end')],
    ])
  }

  #duration({ value, parts }: RubyDuration, inside: Container): ObjectNode {
    return this.#instance(DURATION, inside, () => {
      const counts = parts.map(([unit, count]): Variable => {
        return [this.#interned.symbol(new RubySymbol(unit)), this.#node(count, inside, unit)]
      })
      return durationVariables(this.#node(value, inside, 'value'), counts, this.#options.railsVersion)
    })
  }

  #instance(className: SymbolNode, inside: Container, variables: () => Variable[]): ObjectNode {
    const node = instanceNode(className)
    this.#later(inside, () => node.variables.push(...variables()))
    return node
  }

  #later(inside: Container, look: () => void): void {
    if (inside.depth > MAX_DEPTH) fail(inside.around, inside.key, `is nested more than ${MAX_DEPTH} deep`)
    this.#waiting.push(look)
  }
}

/** What leads to a value; null for nothing. */
type Key = string | number | typeof IN_KEY | null

/** A container that is around others, and where it is itself. */
interface Container {
  readonly value: object
  readonly key: Key
  readonly around: Container | null
  readonly depth: number
}

function fail(around: Container | null, key: Key, what: string): never {
  const keys: Key[] = [key]
  for (let outer = around; outer !== null; outer = outer.around) keys.push(outer.key)
  const path = keys.filter((each) => each !== null).toReversed()
  const inKey = path.indexOf(IN_KEY)
  const place = pathText(path.slice(0, inKey === -1 ? path.length : inKey) as Array<string | number>)
  throw new UnserializableValueError(
    `Cannot write as Marshal: ${place} ${inKey === -1 ? '' : 'has a key that '}${what}`,
  )
}

const IN_KEY: unique symbol = Symbol('key')
const NOTHING = Object.freeze({})
const BIG_DECIMAL = symbolNode('BigDecimal')
const COMPLEX = symbolNode('Complex')
const INDIFFERENT_ACCESS = symbolNode('ActiveSupport::HashWithIndifferentAccess')
const RANGE = symbolNode('Range')
const EXCLUDE = symbolNode('excl')
const BEGIN = symbolNode('begin')
const END = symbolNode('end')
const SET = symbolNode('Set')
const HASH = symbolNode('@hash')
