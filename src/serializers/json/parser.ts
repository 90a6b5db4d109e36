import { JsonScanner } from './scanner.ts'

/** What reading gives: a value, or why there is none. `undecodable`: Ruby refuses the text as well. */
export type JsonResult<Value = unknown> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: 'undecodable' | 'limit_exceeded' }

/** Most containers that Ruby accepts inside one another. */
export const MAX_NESTING = 100

/** Makes the values of one view (plain or typed) out of what the parser finds. `Hash` is an object being filled. */
export interface JsonBuilder<Hash> {
  /** `digits`: an optional minus sign and any number of digits, without leading zeros. */
  integer(digits: string): unknown
  float(number: number): unknown
  string(text: string): unknown
  hash(): Hash
  /** Called in the order of the text; a key may come again, and then the last value counts. */
  store(hash: Hash, key: string, value: unknown): void
  /** The value that stands for a complete object. */
  finish(hash: Hash): unknown
}

/**
 * Parses JSON by the rules of Ruby's json gem (2.x, as `ActiveSupport::JSON.decode` calls it): RFC 8259 plus comments
 * and lax escapes, at most {@link MAX_NESTING} containers deep. Never throws, never recurses.
 */
export function parseJson<Hash>(text: string, builder: JsonBuilder<Hash>): JsonResult {
  const scanner = new JsonScanner(text)
  const enclosing: Frame<Hash>[] = []
  let frame: Frame<Hash> | undefined

  for (;;) {
    const code = scanner.next()
    let value: unknown
    if (code === BRACE_OPEN || code === BRACKET_OPEN) {
      if (frame !== undefined) enclosing.push(frame)
      if (enclosing.length === MAX_NESTING) return LIMIT_EXCEEDED
      scanner.at += 1
      const next = scanner.next()
      if (code === BRACKET_OPEN) {
        value = []
        if (next !== BRACKET_CLOSE) {
          frame = { array: value as unknown[], hash: undefined, key: '' }
          continue
        }
      } else {
        const hash = builder.hash()
        if (next !== BRACE_CLOSE) {
          frame = { array: undefined, hash, key: '' }
          if (!readKey(scanner, frame)) return UNDECODABLE
          continue
        }
        value = builder.finish(hash)
      }
      scanner.at += 1
      frame = enclosing.pop()
    } else if (code === QUOTE) {
      const string = scanner.string()
      if (string === undefined) return UNDECODABLE
      value = builder.string(string)
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const number = scanner.number()
      if (number === undefined) return UNDECODABLE
      value = scanner.isFloat ? builder.float(Number(number)) : builder.integer(number)
    } else if (scanner.word('null')) {
      value = null
    } else if (scanner.word('true')) {
      value = true
    } else if (scanner.word('false')) {
      value = false
    } else {
      return UNDECODABLE
    }

    // The value is complete: hand it to its container; if that closes now, it is the next value to hand on.
    for (;;) {
      const next = scanner.next()
      if (frame === undefined) return scanner.isAtEnd() ? { ok: true, value } : UNDECODABLE
      if (frame.array !== undefined) frame.array.push(value)
      else builder.store(frame.hash, frame.key, value)

      scanner.at += 1
      if (next === COMMA) {
        if (frame.array === undefined && !readKey(scanner, frame)) return UNDECODABLE
        break
      }
      if (next !== (frame.array === undefined ? BRACE_CLOSE : BRACKET_CLOSE)) return UNDECODABLE
      value = frame.array ?? builder.finish(frame.hash)
      frame = enclosing.pop()
    }
  }
}

/** A container being filled, and the key that the next value belongs to. */
type Frame<Hash> =
  | { readonly array: unknown[]; readonly hash: undefined; key: string }
  | { readonly array: undefined; readonly hash: Hash; key: string }

/** Reads `"key":` into the frame. */
function readKey<Hash>(scanner: JsonScanner, frame: Frame<Hash>): boolean {
  const key = scanner.next() === QUOTE ? scanner.string() : undefined
  if (key === undefined || scanner.next() !== COLON) return false
  scanner.at += 1
  frame.key = key
  return true
}

const UNDECODABLE: JsonResult<never> = Object.freeze({ ok: false, reason: 'undecodable' })
const LIMIT_EXCEEDED: JsonResult<never> = Object.freeze({ ok: false, reason: 'limit_exceeded' })

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const BRACKET_OPEN = 0x5b
const BRACKET_CLOSE = 0x5d
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d
