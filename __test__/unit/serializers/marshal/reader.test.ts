import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TypedTree } from '../../../../src/ruby/typed.ts'
import { readMarshal, readMarshalTyped } from '../../../../src/serializers/marshal/dump.ts'
import type { MarshalResult } from '../../../../src/serializers/marshal/refusal.ts'
import { canonical } from './recorded.ts'
import { jsonLines } from '../../../support/recorded.ts'

type Row = readonly [expression: string, base64: string, tree: TypedTree]

/** What Ruby 3.1 with Rails 6.1 dumped and loaded: `ruby-dumps.rb` writes it. */
const rows = jsonLines(new URL('ruby-dumps.jsonl', import.meta.url)) as Row[]

const dumps = rows.map(([, base64]) => Buffer.from(base64, 'base64'))
/** A dump, its bytes given one character each. */
const dump = (binary: string): Buffer => Buffer.from(`\u0004\u0008${binary}`, 'latin1')
const view = (binary: string): MarshalResult => readMarshal(dump(binary))
const typed = (binary: string): MarshalResult<TypedTree> => readMarshalTyped(dump(binary))

const UNDECODABLE = { ok: false, reason: 'undecodable' }
const LIMIT_EXCEEDED = { ok: false, reason: 'limit_exceeded' }
const CYCLIC = { ok: false, reason: 'cyclic' }
const REASONS: ReadonlySet<string> = new Set([UNDECODABLE, LIMIT_EXCEEDED, CYCLIC].map(({ reason }) => reason))

/** Reads bytes both ways: the views differ only for what is inside itself. */
function readBothWays(bytes: Uint8Array): boolean {
  const [plain, tree] = [readMarshal(bytes), readMarshalTyped(bytes)]
  for (const read of [plain, tree]) if (!read.ok && !REASONS.has(read.reason)) throw new Error(read.reason)
  if (plain.ok !== tree.ok && (plain.ok || plain.reason !== 'cyclic')) throw new Error('the views differ')
  return tree.ok
}

describe('readMarshalTyped', () => {
  it.each(rows)('%s', (_, base64, tree) => {
    const read = readMarshalTyped(Buffer.from(base64, 'base64'))
    expect(read.ok ? canonical(read.value) : read).toBe(canonical(tree))
  })
})

describe('readMarshal', () => {
  it.each<[string, string, unknown]>([
    ['a link to an object', '[\u0007[\u0006i\u0006@\u0006', [[1], [1]]],
    ['a link to a Symbol', '[\u0007:\u0006a;\u0000', ['a', 'a']],
    ['an integer in four bytes', 'i\u0004\u0001\u0000\u0000\u0000', 1],
    ['a negative one in a single byte', 'i\u00ff\u00ff', -1],
    ['a bignum that is small', 'l-\u0006\u0005\u0000', -5],
    ['a bignum of no bytes', 'l+\u0000', 0],
    ['the float text inf', 'f\u0008inf', Number.POSITIVE_INFINITY],
    ['the float text -0', 'f\u0007-0', -0],
    ['a float text with more behind it', 'f\u00091.5x', 1.5],
    ['a Symbol without a String of its encoding', ':\u0000', ''],
    ['what is behind the end', 'i\u0006garbage', 1],
  ])('takes %s', (_, binary, value) => {
    const read = view(binary)
    expect(read).toEqual({ ok: true, value })
    expect(read.ok && Object.is(read.value, value)).toBe(typeof value !== 'object')
  })

  it('gives linked objects one identity', () => {
    const read = view('[\u0007{\u0000@\u0006')
    const [first, second] = read.ok ? (read.value as object[]) : []
    expect(first).toBe(second)
    expect(Object.getPrototypeOf(first)).toBeNull()
  })

  it.each<[string, string]>([
    ['a link to an object that is not there', '[\u0006@\u0007'],
    ['a link before its object', '[\u0007@\u0007[\u0000'],
    ['a negative link', '[\u0006@\u00fa'],
    ['a link to a Symbol that is not there', '[\u0006;\u0000'],
    ['a negative length', '"\u00fa'],
    ['a negative count', '[\u00fa'],
    ['an unknown tag', '~'],
    ['data of C', 'd:\u0006A0'],
    ['a Symbol that is not UTF-8', 'I:\u0006\u00ff\u0006:\u0006ET'],
    ['variables of an Integer', 'Ii\u0006\u0006:\u0006ET'],
  ])('refuses %s', (_, binary) => {
    expect(view(binary)).toEqual(UNDECODABLE)
    expect(typed(binary)).toEqual(UNDECODABLE)
  })

  it('refuses other versions', () => {
    for (const head of ['\u0003\u0008', '\u0005\u0000', '\u0004\u0009', '\u0004', '']) {
      expect(readMarshal(Buffer.from(`${head}0`, 'latin1'))).toEqual(UNDECODABLE)
    }
    expect(readMarshal(Buffer.from('\u0004\u00070', 'latin1'))).toEqual({ ok: true, value: null })
  })

  it('takes bytes that are not UTF-8 as they are', () => {
    expect(view('I"\u0007\u00ff\u00fe\u0006:\u0006ET')).toEqual({ ok: true, value: Uint8Array.of(0xff, 0xfe) })
    expect(view('{\u0006I"\u0006\u00ff\u0006:\u0006ETi\u0006')).toMatchObject({ ok: true, value: { '\u00ff': 1 } })
  })
})

