import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPlainJson } from '../../../../src/backend/node-crypto/plain-json.ts'
import { readJson } from '../../../../src/serializers/json/reader.ts'
import { readSimpleJson } from '../../../../src/serializers/json/simple-reader.ts'
import { railsJson } from './rails-json.ts'

const isSimple = (text: string): boolean => isPlainJson(text) && !text.includes('\\')

/** Whether no object in a value has a prototype (arrays have theirs). */
function isBare(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return (Array.isArray(value) || Object.getPrototypeOf(value) === null) && Object.values(value).every(isBare)
}

describe('readSimpleJson', () => {
  it('reads what Rails wrote as readJson does, or leaves it', () => {
    let read = 0
    for (const [, text] of railsJson.read.filter(([, each]) => isSimple(each))) {
      const result = readSimpleJson(text)
      if (result === null) continue
      expect(result).toEqual(readJson(text))
      read += 1
    }
    expect(read).toBeGreaterThan(5)
  })

  it.each([
    '{}',
    '[]',
    '{"a":{}}',
    '{"a":[]}',
    '[{},[],[[]],{"":{}}]',
    '{"session_id":"0ed1a2f5","user_id":42,"cart":[{"sku":"a","price":9.99,"gift":false}],"none":null,"ok":true}',
    '{"a":1,"b":2,"a":3}',
    '{"__proto__":{"polluted":true},"constructor":1,"toString":"x"}',
    '{"1":"b","0":"a"}',
    '[0,-1,10,123456789012345,-123456789012345,0.5,-1.25,1e3,1E-7,1.5e+300,1e400,0e1,0.0]',
    '["é","日本語","\u{1f600}","\u007f"]',
  ])('reads %s', (text) => {
    const result = readSimpleJson(text)
    expect(result).toEqual(readJson(text))
    expect(result?.ok && isBare(result.value)).toBe(true)
  })

  it.each([
    '',
    'null',
    '"x"',
    ' {}',
    '{} ',
    '{}{}',
    '{',
    '[',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '[1,]',
    '[,1]',
    '{,}',
    '[}',
    '{]',
    '[1}',
    '{"a":1]',
    '{"a" :1}',
    '{"a": 1}',
    '{a:1}',
    '{"a"1}',
    '{1:1}',
    '["a',
    '[01]',
    '[-01]',
    '[-]',
    '[+1]',
    '[1.]',
    '[.5]',
    '[1e]',
    '[1e+]',
    '[1.e1]',
    '[0x1]',
    '[--1]',
    '[nul]',
    '[nulll]',
    '[tru]',
    '[NaN]',
    '[Infinity]',
    '[1 2]',
    '["a""b"]',
    '[[]',
    '[]]',
    '{"a":1}x',
    '/**/{}',
  ])('leaves %j to readJson', (text) => {
    expect(readSimpleJson(text)).toBeNull()
  })

  it('never disagrees with readJson', () => {
    const pieces = '{ } [ ] , : " "a" "b":1 {"a": -1 0 12 1.5 e true false null x'.split(' ')
    const texts = fc.oneof(
      fc.json({ maxDepth: 5 }),
      fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join('')),
      fc.tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.constantFrom(...'{}[],:"0a-.')).map(([text, at, character]) => {
        const position = at % (text.length + 1)
        return text.slice(0, position) + character + text.slice(position + 1)
      }),
    )
    let read = 0
    fc.assert(
      fc.property(texts, (text) => {
        if (!isSimple(text)) return
        const result = readSimpleJson(text)
        if (result === null) return
        read += 1
        expect(result).toEqual(readJson(text))
      }),
      { numRuns: 20_000 },
    )
    expect(read).toBeGreaterThan(1000)
  })

  it('gives keys of every length and likeness their own names', () => {
    const keys = Array.from({ length: 3000 }, (_, i) => `k${'x'.repeat(i % 90)}${i % 7}${i}z`)
    for (const key of [...keys, ...keys]) {
      expect(readSimpleJson(`{"${key}":1}`)).toEqual({ ok: true, value: { [key]: 1 } })
    }
  })

  it('leaves what is nested too deeply', () => {
    expect(readSimpleJson('['.repeat(100) + ']'.repeat(100))).toMatchObject({ ok: true })
    expect(readSimpleJson('['.repeat(101) + ']'.repeat(101))).toBeNull()
  })
})
