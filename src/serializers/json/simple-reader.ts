import { internalized } from '../internalized.ts'
import { type JsonResult, MAX_NESTING } from './parser.ts'

/**
 * Reads a JSON text that has no backslash and on which `JSON.parse` and Ruby agree (a backend's `PLAIN_JSON` flag); null
 * when something in it is unusual all the same, or wrong.
 *
 * Such a text is what Rails writes into nearly every session. A string then ends at the next quote, which `indexOf`
 * finds faster than `JSON.parse` reads; and objects are born without a prototype instead of losing it afterwards.
 */
export function readSimpleJson(text: string): JsonResult | null {
  const first = text.charCodeAt(0)
  // Scalars are rare and cheap any way.
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return null
  const parents: Container[] = []
  let container: Container | null = null
  let key = ''
  let at = 0
  for (;;) {
    // A value begins at `at`.
    let value: unknown
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const end = text.indexOf('"', at + 1)
      if (end === -1) return null
      value = text.slice(at + 1, end)
      at = end + 1
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      const opened: Container = code === OPEN_BRACE ? (Object.create(null) as Hash) : []
      if (container !== null) {
        store(container, key, opened)
        if (parents.push(container) >= MAX_NESTING) return null
      }
      container = opened
      at += 1
      const next = text.charCodeAt(at)
      if (next === CLOSE_BRACKET || next === CLOSE_BRACE) {
        value = NOTHING
      } else if (code === OPEN_BRACKET) {
        continue
      } else {
        const end = keyEnd(text, at)
        if (end === -1) return null
        key = internalized(text, at + 1, end)
        at = end + 2
        continue
      }
    } else if (code === LOWER_N || code === LOWER_T || code === LOWER_F) {
      const word = code === LOWER_N ? 'null' : code === LOWER_T ? 'true' : 'false'
      if (!text.startsWith(word, at)) return null
      value = code === LOWER_N ? null : code === LOWER_T
      at += word.length
    } else {
      let end = at
      let number = 0
      for (let digit = code; digit >= ZERO && digit <= NINE; digit = text.charCodeAt(end)) {
        number = number * 10 + (digit - ZERO)
        end += 1
      }
      const after = text.charCodeAt(end)
      if (end === at || (code === ZERO && end > at + 1) || after === POINT || (after | 0x20) === LOWER_E) {
        end = numberEnd(text, at)
        if (end === -1) return null
        number = Number(text.slice(at, end))
      }
      value = number
      at = end
    }
    if (value !== NOTHING) store(container!, key, value)

    // Behind a value: closing brackets, and a comma with what follows it.
    for (;;) {
      const isArray: boolean = Array.isArray(container)
      const next = text.charCodeAt(at)
      at += 1
      if (next === COMMA) {
        if (isArray) break
        const end = keyEnd(text, at)
        if (end === -1) return null
        key = internalized(text, at + 1, end)
        at = end + 2
        break
      }
      if (next !== (isArray ? CLOSE_BRACKET : CLOSE_BRACE)) return null
      const parent = parents.pop()
      if (parent === undefined) return at === text.length ? { ok: true, value: container } : null
      container = parent
    }
  }
}

type Hash = Record<string, unknown>
type Container = Hash | unknown[]

function store(container: Container, key: string, value: unknown): void {
  if (Array.isArray(container)) container.push(value)
  else container[key] = value
}

/** Where the key ends that begins at `at` and has a colon behind it; -1 if there is none. */
function keyEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== QUOTE) return -1
  const end = text.indexOf('"', at + 1)
  return text.charCodeAt(end + 1) === COLON ? end : -1
}

/** Where the number ends that begins at `at`; -1 for what JSON takes for none, and for -0, which Ruby knows as Float only. */
function numberEnd(text: string, at: number): number {
  NUMBER.lastIndex = at
  return NUMBER.test(text) ? NUMBER.lastIndex : -1
}

const NOTHING: unique symbol = Symbol('nothing')
const NUMBER = /-?(?:0(?![0-9])|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const QUOTE = 0x22
const COMMA = 0x2c
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const LOWER_E = 0x65
const LOWER_F = 0x66
const LOWER_N = 0x6e
const LOWER_T = 0x74
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
