import { nodeBackend } from '../../src/backend/node-crypto.ts'
import { committedRecords } from './committed.ts'
import { Digests } from './digests.ts'
import { judgeFile } from './judge.ts'
import { isTagged, mapTree, type Tagged } from './typed-tree.ts'
import type { Verdict } from './verdict.ts'
import type { AnyCase, Expectation, VectorFile } from './vectors.ts'

/** A case whose expectation can be altered, whatever its layer. */
export interface AlterableCase extends AnyCase {
  readonly expected?: Expectation
  readonly expected_verified?: Expectation
  readonly valid_message?: boolean
  readonly key_hex?: string
  readonly rack_escape?: string
  readonly attributes?: string | null
  readonly set_cookie?: string | readonly string[]
  readonly json?: string
  readonly bytes_base64?: string
  readonly redump_equal?: boolean
  readonly unmasked_hex?: string
  readonly op?: string
  readonly seen?: Readonly<Record<string, unknown>>
  readonly session_before?: unknown
  readonly session_after?: unknown
  readonly session_id_kept?: boolean
}

/** Another case, or null where there is nothing to alter. */
export type Alteration = (vector: AlterableCase) => AlterableCase | null

/** A case whose expectation was altered, and the verdicts on both. */
export interface Altered {
  readonly id: string
  readonly before: Verdict
  readonly after: Verdict
}

/** Without them, an altered expectation has to be noticed for what it says. */
export const NO_DIGESTS = new Digests(new Uint8Array(0))

/** The verdicts on the cases that an alteration changes, before and after. Cases that are not answered are left out. */
export function alter(file: VectorFile, alteration: Alteration, digests: Digests): Altered[] {
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

/** The altered cases that were not failed. */
export function unnoticed(altered: readonly Altered[]): string[] {
  return altered.filter(({ after }) => after.status !== 'failed').map(({ id, after }) => `${id} ${after.rules.join()}`)
}

/** Alters `expected` where there is one. */
export const expecting = (change: (expected: Expectation) => Expectation | null): Alteration => {
  return (vector) => {
    const changed = vector.expected?.accepted === undefined ? null : change(vector.expected)
    return changed === null ? null : { ...vector, expected: changed }
  }
}

export const otherValue: Alteration = expecting((expected) => {
  if (!expected.accepted || !('typed' in expected)) return null
  return {
    ...expected,
    typed: otherTree(expected.typed),
    ...('value' in expected ? { value: otherTree(expected.value) } : {}),
  }
})
export const otherPlainValue: Alteration = expecting((expected) =>
  'value' in expected ? { ...expected, value: otherTree(expected.value) } : null,
)
export const refused: Alteration = expecting(({ accepted }) => (accepted ? { accepted: false, reason: 'nil' } : null))
export const raised: Alteration = expecting(({ accepted }) =>
  accepted ? { accepted: false, reason: 'JSON::ParserError' } : null,
)
export const accepted: Alteration = expecting((expected) =>
  expected.accepted ? null : { accepted: true, typed: 'x', value: 'x' },
)
export const otherRewrite: Alteration = expecting((expected) =>
  expected.rewritten === undefined ? null : { ...expected, rewritten: !expected.rewritten },
)
export const otherReason: Alteration = expecting(({ accepted: ok, reason }) =>
  ok ? null : { accepted: false, reason: reason === 'nil' ? 'ArgumentError' : 'nil' },
)

/** Alters the first node of an expected tree for which `change` has another; null where there is none. */
export function otherNode(change: (node: Tagged) => unknown): Alteration {
  return expecting((expected) => {
    let changed = false
    const typed = mapTree(expected.typed, (node) => {
      const other = changed ? undefined : change(node)
      changed ||= other !== undefined
      return other
    })
    if (!changed) return null
    const { value: _, ...others } = expected
    return { ...others, typed }
  })
}

/** A String in another encoding, with the same bytes. */
export const otherEncoding: Alteration = otherNode((node) => {
  if (node.$ !== 'string') return undefined
  return { ...node, enc: node['enc'] === 'ISO-8859-1' ? 'ISO-8859-2' : 'ISO-8859-1' }
})

/** An object of another class. */
export const otherClass: Alteration = otherNode((node) =>
  typeof node['class'] === 'string' ? { ...node, class: `${node['class']}x` } : undefined,
)

/** A Hash with its pairs in another order. */
export const otherOrder: Alteration = otherNode((node) => {
  const pairs = node['v']
  return node.$ === 'hash' && Array.isArray(pairs) && pairs.length > 1 ? { ...node, v: pairs.toReversed() } : undefined
})

/** A plain object with its keys in another order. */
export const otherKeyOrder: Alteration = expecting((expected) => {
  const { typed } = expected
  if (typeof typed !== 'object' || typed === null || Array.isArray(typed) || isTagged(typed)) return null
  const keys = Object.keys(typed).filter((key) => !/^\d+$/.test(key))
  return keys.length < 2 ? null : { ...expected, typed: Object.fromEntries(Object.entries(typed).toReversed()) }
})

/** What was one object, twice. */
export const otherIdentity: Alteration = otherNode((node) => (node.$ === 'ref' ? [] : undefined))

function otherTree(tree: unknown): unknown {
  if (typeof tree === 'string') return `${tree}x`
  if (typeof tree === 'number') return tree + 1
  if (Array.isArray(tree)) return [...(tree as unknown[]), 1]
  if (typeof tree !== 'object' || tree === null) return 'another'
  return '$' in tree ? 'another' : { ...tree, another: 1 }
}
