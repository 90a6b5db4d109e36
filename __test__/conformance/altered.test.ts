import { describe, expect, it } from 'vitest'
import {
  accepted,
  alter,
  type AlterableCase,
  type Alteration,
  NO_DIGESTS,
  otherPlainValue,
  otherReason,
  otherRewrite,
  otherValue,
  raised,
  refused,
  unnoticed,
} from './alterations.ts'
import { committedFile, committedRecords } from './committed.ts'
import type { AnyCase, Expectation } from './vectors.ts'

describe('an altered expectation', () => {
  const versions = ['4.1', '4.2', '5.2', '6.0', '6.1p', '7.0', '7.2p', '8.1']

  describe.each(versions)('of a cookie of Rails %s', (label) => {
    it.each([
      ['another value', otherValue],
      ['another plain value beside the typed one', otherPlainValue],
      ['accepted instead of refused', accepted],
      ['another rewrite', otherRewrite],
    ])('fails: %s', (_, alteration) => {
      const altered = alter(committedFile('cookies', label), alteration, NO_DIGESTS)
      expect(altered.length).toBeGreaterThan(20)
      expect(unnoticed(altered)).toEqual([])
    })

    it.each([
      ['refused instead of accepted', refused],
      ['raised instead of accepted', raised],
    ])('fails, and is no deviation because 8.1 disagrees with it: %s', (_, alteration) => {
      const altered = alter(committedFile('cookies', label), alteration, NO_DIGESTS)
      const passed = altered.filter(({ before }) => before.status === 'passed')
      expect(passed.length).toBeGreaterThan(20)
      expect(unnoticed(passed)).toEqual([])
    })

    it.each([
      ['refused', refused],
      ['raised', raised],
      ['accepted', accepted],
      ['another value', otherValue],
      ['another rewrite', otherRewrite],
      ['another reason', otherReason],
    ])('fails by its digest, even where it is what we answer: %s', (_, alteration) => {
      const altered = alter(committedFile('cookies', label), alteration, committedRecords.digests)
      expect(altered.length).toBeGreaterThan(20)
      expect(unnoticed(altered)).toEqual([])
    })
  })

  it.each(['4.2', '5.2', '6.0', '7.1'])('of what Rails %s read from other versions fails', (label) => {
    const altered = alter(committedFile('cross', label), otherValue, NO_DIGESTS)
    expect(altered.length).toBeGreaterThan(10)
    expect(unnoticed(altered)).toEqual([])
  })

  it.each(['4.2', '5.0', '6.1p', '7.1', '8.1'])('of a message of Rails %s fails', (label) => {
    const file = committedFile('messages', label)
    expect(unnoticed(alter(file, otherValue, NO_DIGESTS))).toEqual([])
    expect(unnoticed(alter(file, accepted, NO_DIGESTS))).toEqual([])
    for (const alteration of [refused, raised]) {
      const passed = alter(file, alteration, NO_DIGESTS).filter(({ before }) => before.status === 'passed')
      expect(passed.length).toBeGreaterThan(5)
      expect(unnoticed(passed)).toEqual([])
    }
    const valid: Alteration = (vector) =>
      vector.valid_message === undefined ? null : { ...vector, valid_message: !vector.valid_message }
    expect(unnoticed(alter(file, valid, committedRecords.digests))).toEqual([])
  })

  it.each(['4.0', '8.1'])('of a key of Rails %s fails', (label) => {
    const altered = alter(
      committedFile('keys', label),
      (vector) => ({ ...vector, key_hex: `${vector.key_hex}00` }),
      NO_DIGESTS,
    )
    expect(altered.length).toBeGreaterThan(5)
    expect(unnoticed(altered)).toEqual([])
  })

  it.each(['3.2', '4.2', '6.0', '8.1', 'main'])('of a header of Rails %s fails', (label) => {
    const file = committedFile('headers', label)
    const lines: Alteration = (vector) =>
      Array.isArray(vector.set_cookie) && vector.set_cookie.length > 0 ? { ...vector, set_cookie: ['pref=x'] } : null
    const attributes: Alteration = (vector) =>
      typeof vector.attributes === 'string' ? { ...vector, attributes: `${vector.attributes}; secure` } : null
    const cookies: Alteration = (vector) =>
      vector.expected !== undefined && 'cookies' in vector.expected
        ? { ...vector, expected: { ...vector.expected, cookies: [['zz', '1']] } as unknown as Expectation }
        : null
    for (const alteration of [lines, attributes, cookies]) {
      const altered = alter(file, alteration, NO_DIGESTS)
      expect(altered.length).toBeGreaterThan(5)
      expect(unnoticed(altered)).toEqual([])
    }
  })
})

describe('a recorded expectation', () => {
  it('is not taken for altered when the input is another', () => {
    const file = committedFile('cookies', '8.1')
    const [vector] = file.cases as AlterableCase[]
    const other = { ...vector!, id: 'another', expected: { accepted: false } }
    expect(committedRecords.digests.altered(file, other)).toBe(false)
    expect(committedRecords.digests.altered(file, { ...vector!, expected: { accepted: false } } as AnyCase)).toBe(true)
  })

  it('is not taken for altered when its keys come in another order', () => {
    const file = committedFile('cookies', '8.1')
    const vector = file.cases[0] as AlterableCase
    const reversed = Object.fromEntries(Object.entries(vector).toReversed()) as unknown as AnyCase
    expect(committedRecords.digests.altered(file, reversed)).toBe(false)
  })
})
