import { Buffer } from 'node:buffer'
import type { TypedTree } from '../../ruby/typed.ts'
import { rubyFloatText } from './float.ts'
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
  return parseJson(text, TYPED) as JsonResult<TypedTree>
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
  hash: () => withoutPrototype<unknown>({}),
  store(hash, key, value) {
    hash[key] = value
  },
  finish: (hash) => hash,
}

const TYPED: JsonBuilder<Map<string, TypedTree>> = {
  integer(digits) {
    const number = Number(digits)
    return Number.isSafeInteger(number) ? number + 0 : withoutPrototype({ $: 'int', v: digits })
  },
  float: (number) => withoutPrototype({ $: 'float', v: rubyFloatText(number) }),
  string: typedString,
  hash: () => new Map(),
  store(hash, key, value) {
    hash.set(key, value as TypedTree)
  },
  finish(hash) {
    const object = withoutPrototype<TypedTree>({})
    for (const [key, value] of hash) {
      if (key === '$' || !key.isWellFormed()) return typedHash(hash)
      object[key] = value
    }
    return object
  },
}

/** As cheap as `Object.create(null)`, and several times cheaper to read later: that one makes a hash table. */
function withoutPrototype<Value>(object: Record<string, Value>): Record<string, Value> {
  return Object.setPrototypeOf(object, null) as Record<string, Value>
}

function typedHash(hash: Map<string, TypedTree>): TypedTree {
  return withoutPrototype<TypedTree>({ $: 'hash', v: Array.from(hash, ([key, value]) => [typedString(key), value]) })
}

function typedString(text: string): TypedTree {
  if (text.isWellFormed()) return text
  return withoutPrototype({ $: 'string', enc: 'UTF-8', b64: bytesWithSurrogates(text).toString('base64') })
}

/** UTF-8, with a lone surrogate as the three bytes that its number would take, as Ruby's parser writes it. */
function bytesWithSurrogates(text: string): Buffer {
  const parts: Buffer[] = []
  for (const character of text) {
    const code = character.charCodeAt(0)
    const lone = character.length === 1 && (code & 0xf800) === 0xd800
    parts.push(lone ? Buffer.of(0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)) : Buffer.from(character))
  }
  return Buffer.concat(parts)
}

/** Too short a text for many objects, and how many they are. */
const SHORT = 1000
const FEW = 8
