/**
 * JSON with the order of all keys: JavaScript puts keys that look like array indices first in every object. So they are
 * marked before the text is parsed, and the trees in which their order tells something become `hash` nodes.
 */

/** A vector file, with the order of keys kept in its typed trees. */
export function parseVectors(text: string): unknown {
  const marked = text.replaceAll(INDEX_KEY, `"${MARK}$1":`)
  const parsed: unknown = JSON.parse(marked)
  return marked === text ? parsed : restored(parsed, false)
}

/** {@link parseVectors} without `hash` nodes: what {@link jsonText} writes again with every key in its place. */
export function parseMarked(text: string): unknown {
  return JSON.parse(text.replaceAll(INDEX_KEY, `"${MARK}$1":`))
}

/** JSON of what {@link parseMarked} gave. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(MARKED_KEY, '"$1":')
}

function restored(node: unknown, inTree: boolean): unknown {
  if (typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) {
    for (let i = 0; i < node.length; i++) node[i] = restored(node[i], inTree)
    return node
  }
  const object = node as Record<string, unknown>
  const keys = Object.keys(object)
  for (const key of keys) object[key] = restored(object[key], inTree || TREES.has(key))
  if (!keys.some((key) => key.startsWith(MARK))) return object
  const pairs = keys.map((key): [string, unknown] => [key.replace(MARK, ''), object[key]])
  const plain = Object.fromEntries(pairs)
  const isTold = Object.keys(plain).every((key, i) => key === pairs[i]![0])
  return inTree && !isTold ? { $: 'hash', v: pairs } : plain
}

/** Unescaped quotes only: what stands in a string has a backslash before its first quote. */
const INDEX_KEY = /(?<!\\)"(0|[1-9]\d*)":/g
/** No character, so in no key. */
const MARK = '\uFDD0'
const MARKED_KEY = new RegExp(`"${MARK}(\\d+)":`, 'g')
/** The fields that hold typed trees. */
const TREES: ReadonlySet<string> = new Set(['typed', 'input_typed', 'config_typed'])
