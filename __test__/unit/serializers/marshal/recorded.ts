import { Buffer } from 'node:buffer'
import type { TypedTree } from '../../../../src/ruby/typed.ts'
import type { MarshalCase } from '../../../conformance/vectors.ts'
import { vectorsOf } from '../../../support/vectors.ts'

/** A dump, and what Ruby made of it. */
export interface Recorded {
  /** `ruby-3.3`, `rails-6.1p`: who wrote it, or was asked to read it. */
  readonly by: string
  readonly id: string
  readonly bytes: Buffer
  readonly expected: {
    readonly accepted: boolean
    readonly value?: unknown
    readonly typed?: TypedTree
    /** Ruby loaded it, and no tree can tell what it is. */
    readonly indescribable?: boolean
    readonly reason?: string
    readonly message?: string
  }
  /** Ruby writes the same bytes again. */
  readonly isDumpedAlike: boolean
}

/** The committed dumps of Ruby itself, and of ActiveSupport's classes. */
export const recorded: readonly Recorded[] = ['marshal', 'marshal_rails'].flatMap((layer) =>
  vectorsOf(layer).flatMap(({ label, cases }) =>
    (cases as unknown as readonly MarshalCase[]).map(({ id, bytes_base64, expected, redump_equal }) => ({
      by: `${layer === 'marshal' ? 'ruby' : 'rails'}-${label}`,
      id,
      bytes: Buffer.from(bytes_base64, 'base64'),
      expected: expected as Recorded['expected'],
      isDumpedAlike: redump_equal === true,
    })),
  ),
)

/** Whether Ruby refused a dump for a class that it does not have, or that is not as the dump has it. */
export function isRefusedForClass({ reason, message = '' }: Recorded['expected']): boolean {
  return reason === 'NameError' || CLASS_MESSAGES.test(message)
}

/** A text that is equal for equal trees: numbers of what is shared, and the order of keys in an object, do not count. */
export function canonical(tree: unknown): string {
  const ids = new Map<unknown, number>()
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit)
    if (typeof node !== 'object' || node === null) return node
    const { $, ...fields } = node as { $?: unknown; [field: string]: unknown }
    const sorted = Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1))
    if (typeof $ !== 'string') return { object: sorted.map(([key, value]) => [key, visit(value)]) }
    if ($ === 'string') return { $, enc: fields['enc'], b64: fields['b64'] }
    if ($ === 'shared' || $ === 'ref') {
      if (!ids.has(fields['id'])) ids.set(fields['id'], ids.size)
      return { $, id: ids.get(fields['id']), ...($ === 'shared' ? { v: visit(fields['v']) } : {}) }
    }
    return { $, fields: sorted.map(([key, value]) => [key, visit(value)]) }
  }
  return JSON.stringify(visit(tree))
}

/**
 * A tree in which the two classes that were defined when the dumps were made are as they were there: DumpOld has put its
 * `@v` behind `v=` in its bytes, DumpNew has an Array with its `@v` and a Hash.
 */
export function withLoadedClasses(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(withLoadedClasses)
  if (typeof tree !== 'object' || tree === null) return tree
  const node = tree as { $?: string; class?: string; b64?: string; v?: unknown }
  if (node.$ === 'user_dump' && node.class === 'DumpOld') {
    const text = Buffer.from(node.b64!, 'base64').subarray(2).toString()
    return { $: 'object', class: 'DumpOld', ivars: [['@v', text]] }
  }
  if (node.$ === 'user_marshal' && node.class === 'DumpNew') {
    return { $: 'object', class: 'DumpNew', ivars: [['@v', withLoadedClasses((node.v as unknown[])[0])]] }
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withLoadedClasses(value)]))
}

const CLASS_MESSAGES =
  /undefined class\/module|does not refer to|needs to have|not a struct|not compatible|wrong constant name|uninitialized constant/
