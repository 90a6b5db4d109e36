import { Buffer } from 'node:buffer'
import { bare, hasPlainPrototype } from './bare.ts'
import { RubyComplex } from './complex.ts'
import { RubyDate, RubyDateTime } from './date.ts'
import { RubyDecimal } from './decimal.ts'
import { RubyDuration } from './duration.ts'
import { decodeUtf8, encodeUtf8 } from './encoding.ts'
import { RubyFloat } from './float.ts'
import { rubyFloatText } from './float-text.ts'
import { type Branch, fold } from './fold.ts'
import { RubyHash } from './hash.ts'
import { RubyObject } from './object.ts'
import { RubyRange } from './range.ts'
import { RubyRational } from './rational.ts'
import { RubyRegexp } from './regexp.ts'
import { RubySafeBuffer } from './safe-buffer.ts'
import { RubyString } from './string.ts'
import { RubySymbol } from './symbol.ts'
import { RubyTime, timeText } from './time.ts'
import { RubyTimeWithZone } from './time-with-zone.ts'
import type { TypedTree, TypedValue } from './typed.ts'

/**
 * The lossless tree of a Ruby value: what `opened.typed()` gives. Takes what the readers of `rails-session/ruby` give as
 * lossless values, and plain JavaScript.
 *
 * An object that comes more than once is told as `shared` at its first place and as `ref` at every other; so is one that
 * is inside itself. Keys of a Hash that are Strings are Ruby's own copies, and never shared.
 *
 * @example
 * typedTree([1, new RubyFloat(1), new RubySymbol('a')])
 * // [1, { $: 'float', v: '1.0' }, { $: 'symbol', v: 'a' }]
 */
export function typedTree(value: unknown): TypedTree {
  try {
    return treeWith(sharedObjects(value), value)
  } catch (error) {
    if (error !== TOO_OFTEN) throw error
    return treeWith(repeatedObjects(value), value)
  }
}

type Described = { readonly leaf: TypedTree } | Branch<TypedTree>

/**
 * What Ruby does not count is told again each time: the elements of a Set, the ends of a Range, the default of a Hash. Such
 * may contain itself, or be made of so many that are met twice that there is no end to it; then {@link TOO_OFTEN} is thrown.
 */
function treeWith(shared: ReadonlySet<unknown>, root: unknown): TypedTree {
  const ids = new Map<unknown, number>()
  const told = new Set<unknown>()
  let toldAgain = 0
  return fold<TypedTree>(root, (each) => {
    const known = ids.get(each)
    if (known !== undefined) return leaf({ $: 'ref', id: known })
    const described = describe(each)
    if (!('leaf' in described)) {
      if (told.has(each)) toldAgain += described.children.length + 1
      // oxlint-disable-next-line no-throw-literal
      if (toldAgain > MOST_TOLD_AGAIN) throw TOO_OFTEN
      told.add(each)
    }
    if (!shared.has(each)) return described
    const id = ids.size + 1
    ids.set(each, id)
    const share = (tree: TypedTree): TypedTree => bare<TypedValue>({ $: 'shared', id, v: tree })
    return 'leaf' in described
      ? { leaf: share(described.leaf) }
      : { children: described.children, build: (results) => share(described.build(results)) }
  })
}

/** The objects that are met more than once on the way through all that Ruby would count. */
function sharedObjects(root: unknown): Set<unknown> {
  return metAgain(root, (value) => (isContainer(value) ? countedChildren(value) : null))
}

/** The objects that are met more than once, and have something in them. */
function repeatedObjects(root: unknown): Set<unknown> {
  return metAgain(root, (value) => {
    if (typeof value !== 'object' || value === null) return null
    const described = describe(value)
    return 'leaf' in described ? null : described.children
  })
}

/** `childrenOf`: null for what does not count. */
function metAgain(root: unknown, childrenOf: (value: unknown) => readonly unknown[] | null): Set<unknown> {
  const seen = new Set<unknown>()
  const again = new Set<unknown>()
  const waiting = [root]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (seen.has(value)) {
      again.add(value)
      continue
    }
    const children = childrenOf(value)
    if (children === null) continue
    seen.add(value)
    for (const child of children) waiting.push(child)
  }
  return again
}

