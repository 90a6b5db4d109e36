import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readMessagePack } from '../../src/ruby/index.ts'
import { type Outcome, outcome, show } from './outcome.ts'

/** One value of msgpack-test-suite and its encodings, as hexadecimal with dashes. */
interface SuiteCase {
  readonly msgpack: readonly string[]
  readonly [type: string]: unknown
}

/** msgpack-test-suite: every encoding of every value, behind Rails' signature. */
export function messagePackSuite(folder: string): Outcome[] {
  const groups = JSON.parse(readFileSync(join(folder, 'msgpack/msgpack-test-suite.json'), 'utf8')) as Record<
    string,
    readonly SuiteCase[]
  >
  return Object.entries(groups).flatMap(([group, cases]) =>
    cases.flatMap((each) => each.msgpack.map((hex) => read(`${group} ${hex}`, each, hex.replaceAll('-', '')))),
  )
}

function read(id: string, given: SuiteCase, hex: string): Outcome {
  const result = readMessagePack(Buffer.from(`cc80${hex}`, 'hex'))
  if (given['timestamp'] !== undefined || given['ext'] !== undefined) {
    // Rails gives other meanings to the extension types that it has, and refuses all others.
    return outcome(id, null, 'extension types are those of Rails')
  }
  if (!result.ok) return outcome(id, `refused: ${result.reason}`)
  const expected = expectedOf(given)
  return outcome(id, isDeepStrictEqual(bare(result.value), bare(expected)) ? null : `read as ${show(result.value)}`)
}

function expectedOf(given: SuiteCase): unknown {
  for (const type of ['nil', 'bool', 'string', 'array', 'map']) if (type in given) return given[type]
  if ('binary' in given) return new Uint8Array(Buffer.from(String(given['binary']).replaceAll('-', ''), 'hex'))
  if ('bignum' in given) return number(BigInt(String(given['bignum'])))
  return given['number']
}

/** Integers that a number holds are numbers. */
function number(integer: bigint): number | bigint {
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer
}

/** Without prototypes, and without a difference between `0` and `-0`. */
function bare(value: unknown): unknown {
  if (typeof value === 'number') return value + 0
  if (Array.isArray(value)) return value.map(bare)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, bare(each)]))
}
