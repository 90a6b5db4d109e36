import { RubyFloat } from '../../src/ruby/float.ts'
import type { TypedTree } from '../../src/ruby/typed.ts'

/** The JavaScript value that our writers turn into the Ruby value which a typed tree describes. */
export function writable(tree: TypedTree): unknown {
  if (typeof tree !== 'object' || tree === null) return tree
  if (Array.isArray(tree)) return tree.map(writable)
  switch (tree.$) {
    case undefined:
      return writableHash(Object.entries(tree))
    case 'int':
      return BigInt(tree.v as string)
    case 'float':
      return new RubyFloat(Number(tree.v))
    case 'hash':
      return new Map((tree.v as [string, TypedTree][]).map(([key, value]) => [key, writable(value)]))
    default:
      throw new Error(`nothing to write for ${JSON.stringify(tree)}`)
  }
}

function writableHash(entries: [string, TypedTree][]): object {
  const hash = Object.create(null) as Record<string, unknown>
  for (const [key, value] of entries) hash[key] = writable(value)
  return hash
}
