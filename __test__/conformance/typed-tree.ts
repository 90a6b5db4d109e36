import { Buffer, isUtf8 } from 'node:buffer'
import { type Branch, fold } from '../../src/ruby/fold.ts'
import { makeObject } from '../../src/ruby/object.ts'
import type { TypedTree } from '../../src/ruby/typed.ts'
import { valueOfTree } from '../../src/ruby/from-typed.ts'

/** A node of a typed tree that plain JSON does not say: `$` names what it is. */
export type Tagged = Readonly<Record<string, unknown>> & { readonly $: string }

/**
 * A text that is equal for equal trees, and for no others: encodings, the order of a Hash and what is one object count.
 * Only what a tree cannot tell is left open: the place of keys that look like array indices in a Hash that is a plain
 * object, the numbers of shared objects, and whether a String that UTF-8 says is told as text or as bytes.
 */
export function canonical(tree: unknown): string {
  const shared = sharedTrees(tree)
  const numbers = new Map<unknown, number>()
  return fold<string>(tree, (node) => {
    if (Array.isArray(node)) return { children: node, build: (parts) => `[${parts.join(',')}]` }
    if (node instanceof Uint8Array) return { leaf: stringText('UTF-8', Buffer.from(node)) }
    if (typeof node !== 'object' || node === null) return { leaf: scalarText(node) }
    if (!isTagged(node)) return hashText(Object.entries(node))
    if (node.$ !== 'shared' && node.$ !== 'ref') return taggedText(node)
    const known = numbers.get(node['id'])
    if (known !== undefined) return { leaf: `#${known}` }
    if (!shared.has(node['id'])) return { leaf: `#nothing` }
    const number = numbers.size + 1
    numbers.set(node['id'], number)
    return { children: [shared.get(node['id'])], build: ([part]) => `#${number}=${part}` }
  })
}

/** What stands at the first place of each shared object. Where an object reorders keys, that may come last. */
function sharedTrees(tree: unknown): ReadonlyMap<unknown, unknown> {
  const shared = new Map<unknown, unknown>()
  const waiting = [tree]
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) continue
    if (isTagged(node) && node.$ === 'shared') shared.set(node['id'], node['v'])
    for (const child of Array.isArray(node) ? node : Object.values(node)) waiting.push(child)
  }
  return shared
}

