import { bare } from '../../ruby/bare.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { RubyHash } from '../../ruby/hash.ts'
import type { TypedTree } from '../../ruby/typed.ts'
import { typedTree } from '../../ruby/typed-tree.ts'
import { readSimpleJson } from './simple-reader.ts'
import { type JsonBuilder, type JsonResult, MAX_NESTING, parseJson } from './parser.ts'

/**
 * Reads JSON as Rails 8.1 does. Objects have no prototype, so `__proto__` is a key like any other; integers beyond
 * ±(2^53 - 1) are bigints; `1e400` is `Infinity`; of equal keys the last one counts.
 *
 * Never throws: `undecodable` where Ruby refuses the text, `limit_exceeded` for more than 100 nested containers.
 *
 * @example
 * readJson('{"user_id":1}') // { ok: true, value: { user_id: 1 } }
 * readJson('{"user_id":1')  // { ok: false, reason: 'undecodable' }
 */
export function readJson(text: string): JsonResult {
  return parseJson(text, PLAIN)
}

/**
 * Reads JSON into a tree that keeps what {@link readJson} cannot tell apart: `1.0` and `1`, and Strings that are not
 * valid UTF-8. Same limits, same refusals.
 *
 * @example
 * readJsonTyped('[1,1.0]') // { ok: true, value: [1, { $: 'float', v: '1.0' }] }
 */
export function readJsonTyped(text: string): JsonResult<TypedTree> {
  const read = readJsonValue(text)
  return read.ok ? { ok: true, value: typedTree(read.value) } : read
}

/** Reads JSON into a lossless Ruby value: Floats are {@link RubyFloat}s, objects are {@link RubyHash}es. */
export function readJsonValue(text: string): JsonResult {
  return parseJson(text, LOSSLESS)
}

/** {@link readJson}, faster, for a text that a backend has flagged `PLAIN_JSON`. */
export function readPlainJson(text: string): JsonResult {
  // On many objects JSON.parse is faster, even with their prototypes to drop.
  const isSimple = (text.length <= SHORT || hasFewObjects(text)) && !text.includes('\\')
  const simple = isSimple ? readSimpleJson(text) : null
  if (simple !== null) return simple
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Ruby takes comments and unknown escapes.
    return readJson(text)
  }
  if (typeof value !== 'object' || value === null) return { ok: true, value }
  return dropPrototypes(value, 1) ? { ok: true, value } : readJson(text)
}

/** Stops at the first object that is one too many, and so costs little where there are many. */
function hasFewObjects(text: string): boolean {
  let at = -1
  for (let objects = 0; objects <= FEW; objects++) {
    at = text.indexOf('{', at + 1)
    if (at === -1) return true
  }
  return false
}

/**
 * Takes the prototype from every object of a value that `JSON.parse` made; false if it is nested too deeply.
 * Changing the prototype measured cheaper than copying into new objects.
 */
function dropPrototypes(container: object, depth: number): boolean {
  if (depth > MAX_NESTING) return false
  if (Array.isArray(container)) {
    for (const value of container as unknown[]) {
      if (typeof value === 'object' && value !== null && !dropPrototypes(value, depth + 1)) return false
    }
    return true
  }
  // First, so that `for in` sees own keys only.
  Object.setPrototypeOf(container, null)
  for (const key in container) {
    const value = (container as Record<string, unknown>)[key]
    if (typeof value === 'object' && value !== null && !dropPrototypes(value, depth + 1)) return false
  }
  return true
}

const PLAIN: JsonBuilder<Record<string, unknown>> = {
  integer(digits) {
    const number = Number(digits)
    // Ruby's Integer has no negative zero.
    return Number.isSafeInteger(number) ? number + 0 : BigInt(digits)
  },
  float: (number) => number,
  string: (text) => text,
  hash: () => bare({}),
  store(hash, key, value) {
    hash[key] = value
  },
  finish: (hash) => hash,
}

const LOSSLESS: JsonBuilder<Map<string, unknown>> = {
  integer: PLAIN.integer,
  float: (number) => new RubyFloat(number),
  string: (text) => text,
  hash: () => new Map(),
  store(hash, key, value) {
    hash.set(key, value)
  },
  finish: (hash) => new RubyHash(hash),
}

/** Too short a text for many objects, and how many they are. */
const SHORT = 1000
const FEW = 8
