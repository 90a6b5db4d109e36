import { describe, expect, it } from 'vitest'
import { nodeBackend } from '../../src/backend/node-crypto.ts'
import { committedFile, committedRecords } from './committed.ts'
import { Digests } from './digests.ts'
import { judgeFile } from './judge.ts'
import type { Verdict } from './verdict.ts'
import type { AnyCase, Expectation, VectorFile } from './vectors.ts'

/** A case whose expectation can be altered, whatever its layer. */
interface AlterableCase extends AnyCase {
  readonly expected?: Expectation
  readonly expected_verified?: Expectation
  readonly valid_message?: boolean
  readonly key_hex?: string
  readonly rack_escape?: string
  readonly attributes?: string | null
  readonly set_cookie?: string | readonly string[]
}

type Alteration = (vector: AlterableCase) => AlterableCase | null

interface Altered {
  readonly id: string
  readonly before: Verdict
  readonly after: Verdict
}

/** Without them, an altered expectation has to be noticed for what it says. */
const NO_DIGESTS = new Digests(new Uint8Array(0))

/** The verdicts on the cases that an alteration changes, before and after. Cases that are not answered are left out. */
function alter(file: VectorFile, alteration: Alteration, digests: Digests): Altered[] {
  const cases = file.cases.flatMap((vector) => {
    const altered = alteration(vector)
    return altered === null ? [] : [{ vector, altered }]
  })
  const records = { ...committedRecords, digests }
  const before = judgeFile(nodeBackend, { ...file, cases: cases.map(({ vector }) => vector) }, records)
  const after = judgeFile(nodeBackend, { ...file, cases: cases.map(({ altered }) => altered) }, records)
  return cases
    .map(({ vector }, i) => ({ id: vector.id, before: before[i]!, after: after[i]! }))
    .filter((each) => each.before.status !== 'unsupported')
}

function unnoticed(altered: readonly Altered[]): string[] {
  return altered.filter(({ after }) => after.status !== 'failed').map(({ id, after }) => `${id} ${after.rules.join()}`)
}

const expecting = (change: (expected: Expectation) => Expectation | null): Alteration => {
  return (vector) => {
    const changed = vector.expected?.accepted === undefined ? null : change(vector.expected)
    return changed === null ? null : { ...vector, expected: changed }
  }
}

const otherValue = expecting((expected) => {
  if (!expected.accepted) return null
  return {
    ...expected,
    typed: otherTree(expected.typed),
    ...('value' in expected ? { value: otherTree(expected.value) } : {}),
  }
})
const otherPlainValue = expecting((expected) =>
  'value' in expected ? { ...expected, value: otherTree(expected.value) } : null,
)
const refused = expecting(({ accepted }) => (accepted ? { accepted: false, reason: 'nil' } : null))
const raised = expecting(({ accepted }) => (accepted ? { accepted: false, reason: 'JSON::ParserError' } : null))
const accepted = expecting((expected) => (expected.accepted ? null : { accepted: true, typed: 'x', value: 'x' }))
const otherRewrite = expecting((expected) =>
  expected.rewritten === undefined ? null : { ...expected, rewritten: !expected.rewritten },
)
const otherReason = expecting(({ accepted: ok, reason }) =>
  ok ? null : { accepted: false, reason: reason === 'nil' ? 'ArgumentError' : 'nil' },
)

function otherTree(tree: unknown): unknown {
  if (typeof tree === 'string') return `${tree}x`
  if (typeof tree === 'number') return tree + 1
  if (Array.isArray(tree)) return [...(tree as unknown[]), 1]
  if (typeof tree !== 'object' || tree === null) return 'another'
  return '$' in tree ? 'another' : { ...tree, another: 1 }
}

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
