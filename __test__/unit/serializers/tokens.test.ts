import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { Backend, Keyring } from '../../../src/backend/backend.ts'
import { OpenFlag, SealFlag } from '../../../src/backend/backend.ts'
import { type Report, ReportWord } from '../../../src/backend/report.ts'
import { writeMarshal } from '../../../src/ruby/index.ts'
import { RubyHash } from '../../../src/ruby/hash.ts'
import { RubyString } from '../../../src/ruby/string.ts'
import { RubySymbol } from '../../../src/ruby/symbol.ts'
import { readJson } from '../../../src/serializers/json/reader.ts'
import { readMarshal } from '../../../src/serializers/marshal/dump.ts'
import {
  findToken,
  isHashToken,
  isTrueToken,
  learnKeys,
  readToken,
  readTokens,
} from '../../../src/serializers/tokens.ts'
import { backends } from '../../contract/backends.ts'
import { difference } from '../../fuzz/difference.ts'

/** A payload that a backend has opened, with what it reported. */
interface Opened {
  readonly report: Report
  readonly payload: string
  readonly hasTokens: boolean
}

function keyringOf(backend: Backend): Keyring {
  return backend.keyring([{ kind: 'signed', digest: 'SHA1', key: backend.key(Buffer.alloc(64, 1)), urlSafe: false }])
}

function openedBy(keyring: Keyring, payload: string, bytes: boolean): Opened {
  const opened = keyring.open(keyring.seal(payload, '', bytes ? SealFlag.BYTES : 0), OpenFlag.TOKENS)
  const { report } = keyring
  if (report.words[ReportWord.NEW_KEYS] !== 0) learnKeys(report, opened)
  return { report, payload: opened, hasTokens: report.words[ReportWord.TOKENS] !== 0 }
}

const native = backends.find(({ name }) => name === 'native')
const JSON_TEXTS: readonly string[] = [
  '{}',
  '[]',
  '[[],{},[{}]]',
  '{"a":null,"b":true,"c":false,"d":"","e":"text"}',
  '[0,1,-1,2147483647,2147483648,-2147483648,-2147483649,999999999999999,0.1,-0.0,1e400,-1.5e-7,1E5]',
  '["é","€","👍","a👍b","\u2028","\ufeff","\u007f","👍","z"]',
  String.raw`["\"","\\","\/","\b\f\n\r\t","\u00e9é\u0000","👍\n👍","after"]`,
  '{"__proto__":1,"constructor":{"__proto__":2},"é":3,"👍":4,"10":5,"2":6,"":7}',
  '[{"a":1,"b":2,"a":3}]',
  `{${Array.from({ length: 40 }, (_, i) => `"key${i}":{"key${i + 1}":[${i}]}`).join()}}`,
  '['.repeat(100) + ']'.repeat(100),
]
const text = new RubyString('shared')
const VALUES: readonly unknown[] = [
  {},
  [],
  { a: null, b: true, c: [false, 'x', -1, 2 ** 40, 0.5], é: 'José' },
  new Map<unknown, unknown>([[new RubySymbol('a'), new RubySymbol('b')]]),
  new RubyHash({ user: { id: 1 } }, { indifferentAccess: true }),
  [text, text, { shared: text }],
  [Number.POSITIVE_INFINITY, Number.NaN, 1e25, -0],
]

describe.runIf(native)('tokens', () => {
  const keyring = native && keyringOf(native)
  const open = (payload: string, bytes = false): Opened => openedBy(keyring!, payload, bytes)

  it.each(JSON_TEXTS)('of %s give what its reader gives', (json) => {
    const { report, payload, hasTokens } = open(json)
    expect(hasTokens).toBe(true)
    const read = readJson(json)
    expect(read.ok && difference(readTokens(report, payload), read.value)).toBeNull()
  })

  it.each(VALUES.map((value, i) => [i, value] as const))('of dump %i give what its reader gives', (_, value) => {
    const bytes = writeMarshal(value)
    const { report, payload, hasTokens } = open(Buffer.from(bytes).toString('latin1'), true)
    expect(hasTokens).toBe(true)
    const read = readMarshal(bytes)
    expect(read.ok && difference(readTokens(report, payload), read.value)).toBeNull()
  })

  it('are none for what is unusual', () => {
    for (const json of ['1', '"a"', 'null', ' []', '[1,]', '[9007199254740993]', '[-0]', '[/**/]', '{"\\u0061":1}']) {
      expect(open(json).hasTokens).toBe(false)
    }
    for (const value of [1, [new Uint8Array(1)], [new Date(0)], { list: new Set([1]) }, [10n ** 20n]]) {
      expect(open(Buffer.from(writeMarshal(value)).toString('latin1'), true).hasTokens).toBe(false)
    }
  })

  it('lead to the value of a key', () => {
    const { report, payload } = open('{"d":{"b":1,"c":[[]]},"b":[2],"é":"👍","a":0,"n":null,"f":false,"__proto__":5}')
    expect(isHashToken(report)).toBe(true)
    const valueOf = (key: string): unknown => readToken(report, payload, findToken(report, key))
    expect(['a', 'b', 'é', 'n', 'f', '__proto__'].map(valueOf)).toEqual([0, [2], '👍', null, false, 5])
    expect(['a', 'é', 'n', 'f', 'c'].map((key) => isTrueToken(report, findToken(report, key)))).toEqual(
      [true, true, false, false, false], // prettier-ignore
    )
    expect(['c', 'toString', ''].map((key) => findToken(report, key))).toEqual([0, 0, 0])
  })

  it('are not there for a session in which a key comes again', () => {
    expect([open('{"a":1,"b":2,"a":3}').hasTokens, open('{"a":1,"b":{"a":2}}').hasTokens]).toEqual([false, true])
  })

  it('of an Array lead to no key', () => {
    const { report } = open('[{"a":1}]')
    expect([isHashToken(report), findToken(report, 'a')]).toEqual([false, 0])
  })

  it('tell keys apart after thousands of them', () => {
    for (let round = 0; round < 3000; round++) {
      const { report, payload, hasTokens } = open(
        `{"key${round}":1,"session_id":"x","é${round}":{"key${round + 7}":2}}`,
      )
      expect(hasTokens).toBe(true)
      const keys = Object.keys(readTokens(report, payload) as object)
      expect(keys).toEqual([`key${round}`, 'session_id', `é${round}`])
    }
  })

  it('learn no key from bytes that are no text, in which everything stands elsewhere', () => {
    const { hasTokens } = openedBy(keyring!, '{"\xe9\x80\x80\xff":1,"never seen before":2}', true)
    expect(hasTokens).toBe(false)
    const { report, payload } = openedBy(keyring!, '{"never seen before":3}', false)
    expect(readTokens(report, payload)).toEqual({ 'never seen before': 3 })
  })

  it('tell keys apart after a payload that was given up', () => {
    open('{"new key":1,"other key":[1,}')
    const { report, payload } = open('{"other key":1,"new key":2}')
    expect(Object.entries(readTokens(report, payload) as object)).toEqual([
      ['other key', 1],
      ['new key', 2],
    ])
  })
})

it('node:crypto has no tokens', () => {
  const node = backends.find(({ name }) => name === 'node')!
  expect(openedBy(keyringOf(node), '{"a":1}', false).hasTokens).toBe(false)
})
