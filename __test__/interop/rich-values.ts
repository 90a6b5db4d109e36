import {
  RubyComplex,
  RubyDate,
  RubyDateTime,
  RubyDecimal,
  RubyDuration,
  RubyHash,
  RubyRange,
  RubyRational,
  RubyRegexp,
  RubySafeBuffer,
  RubyString,
  RubySymbol,
  RubyTime,
  RubyTimeWithZone,
} from '../../src/ruby/index.ts'
import type { Random } from './random.ts'
import { randomText } from './values.ts'

/** `value` with some of its scalars and Hashes replaced by what JSON has no form of its own for. */
export function enriched(random: Random, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => enriched(random, element))
  if (value instanceof Map) return new RubyHash(enrichedPairs(random, [...value]))
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== null) {
    return random.chance(0.4) ? richScalar(random) : value
  }
  const pairs = enrichedPairs(random, Object.entries(value))
  // Rails makes one of every Hash inside of such a Hash.
  const isFlat = pairs.every(([, each]) => typeof each !== 'object' || each === null)
  if (isFlat && random.chance(0.5)) return new RubyHash(pairs, { indifferentAccess: true })
  return random.chance(0.2)
    ? new RubyHash(pairs.map(([key, each]) => [richKey(random, key), each] as const))
    : object(pairs)
}

/** A session whose values are {@link enriched}. */
export function enrichedSession(random: Random, session: Record<string, unknown>): Record<string, unknown> {
  return object(enrichedPairs(random, Object.entries(session)))
}

type Pairs = Array<readonly [string, unknown]>

function enrichedPairs(random: Random, pairs: ReadonlyArray<readonly [string, unknown]>): Pairs {
  return pairs.map(([key, value]) => [key, enriched(random, value)])
}

function object(pairs: Pairs): Record<string, unknown> {
  const made: Record<string, unknown> = Object.create(null)
  for (const [key, value] of pairs) made[key] = value
  return made
}

function richKey(random: Random, key: string): unknown {
  return random.pick([new RubySymbol(key), key])
}

function richScalar(random: Random): unknown {
  return random.pick(SCALARS)(random)
}

const SCALARS: ReadonlyArray<(random: Random) => unknown> = [
  (random) => new RubySymbol(randomText(random)),
  (random) => new RubyTime(nanoseconds(random)),
  (random) => new RubyTime(nanoseconds(random), { utcOffset: random.pick([0, 3600, -19_800, 45_900]) }),
  (random) => new RubyTimeWithZone(nanoseconds(random), random.pick(['UTC', 'Europe/Paris', 'Asia/Tokyo'])),
  (random) => new RubyDate(new Date(random.integer(-1e12, 4e12))),
  (random) => new RubyDateTime(nanoseconds(random), { utcOffset: random.pick([0, 3600, -19_800]) }),
  (random) => new RubyDecimal(`${random.integer(-1e9, 1e9)}e${random.integer(-30, 30)}`),
  (random) => new RubyDecimal(random.pick(['0', '-0', 'NaN', 'Infinity', '-Infinity'])),
  (random) => new RubyRational(random.integer(-1e9, 1e9), random.integer(1, 1000)),
  (random) => new RubyComplex(random.integer(-9, 9), random.integer(-9, 9)),
  (random) => new RubyRange(random.integer(0, 9), random.pick([9, 12, null]), random.chance(0.5)),
  (random) => new RubyRange('a', random.pick(['f', 'é']), random.chance(0.5)),
  (random) => new RubyRegexp(random.pick(['\\Aa+\\z', 'é|日', '[<>&]']), random.pick(['', 'i', 'mx'])),
  (random) => new RubyDuration({ [random.pick(['days', 'hours', 'seconds'] as const)]: random.integer(1, 99) }),
  (random) => new RubySafeBuffer(randomText(random)),
  (random) => new RubyString(random.bytes(random.integer(0, 9))),
  () => new RubyString(Uint8Array.of(0x63, 0xe9), 'ISO-8859-1'),
  () => new RubyString(Uint8Array.of(0xe9, 0, 0xe5, 0x65), 'UTF-16LE'),
  () => new RubyString(Uint8Array.of(0x61, 0xff), 'UTF-8'),
  (random) => new Set<unknown>([random.integer(0, 9), randomText(random), new RubySymbol('a')]),
]

function nanoseconds(random: Random): bigint {
  return BigInt(random.integer(0, 4_000_000_000)) * 1_000_000_000n + BigInt(random.integer(0, 999_999_999))
}
