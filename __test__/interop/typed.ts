import { fromTyped, type TypedTree } from '../../src/ruby/index.ts'
import { plain } from '../../src/ruby/plain.ts'
import { mapTree } from '../conformance/typed-tree.ts'

/** The tree that comes back: JSON has no `NaN` and no infinity. */
export function afterFormat(tree: TypedTree, serializer: string): TypedTree {
  if (serializer.startsWith('marshal') || serializer.startsWith('message_pack')) return tree
  return mapTree(tree, (node) =>
    node.$ === 'float' && !Number.isFinite(Number(node['v'])) ? null : undefined,
  ) as TypedTree
}

/** What `opened.data` shows of a tree. */
export function plainOf(tree: TypedTree): unknown {
  const result = plain(fromTyped(tree))
  return result.ok ? result.value : undefined
}
