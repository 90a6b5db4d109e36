import { hasPlainPrototype } from '../ruby/bare.ts'
import { typedTree } from '../ruby/typed-tree.ts'

/**
 * Whether a value is still what was read, so that it need not be written. `original` is what reading gave, in objects of its
 * own; a `value` that cannot be compared, for it is nothing that could be written, is not the same.
 */
export function sameValue(value: unknown, original: unknown): boolean {
  if (Object.is(value, original)) return true
  if (typeof value !== 'object' || typeof original !== 'object') return false
  steps = MOST_STEPS
  return sameObject(value, original, 0) ?? sameTree(value, original)
}

/** Comparisons that are left for `sameObject`, which calls nothing that could come back here. */
let steps = 0

/**
 * Null where another way must tell: for values of Ruby's classes, and where it gets long. Values may go very deep, and
 * what is met on many ways is compared on each of them.
 */
function sameObject(value: unknown, original: unknown, depth: number): boolean | null {
  if (Object.is(value, original)) return true
  if (typeof value !== 'object' || typeof original !== 'object' || value === null || original === null) return false
  steps -= 1
  if (depth === MOST_DEPTH || steps < 0) return null
  if (Array.isArray(original)) return Array.isArray(value) ? sameElements(value, original, depth + 1) : false
  if (!hasPlainPrototype(original)) return null
  return hasPlainPrototype(value) ? sameMembers(value, original, depth + 1) : null
}

function sameElements(value: readonly unknown[], original: readonly unknown[], depth: number): boolean | null {
  if (value.length !== original.length) return false
  for (let i = 0; i < original.length; i++) {
    const same = sameObject(value[i], original[i], depth)
    if (same !== true) return same
  }
  return true
}

function sameMembers(value: object, original: object, depth: number): boolean | null {
  const keys = Object.keys(original)
  if (Object.keys(value).length !== keys.length) return false
  for (const key of keys) {
    if (!Object.hasOwn(value, key)) return false
    const same = sameObject((value as Members)[key], (original as Members)[key], depth)
    if (same !== true) return same
  }
  return true
}

function sameTree(value: unknown, original: unknown): boolean {
  try {
    return JSON.stringify(typedTree(value)) === JSON.stringify(typedTree(original))
  } catch {
    return false
  }
}

type Members = Readonly<Record<string, unknown>>

const MOST_DEPTH = 100
const MOST_STEPS = 10_000