/** Whether a value is an object with an identity that can be seen. */
function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (value instanceof Date) return value instanceof RubyTimeWithZone
  if (value instanceof RubyObject) {
    const { kind, fields } = value
    if (kind === 'object' || kind === 'exception') return kind === 'object' && fields.length > 0
    return kind !== 'class' && kind !== 'module' && kind !== 'regexp' && kind !== 'other'
  }
  return !LEAVES.some((leafClass) => value instanceof leafClass)
}

const LEAVES = [RubyFloat, RubySymbol, RubyRational, RubyComplex, RubyDecimal, RubyRegexp, RubyRange] as const

function countedChildren(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (value instanceof RubyHash) return hashChildren(value)
  if (value instanceof RubyObject) {
    switch (value.kind) {
      case 'object':
      case 'struct':
        return value.fields.map(([, field]) => field)
      case 'array':
        return value.value as unknown[]
      case 'hash':
        return hashChildren(value.value as RubyHash)
      case 'user_marshal':
        return [value.value]
      default:
        return []
    }
  }
  if (value instanceof Map) return [...value.keys(), ...value.values()]
  return hasPlainPrototype(value) ? Object.values(value) : []
}

function hashChildren(hash: RubyHash): unknown[] {
  return hash.pairs.flatMap(([key, value]) => (isCopied(key, hash) ? [value] : [key, value]))
}

function isCopied(key: unknown, { compareByIdentity }: RubyHash): key is RubyString {
  return key instanceof RubyString && !compareByIdentity
}

/** A Hash's own copy of a String, which is another object than the String. */
class CopiedKey {
  readonly string: RubyString

  constructor(string: RubyString) {
    this.string = string
  }
}

function describe(value: unknown): Described {
  switch (typeof value) {
    case 'string':
      return { leaf: stringTree(value) }
    case 'number':
      return { leaf: Number.isSafeInteger(value) ? value + 0 : floatTree(value) }
    case 'bigint':
      return { leaf: integerTree(value) }
    case 'boolean':
      return { leaf: value }
    case 'object':
      return value === null ? { leaf: null } : describeObject(value)
    default:
      throw new TypeError(`typedTree: a ${typeof value} is no Ruby value`)
  }
}

function describeObject(value: object): Described {
  if (Array.isArray(value)) return { children: value, build: (trees) => [...trees] }
  if (value instanceof RubyString) return { leaf: stringTree(value) }
  if (value instanceof CopiedKey) return { leaf: stringTree(value.string) }
  if (value instanceof RubyHash) return describeHash(value, undefined)
  if (value instanceof RubySymbol) return { leaf: symbolTree(value) }
  if (value instanceof RubyFloat) return { leaf: floatTree(value.value) }
  if (value instanceof Date) return { leaf: dateTree(value) }
  if (value instanceof RubyObject) return extended(value, describeKind(value))
  if (value instanceof RubyRational)
    return leaf({ $: 'rational', num: `${value.numerator}`, den: `${value.denominator}` })
  if (value instanceof RubyComplex) {
    return branch([value.real, value.imaginary], ([re, im]) => ({ $: 'complex', re: re!, im: im! }))
  }
  if (value instanceof RubyDecimal) return leaf({ $: 'bigdecimal', v: value.toString() })
  if (value instanceof RubyRange) {
    const { begin, end, excludeEnd } = value
    return branch([begin, end], (trees) => ({ $: 'range', begin: trees[0]!, end: trees[1]!, exclude_end: excludeEnd }))
  }
  if (value instanceof Set) return branch([...value], (trees) => ({ $: 'set', v: trees }))
  if (value instanceof RubyRegexp) return { leaf: regexpTree(value) }
  if (value instanceof RubyDuration) {
    const units = value.parts.map(([unit]) => unit)
    const counts = value.parts.map(([, count]) => count)
    return branch([value.value, ...counts], ([seconds, ...trees]) => ({
      $: 'duration',
      value: seconds!,
      parts: trees.map((tree, i) => [units[i]!, tree]),
    }))
  }
  if (value instanceof RubySafeBuffer) {
    return leaf({ $: 'safe_buffer', v: stringTree(value.string), html_safe: value.htmlSafe })
  }
  if (value instanceof Uint8Array) return { leaf: stringTree(new RubyString(value)) }
  if (value instanceof Map) return describeHash(new RubyHash(value), undefined)
  if (hasPlainPrototype(value)) return describeHash(new RubyHash(value as Record<string, unknown>), undefined)
  throw new TypeError(`typedTree: an instance of ${value.constructor?.name ?? 'an unknown class'} is no Ruby value`)
}