describe('what is inside itself', () => {
  it.each<[string, string]>([
    ['an Array', '[\u0006@\u0000'],
    ['a Hash', '{\u0006i\u0006@\u0000'],
    ['an object', 'o:\u0006A\u0006:\u0007@a@\u0000'],
    ['a Struct', 'S:\u0006A\u0006:\u0006a@\u0000'],
    ['an object that dumps itself', 'U:\u0006A@\u0000'],
    ['two Arrays', '[\u0006[\u0006@\u0000'],
  ])('%s is data in the typed view only', (_, binary) => {
    expect(view(binary)).toEqual(CYCLIC)
    expect(JSON.stringify(typed(binary))).toContain('"ref"')
  })

  it('a default is not in the plain view', () => {
    expect(view('}\u0000@\u0000')).toEqual({ ok: true, value: {} })
    expect(JSON.stringify(typed('}\u0000@\u0000'))).toContain('"ref"')
  })

  it('a Range is in neither', () => {
    const range = 'o:\nRange\u0008:\texclF:\nbegin@\u0000:\u0008endi\u0006'
    expect([view(range), typed(range)]).toEqual([CYCLIC, CYCLIC])
  })
})

describe('limits', () => {
  const openings: ReadonlyArray<[what: string, opening: string, closing?: string]> = [
    ['Arrays', '[\u0006'],
    ['Hashes', '{\u0006i\u0006'],
    ['keys', '{\u0006', '0'],
    ['defaults', '}\u0000'],
    ['objects', 'o:\u0006A\u0006:\u0007@a'],
    ['Structs', 'S:\u0006A\u0006:\u0006a'],
    ['dumped objects', 'U:\u0006A'],
    ['subclasses', 'C:\u0006A[\u0006'],
    ['wrapped Arrays', 'I[\u0006', '\u0000'],
    ['extended Arrays', 'e:\u0006A[\u0006'],
  ]

  it.each(openings)('are 10,000 %s inside one another, and no recursion', (_, opening, closing = '') => {
    expect(readBothWays(dump(`${opening.repeat(4000)}i\u0006${closing.repeat(4000)}`))).toBe(true)
    expect(view(`${opening.repeat(40_000)}i\u0006`)).toEqual(LIMIT_EXCEEDED)
    expect(typed(opening.repeat(40_000))).toEqual(LIMIT_EXCEEDED)
  })

  it('are 10,000 exactly', () => {
    expect(typed(`${'[\u0006'.repeat(9999)}[\u0000`)).toMatchObject({ ok: true })
    expect(view(`${'[\u0006'.repeat(10_000)}0`)).toMatchObject({ ok: true })
    expect(view(`${'[\u0006'.repeat(10_000)}[\u0000`)).toEqual(LIMIT_EXCEEDED)
  })

  it('are the bytes that are there, whatever lengths are declared', () => {
    const before = process.memoryUsage()
    for (const length of [
      '\u0004\u00ff\u00ff\u00ff\u007f',
      '\u0004\u00ff\u00ff\u00ff\u00ff',
      '\u0003\u00ff\u00ff\u00ff',
    ]) {
      for (const tag of [
        '[',
        '{',
        '}',
        '"',
        ':',
        'f',
        'l+',
        '/',
        'c',
        'm',
        'M',
        'S:\u0006A',
        'o:\u0006A',
        'u:\u0006A',
        'I[\u0000',
        'C:\u0006A[',
      ]) {
        expect(view(tag + length)).toEqual(UNDECODABLE)
        expect(typed(`[\u007f${(tag + length).repeat(500)}`)).toEqual(UNDECODABLE)
      }
    }
    const after = process.memoryUsage()
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(64 * 2 ** 20)
  })

  it('links are not multiplied', () => {
    // Thirty Arrays, each of which has the one before twice: a billion values, were they copied.
    let binary = '[\u0000'
    for (let number = 29; number > 0; number--) binary = `[\u0007${binary}@${String.fromCharCode(number + 5)}`
    const read = view(binary)
    expect(read.ok).toBe(true)
    expect(JSON.stringify(typed(binary)).length).toBeLessThan(2000)
  })
})

describe('any bytes', () => {
  it('are read or refused, all 256 at every place of what Ruby dumped', () => {
    let read = 0
    for (const bytes of dumps.filter((_, i) => i % 4 === 0)) {
      const changed = Buffer.from(bytes)
      for (let at = 0; at < bytes.length; at++) {
        for (let byte = 0; byte < 256; byte++) {
          changed[at] = byte
          if (readBothWays(changed)) read += 1
        }
        changed[at] = bytes[at]!
      }
    }
    expect(read).toBeGreaterThan(20_000)
  })

  it('are refused where they end too early', () => {
    for (const bytes of dumps) {
      for (let end = 0; end < bytes.length; end++) expect(readMarshal(bytes.subarray(0, end))).toEqual(UNDECODABLE)
    }
  })

  it('never throw, whatever they are', () => {
    const tags = fc.constantFrom(...Buffer.from('0TFiI":;@flcmM/[{}SoueUC', 'latin1'))
    const parts = fc.array(fc.oneof(tags, fc.constantFrom(0, 6, 7, 8, 0xfa), fc.nat({ max: 255 })), { maxLength: 60 })
    fc.assert(
      fc.property(parts, (each) => {
        expect(readBothWays(Uint8Array.from([4, 8, ...each]))).toBeTypeOf('boolean')
      }),
      { numRuns: 20_000 },
    )
  })
})