function scalarText(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function taggedText(node: Tagged): { leaf: string } | Branch<string> {
  switch (node.$) {
    case 'int':
      return { leaf: String(node['v']) }
    case 'string':
      return { leaf: stringText(String(node['enc']), Buffer.from(String(node['b64']), 'base64')) }
    case 'symbol': {
      const { v, enc, b64 } = node
      const name =
        typeof v === 'string' ? JSON.stringify(v) : stringText(String(enc), Buffer.from(String(b64), 'base64'))
      return { leaf: `:${name}` }
    }
    case 'hash': {
      const pairs = pairsOf(node)
      return isPlainHash(node, pairs) ? hashText(Object.entries(Object.fromEntries(pairs))) : fieldsText(node)
    }
    default:
      return fieldsText(node)
  }
}

function stringText(encoding: string, bytes: Buffer): string {
  return encoding === 'UTF-8' && isUtf8(bytes)
    ? JSON.stringify(bytes.toString('utf8'))
    : `${encoding}"${bytes.toString('base64')}"`
}

function hashText(pairs: ReadonlyArray<readonly [string, unknown]>): Branch<string> {
  return {
    children: pairs.map(([, value]) => value),
    build: (parts) => `{${parts.map((part, i) => `${JSON.stringify(pairs[i]![0])}:${part}`).join(',')}}`,
  }
}

/** The fields of a node are trees themselves, or lists of them. */
function fieldsText(node: Tagged): Branch<string> {
  const names = Object.keys(node).toSorted()
  return {
    children: names.map((name) => node[name]),
    build: (parts) => `<${parts.map((part, i) => `${names[i]}:${part}`).join(' ')}>`,
  }
}

/** The pairs of a Hash, whichever way it is told. */
export function pairsOf(hash: unknown): ReadonlyArray<readonly [unknown, unknown]> {
  if (typeof hash !== 'object' || hash === null) return []
  if (!isTagged(hash)) return Object.entries(hash)
  return hash.$ === 'hash' ? (hash['v'] as Array<readonly [unknown, unknown]>) : []
}

/** The value under a name in a Hash, whether its key is a String or a Symbol; undefined where there is none. */
export function entryOf(hash: unknown, name: string): unknown {
  return pairsOf(hash).find(([key]) => key === name || (key as Partial<Tagged> | null)?.v === name)?.[1]
}

/** Whether a tree is that of a Hash, of Ruby's class or a subclass. */
export function isHash(tree: unknown): boolean {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return false
  return !isTagged(tree) || tree.$ === 'hash'
}

/** Whether a tree is a node with a tag. */
export function isTagged(tree: object): tree is Tagged {
  return typeof (tree as { $?: unknown }).$ === 'string'
}

function isPlainHash(
  node: Tagged,
  pairs: ReadonlyArray<readonly [unknown, unknown]>,
): pairs is ReadonlyArray<readonly [string, unknown]> {
  const isOrdinary = Object.keys(node).every((key) => key === '$' || key === 'v')
  return isOrdinary && pairs.every(([key]) => typeof key === 'string' && key !== '$')
}

/** A tree with other nodes in place of some: `replace` gives them, and undefined for a node that stays. */
export function mapTree(tree: unknown, replace: (node: Tagged) => unknown): unknown {
  return fold<unknown>(tree, (node) => {
    if (Array.isArray(node)) return { children: node, build: (parts) => [...parts] }
    if (typeof node !== 'object' || node === null) return { leaf: node }
    const replacement = isTagged(node) ? replace(node) : undefined
    if (replacement !== undefined) return { leaf: replacement }
    const names = Object.keys(node)
    return {
      children: Object.values(node),
      build: (parts) => Object.fromEntries(parts.map((part, i) => [names[i]!, part])),
    }
  })
}

/** The nodes of a tree that have one of some tags. */
export function nodesIn(tree: unknown, ...tags: readonly string[]): Tagged[] {
  const found: Tagged[] = []
  mapTree(tree, (node) => {
    if (tags.includes(node.$)) found.push(node)
    return undefined
  })
  return found
}

/**
 * Whether a plain JSON value is that of a tree, as far as it can say. Vectors tell values both ways where they can.
 */
export function isPlainFormOf(value: unknown, tree: unknown): boolean {
  return canonical(plainForm(value)) === canonical(plainForm(tree))
}

/** Numbers as plain JSON has them: `1.5` does not tell that it is a Float. */
function plainForm(tree: unknown): unknown {
  return mapTree(tree, (node) => (node.$ === 'float' || node.$ === 'int' ? Number(node['v']) : undefined))
}

/** A Hash without the entries of its top level that are null: how Rails saves a session. */
export function withoutNulls(tree: unknown): unknown {
  if (!isHash(tree)) return tree
  const pairs = pairsOf(tree).filter(([, value]) => value !== null)
  return isTagged(tree as object) ? { ...(tree as Tagged), v: pairs } : Object.fromEntries(pairs)
}

/**
 * What `session.to_hash` shows of the Hash in a cookie: a Hash with Strings for keys, of which the last one counts where
 * two become the same, and without the entries that are nil.
 */
export function sessionTree(tree: unknown): unknown {
  if (!isHash(tree)) return tree
  const pairs = new Map<string, readonly [key: unknown, value: unknown]>()
  for (const [key, value] of pairsOf(tree)) {
    const name = keyText(key)
    // To Ruby, ASCII text is the same key in every encoding.
    const { enc, v } = name as Partial<Tagged>
    const identity = enc === 'US-ASCII' ? JSON.stringify(v) : canonical(name)
    pairs.set(identity, [pairs.get(identity)?.[0] ?? name, value])
  }
  const kept = [...pairs.values()].filter(([, value]) => value !== null)
  return { $: 'hash', v: kept }
}

/** `to_s` of a key, which is US-ASCII for everything that is ASCII but a String. */
function keyText(key: unknown): unknown {
  if (typeof key === 'string') return key
  if (typeof key !== 'object' || key === null) return asciiString(key === null ? '' : String(key))
  const { $: tag, v, enc, b64 } = key as Partial<Tagged>
  switch (tag) {
    case 'symbol':
      return typeof v === 'string' ? (ASCII.test(v) ? asciiString(v) : v) : { $: 'string', enc, b64 }
    case 'int':
    case 'float':
      return asciiString(String(v))
    default:
      return key
  }
}

function asciiString(text: string): unknown {
  return { $: 'string', enc: 'US-ASCII', b64: Buffer.from(text).toString('base64'), v: text }
}

/** The Ruby value that a tree stands for; objects are described. Throws where a tree stands for none. */
export function valueOf(tree: unknown): unknown {
  return valueOfTree(tree as TypedTree, (fields) => makeObject(fields, null))
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ASCII = /^[\0-\x7f]*$/
