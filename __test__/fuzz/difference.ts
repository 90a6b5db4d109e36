/**
 * Where two values differ, as a path and what stands there; null for values between which nothing in JavaScript could tell:
 * same prototypes, same keys in the same order, `-0` apart from `0`, `undefined` apart from a key that is not there.
 *
 * Does not recurse, and looks at a pair of objects once.
 */
export function difference(one: unknown, other: unknown): string | null {
  const waiting: Pair[] = []
  const seen = new Map<object, Set<object>>()
  let found = compare('', one, other, waiting)
  for (let next = waiting.pop(); found === null && next !== undefined; next = waiting.pop()) {
    const { path, a, b } = next
    const known = seen.get(a)
    if (known?.has(b) === true) continue
    if (known === undefined) seen.set(a, new Set([b]))
    else known.add(b)
    found = compareObjects(path, a, b, waiting)
  }
  return found
}

/** Two objects that have not been compared yet. */
interface Pair {
  readonly path: string
  readonly a: object
  readonly b: object
}

/** Compares scalars now, and objects later. */
function compare(path: string, a: unknown, b: unknown, waiting: Pair[]): string | null {
  if (Object.is(a, b)) return null
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return `${path}: ${shown(a)} and ${shown(b)}`
  }
  waiting.push({ path, a, b })
  return null
}

function compareObjects(path: string, a: object, b: object, waiting: Pair[]): string | null {
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return `${path}: other prototypes`
  if (Array.isArray(a)) return compareLists(path, a, b as unknown[], waiting)
  const keys = Reflect.ownKeys(a)
  const others = Reflect.ownKeys(b)
  if (keys.length !== others.length || keys.some((key, i) => key !== others[i])) {
    return `${path}: keys ${keys.map(String).join()} and ${others.map(String).join()}`
  }
  for (const key of keys) {
    const [inA, inB] = [Reflect.get(a, key), Reflect.get(b, key)] as unknown[]
    const found = Object.is(inA, inB) ? null : compare(`${path}.${String(key)}`, inA, inB, waiting)
    if (found !== null) return found
  }
  return Object.getPrototypeOf(a) === null ? null : compareLists(path, contents(a), contents(b), waiting)
}

function compareLists(path: string, a: readonly unknown[], b: readonly unknown[], waiting: Pair[]): string | null {
  if (a.length !== b.length) return `${path}: ${a.length} and ${b.length} things`
  for (const [i, each] of a.entries()) {
    const found = Object.is(each, b[i]) ? null : compare(`${path}/${i}`, each, b[i], waiting)
    if (found !== null) return found
  }
  return null
}

/** What is in an object besides its properties. */
function contents(object: object): readonly unknown[] {
  if (object instanceof Map) return [...object].flat()
  if (object instanceof Set) return [...object]
  return object instanceof Date ? [object.getTime()] : []
}

function shown(value: unknown): string {
  if (Object.is(value, -0)) return '-0'
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'string' ? JSON.stringify(value) : `${typeof value} ${String(value)}`
}
