import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RubyDecimal } from '../../../../src/ruby/decimal.ts'
import { RubyTime } from '../../../../src/ruby/time.ts'
import type { TypedTree } from '../../../../src/ruby/typed.ts'
import {
  type MessagePackResult,
  readMessagePack,
  readMessagePackTyped,
} from '../../../../src/serializers/message-pack/reader.ts'

/** Payloads without their signature, and what Rails 7.2 made of them, in the time zone UTC. */
const rails = JSON.parse(readFileSync(new URL('rails-loads.json', import.meta.url), 'utf8')) as {
  readonly accepted: ReadonlyArray<[hex: string, typed: TypedTree]>
  readonly refused: readonly string[]
}

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(`cc80${hex}`, 'hex'))
const view = (hex: string): MessagePackResult => readMessagePack(bytes(hex))
const typed = (hex: string): MessagePackResult<TypedTree> => readMessagePackTyped(bytes(hex))
const UNDECODABLE = { ok: false, reason: 'undecodable' }
const LIMIT_EXCEEDED = { ok: false, reason: 'limit_exceeded' }

/** As many bytes as a cookie may have, and twice that. */
const LONGEST = 8192

/** The least of three times, in milliseconds, that reading takes. */
function milliseconds(payload: Uint8Array): number {
  const times = [0, 1, 2, 3, 4].map(() => {
    const start = performance.now()
    readMessagePack(payload)
    readMessagePackTyped(payload)
    return performance.now() - start
  })
  return Math.min(...times)
}

describe('readMessagePackTyped', () => {
  it.each(rails.accepted)('%s is what Rails reads', (hex, tree) => {
    const read = typed(hex)
    expect(read.ok && JSON.parse(JSON.stringify(read.value))).toEqual(tree)
  })

  it.each(rails.refused)('%s is refused, as by Rails', (hex) => {
    expect(typed(hex)).toEqual(UNDECODABLE)
    expect(view(hex)).toEqual(UNDECODABLE)
  })

  it('reads a SafeBuffer as 8.1 does, or as 8.2 does', () => {
    const raw = { $: 'string', enc: 'ASCII-8BIT', b64: 'PGI+' }
    expect(typed('c703123c623e')).toEqual({ ok: true, value: { $: 'safe_buffer', v: raw, html_safe: true } })
    const packed = bytes('d612a33c623e')
    const text = { ok: true, value: { $: 'safe_buffer', v: '<b>', html_safe: true } }
    expect(readMessagePackTyped(packed, { railsVersion: '8.2' })).toEqual(text)
    expect(readMessagePackTyped(packed, { railsVersion: '8.1' })).not.toEqual(text)
    expect(readMessagePackTyped(bytes('d41205'), { railsVersion: '8.2' })).toEqual(UNDECODABLE)
    // Two of them, one in the other.
    const twice = readMessagePackTyped(bytes('c70612d612a33c623e'), { railsVersion: '8.2' })
    expect(twice).toEqual(text)
  })

  it('reads an IPAddr as 7.1 does', () => {
    const raw = bytes('d70e31302e302e302e31')
    expect(readMessagePackTyped(raw)).toEqual(UNDECODABLE)
    expect(readMessagePackTyped(raw, { railsVersion: '7.1' })).toEqual({
      ok: true,
      value: { $: 'ipaddr', v: '10.0.0.1/32' },
    })
    expect(readMessagePackTyped(bytes('d60e612e622e'), { railsVersion: '7.1' })).toEqual(UNDECODABLE)
  })

  it('takes the signature in any form', () => {
    for (const signature of ['cc80', 'cd0080', 'ce00000080', 'd10080', 'd30000000000000080', 'c705010000000080']) {
      const read = readMessagePack(Uint8Array.from(Buffer.from(`${signature}05`, 'hex')))
      expect(read).toEqual({ ok: true, value: 5 })
    }
    for (const other of ['', 'cc', 'cc80', '05', '7f05', 'cc8105', 'cb406000000000000005', 'a3313238', 'c105']) {
      expect(readMessagePack(Uint8Array.from(Buffer.from(other, 'hex')))).toEqual(UNDECODABLE)
    }
  })
})

