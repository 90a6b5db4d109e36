import { RubyComplex } from './complex.ts'
import { RubyDate, RubyDateTime } from './date.ts'
import { RubyDecimal } from './decimal.ts'
import { RubyDuration } from './duration.ts'
import { isAscii, isAsciiCompatible } from './encoding.ts'
import { RubyFloat } from './float.ts'
import { type Branch, fold } from './fold.ts'
import { RubyHash } from './hash.ts'
import { RubyObject } from './object.ts'
import { RubyRange } from './range.ts'
import { RubyRational } from './rational.ts'
import { RubyRegexp } from './regexp.ts'
import { RubySafeBuffer } from './safe-buffer.ts'
import { RubyString } from './string.ts'
import { RubySymbol } from './symbol.ts'
import { RubyTime, splitTime } from './time.ts'
import { RubyTimeWithZone } from './time-with-zone.ts'

/**
 * Tells which Ruby values are the same key of a Hash or element of a Set, as Ruby's `eql?` does: `1` and `1.0` are not, the
 * same text in UTF-8 and US-ASCII is. Objects of classes that nothing is known of are only the same as themselves.
 *
 * Short texts stand for values, whatever their size: what was seen is numbered.
 */
export class Identities {
  readonly #numbers = new Map<string, number>()
  readonly #known = new Map<object, string>()

  /** A text that is equal for values that are the same to Ruby. */
  of(value: unknown): string {
    const open = new Set<object>()
    return fold<string>(value, (each) => {
      if (typeof each !== 'object' || each === null) return { leaf: this.#numbered(scalarIdentity(each)) }
      const known = this.#known.get(each)
      if (known !== undefined) return { leaf: known }
      // What is inside itself is only the same as itself.
      const branch = open.has(each) ? null : childrenOf(each)
      if (branch === null) return { leaf: this.#remember(each, leafIdentity(each)) }
      open.add(each)
      return { children: branch.children, build: (parts) => this.#remember(each, branch.build(parts)) }
    })
  }

  /** `identity`: null for an object that is only the same as itself. */
  #remember(object: object, identity: string | null): string {
    const short = this.#numbered(identity ?? `object ${this.#known.size}`)
    this.#known.set(object, short)
    return short
  }

  #numbered(identity: string): string {
    let number = this.#numbers.get(identity)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(identity, number)
    }
    return `#${number}`
  }
}

/**
 * Drops every pair of a Hash whose key comes again; the first place and the last value count, as in Ruby.
 */
export function withoutDuplicates(
  pairs: ReadonlyArray<readonly [unknown, unknown]>,
  identities: Identities,
): Array<[unknown, unknown]> {
  if (pairs.length < 2) return pairs.map(([key, value]) => [key, value])
  // A Map does the same where no two of the keys are written in different ways.
  if (pairs.every(([key]) => typeof key === 'string')) return [...new Map(pairs)]
  const found = new Map<string, [unknown, unknown]>()
  for (const [key, value] of pairs) {
    const identity = identities.of(key)
    const known = found.get(identity)
    if (known === undefined) found.set(identity, [key, value])
    else known[1] = value
  }
  return [...found.values()]
}

function scalarIdentity(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return stringIdentity(new RubyString(value))
    case 'number':
      return Number.isSafeInteger(value) ? `int ${value + 0}` : `float ${value}`
    case 'bigint':
      return `int ${value}`
    default:
      return String(value)
  }
}

function stringIdentity({ binary, encoding }: RubyString): string {
  const isComparable = binary === '' || (isAsciiCompatible(encoding) && isAscii(binary))
  return `string ${isComparable ? '' : encoding} ${binary}`
}

function leafIdentity(value: object): string | null {
  if (value instanceof RubyString) return stringIdentity(value)
  if (value instanceof RubySafeBuffer) return stringIdentity(value.string)
  if (value instanceof RubySymbol) return `symbol ${stringIdentity(value.string)}`
  // Not a number is only itself; there are two zeros, and they are the same.
  if (value instanceof RubyFloat) return Number.isNaN(value.value) ? null : `float ${value.value}`
  if (value instanceof RubyRational) return `rational ${value}`
  if (value instanceof RubyDecimal) return value.special === 'NaN' ? null : `decimal ${value.scientific()}`
  if (value instanceof RubyRegexp) return `regexp ${value.options} ${stringIdentity(value.source)}`
  if (value instanceof RubyDate) return `date ${value.jd} 0 0 0/1`
  if (value instanceof RubyDateTime) {
    const { day, second, nanosecond } = splitTime(value.nanoseconds, 0)
    return `date ${day + 2_440_588n} ${second} ${nanosecond} ${value.subnano ?? '0/1'}`
  }
  if (value instanceof RubyTime) return `time ${value.nanoseconds} ${value.subnano ?? '0/1'}`
  if (value instanceof RubyTimeWithZone) return `time ${value.nanoseconds} 0/1`
  // An invalid one is no time, which writers say with its place.
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? null : `time ${BigInt(value.getTime()) * 1_000_000n} 0/1`
  }
  return value instanceof RubyObject ? objectIdentity(value) : null
}

function objectIdentity({ kind, className, value }: RubyObject): string | null {
  switch (kind) {
    case 'class':
    case 'module':
      return className === '' ? null : `module ${className}`
    case 'string':
      return stringIdentity(value as RubyString)
    case 'regexp':
      return leafIdentity(value as RubyRegexp)
    case 'uri':
    case 'ipaddr':
    case 'pathname':
    case 'time_zone':
      return `${kind} ${className} ${stringIdentity(value instanceof RubyString ? value : new RubyString(String(value)))}`
    default:
      return null
  }
}

/** What an object is compared by, if that is what is in it. */
function childrenOf(value: object): Branch<string> | null {
  if (Array.isArray(value)) return { children: value, build: (parts) => `array ${parts.join()}` }
  if (value instanceof RubyHash) return hashBranch(value)
  if (value instanceof Set) return { children: [...value], build: (parts) => `set ${[...parts].toSorted().join()}` }
  if (value instanceof RubyRange) {
    return { children: [value.begin, value.end], build: (parts) => `range ${value.excludeEnd} ${parts.join()}` }
  }
  if (value instanceof RubyComplex) {
    return { children: [value.real, value.imaginary], build: (parts) => `complex ${parts.join()}` }
  }
  if (value instanceof RubyDuration) return { children: [value.value], build: ([part]) => `duration ${part}` }
  if (!(value instanceof RubyObject)) return null
  switch (value.kind) {
    case 'array':
      return { children: value.value as unknown[], build: (parts) => `array ${parts.join()}` }
    case 'hash':
      return hashBranch(value.value as RubyHash)
    case 'struct': {
      const children = value.fields.map(([, field]) => field)
      return { children, build: (parts) => `struct ${value.className} ${parts.join()}` }
    }
    default:
      return null
  }
}

function hashBranch({ pairs }: RubyHash): Branch<string> {
  const build = (parts: readonly string[]): string => {
    const entries = pairs.map((_, i) => `${parts[2 * i]}=>${parts[2 * i + 1]}`)
    return `hash ${entries.toSorted().join()}`
  }
  return { children: pairs.flat(), build }
}