function describeHash(hash: RubyHash, className: string | undefined): Described {
  const { pairs, compareByIdentity } = hash
  const ofClass = hash.indifferentAccess ? INDIFFERENT_ACCESS : className
  const hasDefault = hash.default !== undefined && hash.default !== null
  const own = (key: unknown): unknown => (isCopied(key, hash) ? new CopiedKey(key) : key)
  const children = pairs.flatMap(([key, value]) => [own(key), value])
  if (hasDefault) children.push(hash.default)
  const build = (trees: readonly TypedTree[]): TypedTree => {
    const entries = pairs.map((_, i): [TypedTree, TypedTree] => [trees[2 * i]!, trees[2 * i + 1]!])
    const isPlain = ofClass === undefined && !hasDefault && !compareByIdentity
    if (isPlain && entries.every(([key]) => typeof key === 'string' && key !== '$')) {
      const object: Record<string, TypedTree> = bare({})
      for (const [key, tree] of entries) object[key as string] = tree
      // Keys that look like array indices come first in every object.
      if (Object.keys(object).every((key, i) => key === entries[i]![0])) return object
    }
    return bare<TypedValue>({
      $: 'hash',
      ...(ofClass === undefined ? {} : { class: ofClass }),
      v: entries,
      ...(hasDefault ? { default: trees.at(-1)! } : {}),
      ...(compareByIdentity ? { compare_by_identity: true } : {}),
    })
  }
  return { children, build }
}

function describeKind(object: RubyObject): Described {
  const { kind, className, fields, value } = object
  switch (kind) {
    case 'object':
      return branch(values(fields), (trees) => ({ $: 'object', class: className, ivars: named(fields, trees) }))
    case 'struct':
      return branch(values(fields), (trees) => ({
        $: 'struct',
        class: className === '' ? null : className,
        members: named(fields, trees),
      }))
    case 'exception':
      return branch([value], ([message]) => ({ $: 'exception', class: className, message: message! }))
    case 'string': {
      if (className !== 'String')
        return leaf({ $: 'user_class', class: className || null, v: stringTree(value as RubyString) })
      if (fields.length === 0) return { leaf: stringTree(value as RubyString) }
      const string = stringTree(value as RubyString)
      return branch(values(fields), (trees) => ({ $: 'string_with_ivars', v: string, ivars: named(fields, trees) }))
    }
    case 'array': {
      const array = value as readonly unknown[]
      return className === 'Array'
        ? { children: array, build: (trees) => [...trees] }
        : branch(array, (trees) => ({ $: 'user_class', class: className || null, v: [...trees] }))
    }
    case 'hash':
      return describeHash(value as RubyHash, className === 'Hash' ? undefined : className)
    case 'regexp':
      return leaf({ $: 'user_class', class: className || null, v: regexpTree(value as RubyRegexp) })
    case 'user_dump':
      return leaf({ $: kind, class: className, b64: base64((value as RubyString).binary) })
    case 'user_marshal':
      return branch([value], ([tree]) => ({ $: kind, class: className, v: tree! }))
    case 'class':
    case 'module':
      return leaf({ $: kind, v: className })
    case 'other':
      return leaf({ $: kind, class: className })
    default:
      return leaf({ $: kind, v: value instanceof RubyString ? printableText(value) : String(value) })
  }
}

/** A text that has no other form in a tree: where it is not UTF-8, its bytes that are not ASCII are `\xNN`. */
function printableText({ binary }: RubyString): string {
  const escape = (byte: string): string => `\\x${byte.charCodeAt(0).toString(16)}`
  return decodeUtf8(binary) ?? binary.replaceAll(/[\u0080-\u00ff]/g, escape)
}