describe('readMessagePack', () => {
  it.each<[string, unknown]>([
    ['c0', null],
    ['93c2c3ff', [false, true, -1]],
    ['cb3ff0000000000000', 1],
    ['ca3fc00000', 1.5],
    ['cfffffffffffffffff', 2n ** 64n - 1n],
    ['cf001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['a2c3a9', 'é'],
    ['c402c3a9', Uint8Array.of(0xc3, 0xa9)],
    ['a2fffe', Uint8Array.of(0xff, 0xfe)],
    ['d40061', 'a'],
    ['d60c92019102', new Set<unknown>([1, [2]])],
    ['d60f2f746d70', '/tmp'],
    ['d60ea33a3a31', '::1/128'],
    ['c70509546f6b796f', 'Tokyo'],
    ['d80231383a302e3336303737373631336535', new RubyDecimal('36077.7613')],
  ])('%s as plain data', (hex, value) => {
    expect(view(hex)).toEqual({ ok: true, value })
  })

  it('makes objects without a prototype, by the text of their keys', () => {
    const read = view('86a95f5f70726f746f5f5f01a1610205030406c005d4006207')
    const object = read.ok ? (read.value as Record<string, unknown>) : {}
    expect(Object.getPrototypeOf(object)).toBeNull()
    expect(Object.entries(object)).toEqual([['4', 6], ['5', 3], ['__proto__', 1], ['a', 2], ['', 5], ['b', 7]]) // prettier-ignore
    expect(view('81910102')).toEqual({ ok: true, value: new Map([[[1], 2]]) })
    expect(view('c7ff118101a0')).toEqual({ ok: true, value: { 1: '' } })
  })

  it('makes Dates of times', () => {
    const read = view('c705070105cd4d58')
    const time = read.ok ? (read.value as RubyTime) : new RubyTime(0)
    expect(time).toBeInstanceOf(RubyTime)
    expect([time.getTime(), time.nanoseconds, time.utcOffset, time.utc]).toEqual([1000, 1_000_000_005n, 19_800, false])
  })
})

describe('limits', () => {
  it('are 128 Arrays and Hashes, counted anew in every extension', () => {
    for (const container of ['91', '81c0', '81a161', '8101']) {
      expect(view(`${container.repeat(128)}c0`)).toMatchObject({ ok: true })
      expect(view(`${container.repeat(128)}90`)).toMatchObject({ ok: true })
      expect(view(`${container.repeat(128)}80`)).toMatchObject({ ok: true })
      expect(view(`${container.repeat(129)}c0`)).toEqual(LIMIT_EXCEEDED)
    }
    expect(view(`81${'91'.repeat(127)}c0c0`)).toMatchObject({ ok: true })
    expect(view(`81${'91'.repeat(128)}c0c0`)).toEqual(LIMIT_EXCEEDED)
    expect(view(`${'91'.repeat(128)}d40c${'91'.repeat(128)}c0`)).toMatchObject({ ok: true })
    expect(view(`${'91'.repeat(128)}d40c${'91'.repeat(129)}c0`)).toEqual(LIMIT_EXCEEDED)
    // What is behind an extension is as deep as what is before it.
    expect(view(`${'91'.repeat(127)}92d50c91c091c0`)).toEqual(LIMIT_EXCEEDED)
    expect(view(`${'91'.repeat(126)}92d50c91c091c0`)).toMatchObject({ ok: true })
  })

  it('are 512 values of any kind', () => {
    expect(view(`${'d40c'.repeat(512)}90`)).toMatchObject({ ok: true })
    expect(view(`${'d40c'.repeat(513)}90`)).toEqual(LIMIT_EXCEEDED)
    expect(view(`${'d411'.repeat(513)}80`)).toEqual(LIMIT_EXCEEDED)
    expect(typed(`${'d41181a161'.repeat(256)}c0`)).toMatchObject({ ok: true })
    for (const deep of ['91', 'd40c91', '81c0', 'd41181a161', 'd40b', 'd403', '81', '8191', 'd40a', 'c7ff04']) {
      expect(view(deep.repeat(40_000)).ok).toBe(false)
    }
  })

  it('are the bytes that are there, whatever lengths they tell', () => {
    const before = process.memoryUsage().rss
    for (const head of ['dd', 'df', 'db', 'c6', 'c9']) {
      expect(view(`${head}ffffffff`)).toEqual(UNDECODABLE)
      expect(view(`${head}0fffffff`)).toEqual(UNDECODABLE)
      expect(view(`${head}00ffffff`.repeat(1000))).toEqual(UNDECODABLE)
    }
    expect(view('dd0000ffff'.repeat(40_000))).toMatchObject({ ok: false })
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  })

  // Time grows with the length of the payload, not with its square: eight kilobytes of the worst that there is.
  it.each([
    ['empty Arrays', '90'],
    ['Hashes', '8101c0'],
    ['Hashes with keys that are Hashes', '8181c0c0c0'],
    ['HWIAs', 'c70a1181a16181a1629181d4006301'],
    ['Arrays in Sets', 'd60c92019102'],
    ['Sets that are keys', '81d50c910101'],
    ['Ranges of Arrays', 'c7050b9101920102c2'],
    ['Floats', 'cb3ff199999999999a'],
    ['Symbols', 'd500c3a9'],
    ['Strings that are not ASCII', 'a2c3a9'],
    ['Strings that are not UTF-8', 'a1ff'],
    ['binary', 'c400'],
    ['Dates', 'd40601'],
    ['DateTimes', 'c7ff050b0e0f100103010b'],
    ['Times', 'c7ff07010500'],
    ['TimeWithZones', 'c7ff08010500a3555443'],
    ['Rationals', 'd5030103'],
    ['Durations', 'c7030a019102'],
    ['decimals', 'c704023a312e35'],
    ['addresses', 'd60ea33a3a31'],
    ['URIs', 'd60d613a2f62'],
    ['Regexps', 'd4102e'],
    ['time zones', 'c70309555443'],
  ])('take little time for many %s', (_, hex) => {
    expect(view(hex)).toMatchObject({ ok: true })
    const count = Math.floor(LONGEST / (hex.length / 2))
    const payload = bytes(`dc${count.toString(16).padStart(4, '0')}${hex.repeat(count)}`)
    expect(readMessagePack(payload)).toMatchObject({ ok: true })
    expect(milliseconds(payload)).toBeLessThan(100)
  })

  it('take little time for many names of time zones', () => {
    const names = Intl.supportedValuesOf('timeZone').map((name) => Buffer.from(name))
    const zones = names.map((name) => `c7${name.length.toString(16).padStart(2, '0')}09${name.toString('hex')}`)
    const payload = bytes(`dc${names.length.toString(16).padStart(4, '0')}${zones.join('')}`)
    expect(readMessagePack(payload)).toMatchObject({ ok: true })
    expect(milliseconds(payload)).toBeLessThan(100)
  })

  it('take little time for large numbers', () => {
    const integer = (size: number): string =>
      `c8${(1 + 4 * size).toString(16).padStart(4, '0')}0100${'ffffff7b'.repeat(size)}`
    for (const hex of [
      integer(2000),
      `c7ff03${integer(1000)}${integer(999)}`,
      `c7ff06${integer(2000)}`,
      `c7ff07${integer(1000)}${integer(1000)}00`,
      `c7ff05${integer(1000)}00000001${integer(900)}00`,
    ]) {
      expect(view(hex)).toMatchObject({ ok: true })
      expect(milliseconds(bytes(hex))).toBeLessThan(200)
    }
  })
})

describe('any bytes', () => {
  const payloads = rails.accepted.map(([hex]) => bytes(hex))

  it('are read or refused, all 256 at every place of what Rails accepts', () => {
    let read = 0
    for (const payload of payloads) {
      for (let at = 0; at < payload.length; at++) {
        const changed = payload.slice()
        for (let byte = 0; byte < 256; byte++) {
          changed[at] = byte
          const result = readMessagePackTyped(changed)
          if (result.ok) read += 1
          else if (result.reason !== 'undecodable' && result.reason !== 'limit_exceeded') throw new Error(result.reason)
        }
      }
    }
    expect(read).toBeGreaterThan(10_000)
  })

  it('are refused where they end too early', () => {
    for (const payload of payloads) {
      for (let end = 0; end < payload.length; end++) {
        expect(readMessagePack(payload.subarray(0, end))).toMatchObject({ ok: false })
      }
    }
  })

  it('are refused where anything is behind the object', () => {
    for (const payload of payloads) {
      expect(readMessagePack(Uint8Array.from([...payload, 0xc0]))).toEqual(UNDECODABLE)
    }
  })

  it('never throw, whatever they are', () => {
    const heads = fc.constantFrom(...Array.from({ length: 64 }, (_, i) => 0xc0 + i), 0, 1, 5, 17, 0x81, 0x91, 0xa1)
    const parts = fc.array(fc.oneof(heads, fc.nat({ max: 255 })), { maxLength: 60 })
    fc.assert(
      fc.property(parts, (each) => {
        const payload = Uint8Array.from([0xcc, 0x80, ...each])
        expect(readMessagePack(payload).ok).toBe(readMessagePackTyped(payload).ok)
      }),
      { numRuns: 20_000 },
    )
  })
})
