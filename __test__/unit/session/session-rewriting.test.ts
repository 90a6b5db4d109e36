import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  RubyComplex,
  RubyDate,
  RubyDateTime,
  RubyDecimal,
  RubyDuration,
  RubyFloat,
  RubyHash,
  RubyRange,
  RubyRational,
  RubyRegexp,
  RubySafeBuffer,
  RubyString,
  RubySymbol,
  RubyTime,
  RubyTimeWithZone,
  type TypedHash,
  type TypedTree,
} from '../../../src/ruby/index.ts'
import type { Rails } from '../../../index.ts'
import { application, unescaped } from '../../support/application.ts'

type Value = unknown
type Session = Record<string, Value>

// What is taken twice is the same object, which Marshal links.
const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value[]>(
    true,
    false,
    0,
    -1,
    2 ** 31,
    10n ** 30n,
    -(2n ** 63n),
    1.5,
    Number.NaN,
    new RubyFloat(1),
    new RubyFloat(-0),
    new RubyFloat(1e22),
    new RubySymbol('sym'),
    new RubySymbol('é'),
    new RubyTime(1_700_000_000_123_456_789n),
    new RubyTime(1_700_000_000_000_000_001n, { utcOffset: 19_800 }),
    new RubyTimeWithZone(1_700_000_000_000_000_000n, 'Europe/Paris'),
    new RubyDate('2024-02-29'),
    new RubyDateTime(1_700_000_000_000_000_000n, { utcOffset: 3600 }),
    new RubyDecimal('-12.50'),
    new RubyDecimal('1e40'),
    new RubyRational(3, 4),
    new RubyComplex(1, -2),
    new RubyRange(1, null),
    new RubyRange('a', 'f', true),
    new RubyRegexp('\\Aa<b', 'i'),
    new RubyDuration({ days: 2 }),
    new RubySafeBuffer('<b>'),
    new RubyString('shared'),
    new RubyString('text', 'US-ASCII'),
    new Set<Value>(['a', 1]),
  ),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.maxSafeInteger(),
)

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.string({ maxLength: 4 }), tie('value')), { maxLength: 3 }).map((pairs) => new RubyHash(pairs)),
    fc
      .array(fc.tuple(fc.constantFrom('a', 'b', 'é'), scalar), { maxLength: 2 })
      .map((pairs) => new RubyHash(new Map(pairs), { indifferentAccess: true })),
  ),
}))
const key = fc.oneof(fc.constantFrom('user_id', 'cart', '0', '__proto__', '<é>'), fc.string({ maxLength: 5 }))
const session: fc.Arbitrary<Session> = fc
  .uniqueArray(fc.tuple(key, value), { maxLength: 4, selector: ([name]) => name })
  .map((pairs) => {
    const made: Session = Object.create(null)
    made['session_id'] = 'x'
    for (const [name, each] of pairs) if (name !== ADDED && name !== 'session_id') made[name] = each
    return made
  })

describe.each(['json', 'marshal', 'message_pack'] as const)('a session in %s', (cookiesSerializer) => {
  const rails = application({
    loadDefaults: '8.1',
    encryptSession: false,
    useCookiesWithMetadata: false,
    overflow: 'rails',
    cookiesSerializer,
  })

  it('is the same to the last byte when nothing is changed', () => {
    check(session, (data) => {
      const cookie = rails.session.seal(data)
      expect(payloadOf(update(rails, cookie, {}))).toEqual(payloadOf(cookie))
    })
  })

  it('is the same to the last byte when a key is added and dropped again', () => {
    check(fc.tuple(session, value), ([data, added]) => {
      const cookie = rails.session.seal(data)
      const longer = update(rails, cookie, { [ADDED]: added })
      expect(payloadOf(update(rails, longer, { [ADDED]: null }))).toEqual(payloadOf(cookie))
      // What was there stands before what was added, behind the number of pairs.
      const [before, after] = [payloadOf(cookie), payloadOf(longer)]
      const [from, to] = cookiesSerializer === 'json' ? [0, before.length - 1] : [4, before.length]
      expect(after.subarray(from, to).equals(before.subarray(from, to))).toBe(true)
    })
  })

  it('keeps every other key when one is replaced', () => {
    check(fc.tuple(session, fc.nat(), value), ([data, choice, changed]) => {
      const names = Object.keys(data).filter((name) => name !== 'session_id')
      if (names.length === 0) return
      const name = names[choice % names.length]!
      const cookie = rails.session.seal(data)
      const after = update(rails, cookie, { [name]: changed })
      const reverted = update(rails, after, { [name]: data[name] })
      const others = (sealed: string): unknown[] => pairsOf(rails, sealed).filter(([other]) => other !== name)
      expect(pairsOf(rails, after).map(([other]) => other)).toEqual(pairsOf(rails, cookie).map(([other]) => other))
      expect(alone(others(after))).toEqual(alone(others(cookie)))
      // What is changed back is an object of its own to Marshal, and was perhaps linked.
      const comparable = cookiesSerializer === 'marshal' ? (sealed: string) => alone(pairsOf(rails, sealed)) : payloadOf
      expect(comparable(reverted)).toEqual(comparable(cookie))
    })
  })
})

const ADDED = 'added_by_node'

function check<T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, predicate), { numRuns: 500, seed: 20_261_127 })
}

function update(rails: Rails, cookie: string, changes: Session): string {
  const opened = rails.session.open(cookie)
  if (!opened.ok) throw new Error(`refused: ${opened.reason}`)
  return rails.session.update(opened, changes)
}

/** The payload of a signed cookie. */
function payloadOf(cookie: string): Buffer {
  return Buffer.from(unescaped(cookie).split('--')[0]!, 'base64')
}

function pairsOf(rails: Rails, cookie: string): Array<readonly [unknown, TypedTree]> {
  const opened = rails.session.open(cookie)
  if (!opened.ok) throw new Error(`refused: ${opened.reason}`)
  const tree = opened.typed() as object
  return '$' in tree ? (tree as TypedHash).v.slice() : Object.entries(tree)
}

/** Trees without shared objects: what is shared with a key that was replaced is not any more. */
function alone(trees: unknown): unknown {
  const shared = new Map<unknown, unknown>()
  const walk = (tree: unknown): unknown => {
    if (Array.isArray(tree)) return tree.map(walk)
    if (typeof tree !== 'object' || tree === null) return tree
    const { $: kind, id, v } = tree as { $?: unknown; id?: unknown; v?: unknown }
    if (kind === 'ref') return shared.get(id)
    if (kind !== 'shared') return Object.fromEntries(Object.entries(tree).map(([name, each]) => [name, walk(each)]))
    const inner = walk(v)
    shared.set(id, inner)
    return inner
  }
  return walk(trees)
}
