import { type Buffer, isUtf8 } from 'node:buffer'
import process from 'node:process'
import type { Opened, RejectionReason } from '../../index.ts'
import {
  readJson,
  readJsonTyped,
  readMarshal,
  readMarshalTyped,
  readMessagePack,
  readMessagePackTyped,
} from '../../src/ruby/index.ts'
import { hadTokens, type SealedBy } from './cookies.ts'
import { difference } from './difference.ts'
import { formatOf } from './payloads.ts'

/** A value, or why there is none: what every reader gives. */
export type Read = { readonly ok: true; readonly value: unknown } | Refused

interface Refused {
  readonly ok: false
  readonly reason: RejectionReason
}

/** What a payload turned out to be. */
export interface Probed {
  /** What its plain reader gives. */
  readonly plain: Read
  /** The native backend took it apart, so that the data came from tokens. */
  readonly fromTokens: boolean
}

/**
 * Reads a payload in every way that there is: by its plain and its typed reader, and as a cookie on both backends, all at
 * once and key by key. Throws an `Error` that says what is wrong, if anything is: something was thrown, took too long, or
 * two ways gave different answers.
 */
export function probe(payload: Buffer, { seal, native, node, nativeSession, nodeSession }: SealedBy): Probed {
  const { plain, typed } = readers(payload)
  // What is inside itself is data in the typed view.
  const isCycle = typed.ok && !plain.ok && plain.reason === 'cyclic'
  if (!isCycle) agree('typed reader', typed.ok || typed.reason, plain.ok || plain.reason)

  const text = seal(payload)
  const opened = timed('open', () => native.open(text))
  const fromTokens = opened.ok && hadTokens()
  const data = opened.ok ? timed('data', () => opened.data) : undefined
  agree('cookie', asRead(opened, data), plain)
  if (opened.ok) {
    if (!typed.ok) throw new Error(`typed reader: ${typed.reason}, and the cookie opens`)
    same(
      'typed',
      timed('typed', () => opened.typed()),
      typed.value,
    )
    // Once before all of the data is made.
    keysAgree(native.open(text), data)
  }

  const portable = timed('open by node', () => node.open(text))
  agree('cookie by node', asRead(portable, portable.ok ? portable.data : undefined), plain)
  if (portable.ok) keysAgree(portable, data)
  sessionsAgree(nativeSession.open(text), nodeSession.open(text))
  return { plain, fromTokens }
}

/** What the readers of the format give that a payload begins as. */
function readers(payload: Buffer): { plain: Read; typed: Read } {
  switch (formatOf(payload.toString('latin1', 0, 2))) {
    case 'marshal':
      return {
        plain: timed('readMarshal', () => readMarshal(payload)),
        typed: timed('readMarshalTyped', () => readMarshalTyped(payload)),
      }
    case 'message_pack':
      return {
        plain: timed('readMessagePack', () => readMessagePack(payload)),
        typed: timed('readMessagePackTyped', () => readMessagePackTyped(payload)),
      }
    case 'json': {
      const text = payload.toString('utf8')
      const plain = timed('readJson', () => readJson(text))
      const typed = timed('readJsonTyped', () => readJsonTyped(text))
      // Rails looks at the bytes before it parses them.
      return isUtf8(payload) ? { plain, typed } : { plain: UNDECODABLE, typed: UNDECODABLE }
    }
  }
}

function asRead(opened: Opened, value: unknown): Read {
  return opened.ok ? { ok: true, value } : opened
}

/** `get` gives what stands in the data, asked for one key after the other, and the same object each time. */
function keysAgree(opened: Opened, data: unknown): void {
  if (!opened.ok) throw new Error(`open: ${opened.reason} the second time`)
  const keys = keysOf(data)
  const before = keys.map((key) => opened.get(key))
  for (const [i, key] of keys.entries()) {
    const got = before[i]
    same(`get ${JSON.stringify(key)}`, got, valueOf(data, key))
    if (!Object.is(opened.get(key), got)) throw new Error(`get ${JSON.stringify(key)}: another object the second time`)
  }
  const missing = MISSING.find((key) => valueOf(data, key) === undefined)!
  if (opened.get(missing) !== undefined) throw new Error(`get ${missing}: there is no such key`)
  same('data after get', opened.data, data)
  for (const [i, key] of keys.entries()) {
    const [got, there] = [opened.get(key), valueOf(opened.data, key)]
    if (!Object.is(got, before[i]) || !Object.is(got, there)) {
      throw new Error(`get ${JSON.stringify(key)}: not what is in the data`)
    }
  }
}

/** The text keys of a Hash; of very many the last ones, since each is looked for in all of them. */
function keysOf(data: unknown): readonly string[] {
  if (typeof data !== 'object' || data === null) return []
  if (data instanceof Map) return [...data.keys()].filter((key) => typeof key === 'string').slice(-MOST_KEYS)
  return Object.getPrototypeOf(data) === null ? Object.keys(data).slice(-MOST_KEYS) : []
}

function valueOf(data: unknown, key: string): unknown {
  if (data instanceof Map) return data.get(key)
  const isHash = typeof data === 'object' && data !== null && Object.getPrototypeOf(data) === null
  return isHash ? (data as Record<string, unknown>)[key] : undefined
}

function sessionsAgree(native: Opened, node: Opened): void {
  agree('session', asRead(native, true), asRead(node, true))
}

function agree(what: string, one: unknown, other: unknown): void {
  const found = difference(comparable(one), comparable(other))
  if (found !== null) throw new Error(`${what}: ${found}`)
}

/** Refusals are equal by their reasons. */
function comparable(read: unknown): unknown {
  if (typeof read !== 'object' || read === null) return read
  return 'reason' in read ? read.reason : [(read as { value?: unknown }).value]
}

function same(what: string, one: unknown, other: unknown): void {
  const found = difference(one, other)
  if (found !== null) throw new Error(`${what}: ${found}`)
}

/** Runs something, and again some times if it took long: the machine may have been busy. Throws if it always does. */
function timed<Result>(what: string, run: () => Result): Result {
  const start = process.hrtime.bigint()
  const result = run()
  let least = process.hrtime.bigint() - start
  for (let again = 0; least > LONGEST_NS && again < MOST_TIMES; again++) {
    const begin = process.hrtime.bigint()
    run()
    const took = process.hrtime.bigint() - begin
    if (took < least) least = took
  }
  if (least > LONGEST_NS) throw new Error(`${what} takes ${(Number(least) / 1e6).toFixed(1)} ms`)
  return result
}

/** Five milliseconds. */
const LONGEST_NS = 5_000_000n
/** How often something slow is done again; code that is new to the engine is slow at first. */
const MOST_TIMES = 40
const MOST_KEYS = 50
const MISSING: readonly string[] = ['toString', '__proto__', 'constructor', 'missing', 'missing too']
const UNDECODABLE: Refused = { ok: false, reason: 'undecodable' }
