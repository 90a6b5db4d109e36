import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { SealFlag } from '../../../../src/backend/backend.ts'
import type { Draft } from '../../../../src/backend/draft.ts'
import { loadNative } from '../../../../src/backend/native.ts'
import { createRails } from '../../../../src/rails/rails.ts'
import { draftJson } from '../../../../src/serializers/json/draft.ts'
import { type JsonWriteOptions, writeJson } from '../../../../src/serializers/json/writer.ts'
import { writable } from '../../../support/typed.ts'
import { railsJson } from './rails-json.ts'

const backend = loadNative()
const keyring = backend.keyring([
  { kind: 'signed', digest: 'SHA1', key: backend.key(new Uint8Array(20)), urlSafe: false },
])
const draft = keyring.draft as Draft

/** The JSON that is composed of a value's draft; null where there is no draft, '' where it is refused. */
function composed(value: unknown, htmlEntities: boolean, jsSeparators: boolean): string | null {
  const escapes = (htmlEntities ? SealFlag.HTML_ENTITIES : 0) | (jsSeparators ? SealFlag.JS_SEPARATORS : 0)
  if (!draftJson(value, escapes, draft)) return null
  const sealed = keyring.sealDraft(draft.text, '', draft.escapes, draft.length)
  return sealed === '' ? '' : Buffer.from(sealed.slice(0, sealed.indexOf('--')), 'base64').toString()
}

/** Values that a draft can be made of, and texts of everything that is escaped. */
const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -0, 1.5, 1e21, 1e-7, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(...'<>&\u2028\u2029"\\/\u0001\u001f\u007f\b\n\ré😀a', '\ufffd') }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', '<&>', '1')), tie('value'), {
      maxKeys: 4,
    }),
  ),
})).value

const options = (escapeHtmlEntities: boolean, escapeJsSeparators: boolean): JsonWriteOptions => ({
  escapeHtmlEntities,
  escapeJsSeparators,
  dialect: 'active_support',
})

describe('draftJson', () => {
  it.each(railsJson.write)('is what Rails writes, if it is drafted: %s', (_, html, separators, value, json) => {
    expect([json, null]).toContain(composed(writable(value), html, separators))
  })

  it('drafts most of what Rails wrote', () => {
    const drafted = railsJson.write.filter(([, , , value]) => draftJson(writable(value), 0, draft))
    expect(drafted.length).toBeGreaterThan(railsJson.write.length / 3)
  })

  it('agrees with the writer on any value', () => {
    fc.assert(
      fc.property(values, fc.boolean(), fc.boolean(), (value, html, separators) => {
        const json = writeJson(value, options(html, separators))
        // U+FFFD is what a lone surrogate comes as.
        expect(composed(value, html, separators)).toBe(json.includes('\ufffd') ? '' : json)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['bigint', 1n],
    ['NaN', [Number.NaN]],
    ['a Date', { at: new Date(0) }],
    ['a Map', new Map()],
    ['toJSON', { toJSON: () => 1 }],
    ['toJSON of an array', Object.assign([], { toJSON: () => 1 })],
    ['an instance', /x/],
    ['a long text', 'x'.repeat(8193)],
    ['long text in parts', Array.from({ length: 9 }, () => 'x'.repeat(1000))],
    ['many elements', Array.from({ length: 5000 }, () => 1)],
    ['many members', Object.fromEntries(Array.from({ length: 5000 }, (_element, i) => [`k${i}`, 1]))],
    ['a long key', { ['k'.repeat(8193)]: 1 }],
  ])('leaves %s to the writer', (_name, value) => {
    expect(draftJson(value, 0, draft)).toBe(false)
    expect([draft.length, draft.text]).toEqual([0, ''])
  })

  it('leaves circles and what is nested deeply to the writer', () => {
    const circle: unknown[] = []
    circle.push(circle)
    expect(draftJson(circle, 0, draft)).toBe(false)
    // Doubles with every level: 2^90 elements.
    let deep: unknown = [1]
    for (let i = 0; i < 90; i++) deep = { a: deep, b: deep }
    expect(draftJson(deep, 0, draft)).toBe(false)
  })

  it('says nothing of texts with lone surrogates', () => {
    expect(composed(['a\ud800b'], false, false)).toBe('')
    expect(composed({ '\udfff': 1 }, false, false)).toBe('')
  })

  it('is as good with keys that are known as with new ones', () => {
    const value = { 'a new key': { 'another <key>': 1 } }
    const json = '{"a new key":{"another \\u003ckey\\u003e":1}}'
    for (let i = 0; i < 3; i++) expect(composed(value, true, true)).toBe(json)
    for (let i = 0; i < 3000; i++) {
      expect(composed({ [`key ${i}`]: i, 'a new key': 1 }, true, true)).toBe(`{"key ${i}":${i},"a new key":1}`)
    }
    expect(draft.keys.size).toBeLessThanOrEqual(1024)
  })
})

describe('sealing by draft', () => {
  const { session } = createRails({ secretKeyBase: 'c0ffee'.repeat(20), loadDefaults: '7.1', backend: 'native' })

  afterEach(() => {
    Reflect.deleteProperty(Object.getPrototypeOf({}) as object, 'polluted')
  })

  it('is not confused by a getter that seals', () => {
    const inner = { session_id: 'b', inner: true }
    const value = {
      session_id: 'a',
      get nested() {
        return session.seal(inner)
      },
      last: 1,
    }
    const opened = session.open(session.seal(value))
    const data = opened.ok ? opened.data : {}
    expect(data).toMatchObject({ session_id: 'a', last: 1 })
    expect(session.open(data['nested'] as string)).toMatchObject({ data: inner })
  })

  it('is not left half written by a getter that throws', () => {
    const value = {
      session_id: 'a',
      get broken(): never {
        throw new RangeError('mine')
      },
    }
    expect(() => session.seal(value)).toThrow('mine')
    expect(session.open(session.seal({ session_id: 'c' }))).toMatchObject({ data: { session_id: 'c' } })
    expect(draft.text).toBe('')
  })

  it('writes no inherited keys', () => {
    Object.assign(Object.getPrototypeOf({}) as object, { polluted: 1 })
    const opened = session.open(session.seal({ session_id: 'a' }))
    expect(opened.ok && Object.keys(opened.data)).toEqual(['session_id'])
  })

  it('refuses a lone surrogate by name', () => {
    expect(() => session.seal({ session_id: 'a', name: 'x\ud800' })).toThrow(/name.*lone surrogate/)
  })
})
