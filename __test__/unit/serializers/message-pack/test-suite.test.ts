import { Buffer } from 'node:buffer'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { readMessagePack, readMessagePackTyped } from '../../../../src/serializers/message-pack/reader.ts'
import { writeMessagePack } from '../../../../src/serializers/message-pack/writer.ts'

/** One value, by the name of its type, and all its encodings; the first is the one that encoders should choose. */
interface SuiteCase {
  readonly msgpack: readonly string[]
  readonly [type: string]: unknown
}

const suite = createRequire(import.meta.url)('msgpack-test-suite') as Record<string, readonly SuiteCase[]>
const cases = Object.entries(suite).flatMap(([file, each]) =>
  each.map((value): [string, SuiteCase] => [`${file} ${JSON.stringify(value).slice(0, 60)}`, value]),
)
const encodings = (each: SuiteCase): Uint8Array[] =>
  each.msgpack.map((text) => Uint8Array.from(Buffer.from(`cc80${text.replaceAll('-', '')}`, 'hex')))

/** The value of a case in JavaScript; undefined for the types that Rails does not have. */
function valueOf(each: SuiteCase): unknown {
  if ('bignum' in each) {
    const integer = BigInt(each['bignum'] as string)
    return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer
  }
  if ('binary' in each) return Uint8Array.from(Buffer.from((each['binary'] as string).replaceAll('-', ''), 'hex'))
  const type = ['nil', 'bool', 'number', 'string', 'array', 'map'].find((name) => name in each)
  return type === undefined ? undefined : each[type]
}

/** Integers that are written as floats read as the same number. */
const numeric = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value)

/** First bytes of floats with 32 and 64 bits. */
const FLOATS: ReadonlySet<number> = new Set([0xca, 0xcb])

describe('msgpack-test-suite', () => {
  const known = cases.filter(([, each]) => valueOf(each) !== undefined)

  it('has values of every type', () => {
    expect(known.length).toBeGreaterThan(50)
    expect(cases.length - known.length).toBeGreaterThan(20)
  })

  it.each(known)('%s: every encoding is read', (_, each) => {
    for (const bytes of encodings(each)) {
      const read = readMessagePack(bytes)
      const value = valueOf(each)
      const found = read.ok ? read.value : read
      // A float may be all that is left of a large integer.
      const isFloat = FLOATS.has(bytes[2]!)
      expect(isFloat ? numeric(found) : found).toEqual(isFloat ? numeric(value) : value)
    }
  })

  const smallest = -(2n ** 63n)

  it.each(known.filter(([, each]) => valueOf(each) !== smallest))('%s: the shortest encoding is written', (_, each) => {
    const value = valueOf(each)
    // Ruby writes no Integer as a Float, and Floats with 64 bits.
    const isFloat = typeof value === 'number' && !Number.isInteger(value)
    const possible = encodings(each).filter((bytes) => (isFloat ? bytes[2] === 0xcb : !FLOATS.has(bytes[2]!)))
    const written = writeMessagePack(value)
    expect(possible).toContainEqual(written)
    expect(written.length).toBe(Math.min(...possible.map(({ length }) => length)))
  })

  it('has a type of its own for the smallest integer of 64 bits, as the gem does', () => {
    expect(Buffer.from(writeMessagePack(smallest)).toString('hex')).toBe('cc80c70901010000000080000000')
  })

  it.each(cases.filter(([, each]) => 'timestamp' in each))('%s: refused, as Rails has no such type', (_, each) => {
    for (const bytes of encodings(each)) expect(readMessagePack(bytes)).toEqual({ ok: false, reason: 'undecodable' })
  })

  it('has extensions with numbers of Rails: an Integer and a Time by chance', () => {
    const found = cases.filter(([, each]) => 'ext' in each).flatMap(([, each]) => encodings(each))
    const time = { $: 'time', iso: '1970-01-01T00:01:52.000000113Z', utc_offset: 114, utc: false }
    const answers = found.map((bytes) => {
      const read = readMessagePackTyped(bytes)
      return read.ok ? read.value : read.reason
    })
    expect(answers).toEqual([0, ...Array.from({ length: 7 }, () => 'undecodable'), time, time, time])
  })
})