/** Ruby sees the modules of a String, an Array, a Hash and an Object. */
function extended({ kind, className, modules }: RubyObject, described: Described): Described {
  const visible = kind === 'string' || kind === 'array' || kind === 'hash' || className === 'Object'
  if (modules.length === 0 || !visible) return described
  const extend = (v: TypedTree): TypedTree => bare<TypedValue>({ $: 'extended', modules, v })
  return 'leaf' in described
    ? { leaf: extend(described.leaf) }
    : { children: described.children, build: (trees) => extend(described.build(trees)) }
}

function leaf(tree: TypedValue): Described {
  return { leaf: bare(tree) }
}

function branch(children: readonly unknown[], build: (trees: readonly TypedTree[]) => TypedValue): Described {
  return { children, build: (trees) => bare(build(trees)) }
}

function values(fields: RubyObject['fields']): unknown[] {
  return fields.map(([, value]) => value)
}

function named(fields: RubyObject['fields'], trees: readonly TypedTree[]): Array<[string, TypedTree]> {
  return fields.map(([name], i) => [name, trees[i]!])
}

function integerTree(value: bigint): TypedTree {
  const isSafe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
  return isSafe ? Number(value) : bare<TypedValue>({ $: 'int', v: String(value) })
}

function floatTree(value: number): TypedTree {
  return bare<TypedValue>({ $: 'float', v: rubyFloatText(value) })
}

function stringTree(value: string | RubyString): TypedTree {
  if (typeof value === 'string') {
    return value.isWellFormed()
      ? value
      : bare<TypedValue>({ $: 'string', enc: 'UTF-8', b64: base64(encodeUtf8(value)) })
  }
  const { text, encoding } = value
  if (encoding === 'UTF-8' && text !== null) return text
  const tree = { $: 'string', enc: encoding, b64: base64(value.binary) } as const
  return bare<TypedValue>(text === null ? tree : { ...tree, v: text })
}

function regexpTree({ source, options }: RubyRegexp): TypedTree {
  // Ruby calls the source of a pattern of ASCII text US-ASCII, which is told by `enc`.
  const text = source.encoding === 'US-ASCII' ? (source.text ?? stringTree(source)) : stringTree(source)
  return bare<TypedValue>({ $: 'regexp', source: text, options, enc: source.encoding })
}

function symbolTree({ string }: RubySymbol): TypedTree {
  const { text, encoding } = string
  if (text !== null && (encoding === 'UTF-8' || encoding === 'US-ASCII'))
    return bare<TypedValue>({ $: 'symbol', v: text })
  return bare<TypedValue>({ $: 'symbol', enc: encoding, b64: base64(string.binary) })
}

function dateTree(date: Date): TypedTree {
  if (date instanceof RubyDate) return bare<TypedValue>({ $: 'date', v: date.toJSON(), start: floatTree(date.start) })
  if (date instanceof RubyDateTime) {
    return bare<TypedValue>({
      $: 'datetime',
      v: date.iso8601(9),
      jd: integerTree(date.jd),
      start: floatTree(date.start),
    })
  }
  if (date instanceof RubyTimeWithZone) {
    return bare<TypedValue>({
      $: 'time_with_zone',
      utc: `${timeText(date.nanoseconds, 0, 9)}Z`,
      time_zone: date.timeZone,
    })
  }
  const time = date instanceof RubyTime ? date : new RubyTime(date)
  return bare<TypedValue>({
    $: 'time',
    iso: `${timeText(time.nanoseconds, 0, 9)}Z`,
    utc_offset: time.utcOffset,
    utc: time.utc,
    ...(time.subnano === null ? {} : { subnano: String(time.subnano) }),
    ...(time.zone === null ? {} : { zone: time.zone }),
  })
}

function base64(binary: string): string {
  return Buffer.from(binary, 'latin1').toString('base64')
}

/** In all, with what is in them. */
const MOST_TOLD_AGAIN = 10_000
const TOO_OFTEN: unique symbol = Symbol('too often')
const INDIFFERENT_ACCESS = 'ActiveSupport::HashWithIndifferentAccess'
