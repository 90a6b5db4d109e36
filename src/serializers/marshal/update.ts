import { plainKey } from '../../ruby/plain.ts'
import type { Changes } from '../changes.ts'
import type { Node } from './node.ts'
import { NodeBuilder, type NodeOptions } from './nodes.ts'
import { readNodes } from './reader.ts'
import { valueOf } from './values.ts'
import { writeNodes } from './writer.ts'

/**
 * The Hash in a dump with other values for some of its keys. All else stays as it is, in value, class and encoding, and what
 * was one object stays one. A replaced key keeps its place; new ones come last, as Strings in UTF-8. Bytes are given and
 * returned one character each.
 *
 * The dump has been read before and is known to be good. Throws a `TypeError` where it is no Hash.
 */
export function updateMarshal(binary: string, changes: Changes, options: NodeOptions): string {
  const hash = readNodes(binary)
  if (typeof hash !== 'object' || hash?.kind !== 'hash') throw new TypeError('update: the payload holds no Hash')
  const builder = new NodeBuilder(options)
  const added = new Map(changes)
  const pairs: Array<readonly [Node, Node]> = []
  for (const [key, value] of hash.pairs) {
    const name = plainKey(valueOf(key, true))
    if (name === undefined || !changes.has(name)) pairs.push([key, value])
    // Of keys with the same text, plain data shows one.
    else if (added.has(name)) {
      const changed = added.get(name)
      added.delete(name)
      if (changed !== undefined) pairs.push([key, builder.build(changed, name)])
    }
  }
  for (const [name, value] of added) {
    if (value !== undefined) pairs.push([builder.build(name), builder.build(value, name)])
  }
  // The node itself is changed, since it may be linked from what is in it.
  hash.pairs.length = 0
  for (const pair of pairs) hash.pairs.push(pair)
  return writeNodes(hash)
}
