import { Buffer, isUtf8 } from 'node:buffer'
import { RubyFloat } from '../../src/ruby/float.ts'

/** A node of a typed tree that plain JSON does not say: `$` names what it is. */
type Tagged = Readonly<Record<string, unknown>> & { readonly $: string }

/**
 * A text that is equal for equal trees. The order of a Hash and the encoding of a text do not count, as in Ruby's
 * own comparison; `1.0` and `1`, a String and a Symbol, are different.
 */
export function canonical(tree: unknown): string {
  if (typeof tree === 'string') return `s${JSON.stringify(tree)}`
  if (typeof tree === 'number') return `i${tree}`
  if (tree instanceof Uint8Array) return bytesText('UTF-8', Buffer.from(tree))
  if (Array.isArray(tree)) return `[${tree.map(canonical).join(',')}]`
  if (typeof tree !== 'object' || tree === null) return String(tree)
  if (isTagged(tree)) return canonicalTagged(tree)
  return canonicalHash(Object.entries(tree))
}

function canonicalTagged(node: Tagged): string {
  switch (node.$) {
    case 'int':
      return `i${String(node['v'])}`
    case 'float':
      return `f${String(node['v'])}`
    case 'hash':
      return isPlainHash(node) ? canonicalHash(node['v'] as Array<[unknown, unknown]>) : JSON.stringify(node)
    case 'string': {
      const { v, enc, b64 } = node
      return typeof v === 'string' ? canonical(v) : bytesText(String(enc), Buffer.from(String(b64), 'base64'))
    }
    default:
      return JSON.stringify(node)
  }
}

function bytesText(encoding: string, bytes: Buffer): string {
  return TEXT_ENCODINGS.has(encoding) && isUtf8(bytes)
    ? canonical(bytes.toString('utf8'))
    : `b${encoding}:${bytes.toString('base64')}`
}

function canonicalHash(pairs: ReadonlyArray<readonly [unknown, unknown]>): string {
  const entries = pairs.map(([key, value]) => `${canonical(key)}:${canonical(value)}`)
  return `{${entries.toSorted().join(',')}}`
}

/**
 * Whether a plain JSON value is that of a tree, as far as it can say. Vectors tell values both ways where they can.
 */
export function isPlainFormOf(value: unknown, tree: unknown): boolean {
  return canonical(plainForm(value)) === canonical(plainForm(tree))
}

/** Numbers as plain JSON has them: `1.5` does not tell that it is a Float. */
function plainForm(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(plainForm)
  if (typeof tree !== 'object' || tree === null) return tree
  if (!isTagged(tree)) return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, plainForm(value)]))
  if (tree.$ === 'float' || tree.$ === 'int') return Number(tree['v'])
  if (tree.$ !== 'hash') return tree
  return { ...tree, v: (tree['v'] as Array<[unknown, unknown]>).map((pair) => pair.map(plainForm)) }
}

/** A tree whose top level has lost the entries that are null: what `session.to_hash` shows of a cookie. */
export function withoutNulls(tree: unknown): unknown {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return tree
  if (isTagged(tree)) {
    if (tree.$ !== 'hash') return tree
    return { ...tree, v: (tree['v'] as Array<[unknown, unknown]>).filter(([, value]) => value !== null) }
  }
  return Object.fromEntries(Object.entries(tree).filter(([, value]) => value !== null))
}

/**
 * The value to seal for a tree, so that JSON comes out as Ruby wrote it; undefined when JavaScript has none, or when
 * the order of its keys is lost (integers come first in every object).
 */
export function valueOf(tree: unknown): { readonly value: unknown } | undefined {
  if (typeof tree !== 'object' || tree === null) return { value: tree }
  if (Array.isArray(tree)) {
    const elements = tree.map(valueOf)
    return elements.includes(undefined) ? undefined : { value: elements.map((element) => element!.value) }
  }
  if (!isTagged(tree)) {
    const keys = Object.keys(tree)
    if (keys.length > 1 && keys.some((key) => INTEGER.test(key))) return undefined
    return hashOf(Object.entries(tree), false)
  }
  switch (tree.$) {
    case 'int':
      return { value: BigInt(String(tree['v'])) }
    case 'float':
      return { value: new RubyFloat(Number(tree['v'])) }
    case 'string':
    case 'symbol':
      return typeof tree['v'] === 'string' ? { value: tree['v'] } : undefined
    case 'hash':
      return isPlainHash(tree) ? hashOf(tree['v'] as Array<[unknown, unknown]>, true) : undefined
    default:
      return undefined
  }
}

/** A Map where keys would change their order in an object. */
function hashOf(pairs: ReadonlyArray<readonly [unknown, unknown]>, mayBeMap: boolean): { value: unknown } | undefined {
  const map = new Map<string, unknown>()
  for (const [key, value] of pairs) {
    const name = valueOf(key)
    const entry = valueOf(value)
    if (typeof name?.value !== 'string' || entry === undefined || map.has(name.value)) return undefined
    map.set(name.value, entry.value)
  }
  if (mayBeMap && [...map.keys()].some((key) => INTEGER.test(key))) return { value: map }
  const object: Record<string, unknown> = Object.create(null)
  for (const [key, value] of map) object[key] = value
  return { value: object }
}

function isTagged(tree: object): tree is Tagged {
  return typeof (tree as { $?: unknown }).$ === 'string'
}

function isPlainHash(node: Tagged): boolean {
  return Object.keys(node).every((key) => key === '$' || key === 'v')
}

/** Ruby calls what came out of base64 ASCII-8BIT; we look at the bytes. */
const TEXT_ENCODINGS: ReadonlySet<string> = new Set(['UTF-8', 'US-ASCII', 'ASCII-8BIT'])
const INTEGER = /^\d+$/
