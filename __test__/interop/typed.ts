import { Buffer } from 'node:buffer'
import { RubyFloat } from '../../src/ruby/float.ts'
import { rubyFloatText } from '../../src/ruby/float-text.ts'

/** A node of a typed tree, as rails.rb has them: JSON that tells Ruby's `1.0` from `1`. */
export type Tree = null | boolean | number | string | Tree[] | { [key: string]: Tree }

/** The tree of the Ruby value that a JavaScript value stands for when it is sealed. */
export function treeOf(value: unknown): Tree {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : float(value)
  if (typeof value === 'bigint') return integer(value)
  if (value instanceof RubyFloat) return float(value.value)
  if (value instanceof Uint8Array) {
    return { $: 'string', enc: 'ASCII-8BIT', b64: Buffer.from(value).toString('base64') }
  }
  if (Array.isArray(value)) return value.map(treeOf)
  return hash(value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value as object))
}

/** The tree that comes back: JSON has no `NaN` and no infinity. */
export function afterJson(tree: Tree): Tree {
  if (typeof tree !== 'object' || tree === null) return tree
  if (Array.isArray(tree)) return tree.map(afterJson)
  if (tree['$'] === 'float') return Number.isFinite(Number(tree['v'])) ? tree : null
  if (tree['$'] === 'hash') return { $: 'hash', v: afterJson(tree['v']!) }
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, afterJson(value)]))
}

/** What `opened.data` shows of a tree: plain JavaScript, objects without a prototype. */
export function plainOf(tree: Tree): unknown {
  if (typeof tree !== 'object' || tree === null) return tree
  if (Array.isArray(tree)) return tree.map(plainOf)
  if (tree['$'] === 'int') return BigInt(tree['v'] as string)
  if (tree['$'] === 'float') return Number(tree['v'])
  const entries = tree['$'] === 'hash' ? (tree['v'] as Array<[string, Tree]>) : Object.entries(tree)
  const object: Record<string, unknown> = Object.create(null)
  for (const [key, value] of entries) object[key] = plainOf(value)
  return object
}

function integer(value: bigint): Tree {
  return Number.isSafeInteger(Number(value)) ? Number(value) : { $: 'int', v: String(value) }
}

function float(value: number): Tree {
  return { $: 'float', v: rubyFloatText(value) }
}

function hash(entries: ReadonlyArray<[string, unknown]>): Tree {
  const pairs = entries.map(([key, value]): [string, Tree] => [key, treeOf(value)])
  // In an ordinary object, integers would come first.
  const ordinary = pairs.every(([key]) => key !== '$' && !INTEGER.test(key))
  return ordinary ? Object.fromEntries(pairs) : { $: 'hash', v: pairs }
}

const INTEGER = /^\d+$/
