import { areComparable } from '../../ruby/comparable.ts'
import { DURATION_UNITS, RubyDuration } from '../../ruby/duration.ts'
import { withoutDuplicates } from '../../ruby/eql.ts'
import { RubyHash } from '../../ruby/hash.ts'
import { withIndifferentAccess } from '../../ruby/indifferent-access.ts'
import { parseIpAddress } from '../../ruby/ip-address.ts'
import { makeObject } from '../../ruby/object.ts'
import { RubyRange } from '../../ruby/range.ts'
import { RubySafeBuffer } from '../../ruby/safe-buffer.ts'
import { RubyString } from '../../ruby/string.ts'
import { ExtensionType } from './extension-type.ts'
import { isZero } from './read-numbers.ts'
import { type PartsReader, type Reading, stringBytes } from './reading.ts'

/** Readers of what is made of other values. */
export const COMPOSITE_READERS: ReadonlyMap<number, PartsReader> = new Map<number, PartsReader>([
  [ExtensionType.DURATION, readDuration],
  [ExtensionType.RANGE, readRange],
  [ExtensionType.SET, readSet],
  [ExtensionType.IP_ADDRESS, readIpAddress],
  [ExtensionType.HASH_WITH_INDIFFERENT_ACCESS, readHashWithIndifferentAccess],
])

/** `Duration.new(value, parts)`. The parts come by the order of their units, nil for what there is none of. */
function* readDuration(): ReturnType<PartsReader> {
  const value: unknown = yield
  const counts = elements(yield)
  if (counts === null) return undefined
  const units = [...DURATION_UNITS.keys()].map((unit, i): [string, unknown] => [unit, counts[i] ?? null])
  const parts = units.filter(([, count]) => count !== null)
  // Only in a duration of nothing, Rails keeps parts of nothing, and looks at none.
  if (isZero(value) === true) return new RubyDuration(parts, value)
  if (parts.some(([, count]) => isZero(count) === null)) return undefined
  return new RubyDuration(
    parts.filter(([, count]) => isZero(count) === false),
    value,
  )
}

/** `Range.new(begin, end, exclude_end)`. */
function* readRange({ identities }: Reading): ReturnType<PartsReader> {
  const begin: unknown = yield
  const end: unknown = yield
  const excludeEnd: unknown = yield
  if (begin !== null && end !== null && !areComparable(begin, end, identities)) return undefined
  return new RubyRange(begin, end, excludeEnd !== null && excludeEnd !== false)
}

/** `Set.new(elements)`. */
function* readSet({ identities }: Reading): ReturnType<PartsReader> {
  const given: unknown = yield
  const found = given === null ? [] : elements(given)
  if (found === null) return undefined
  const distinct = withoutDuplicates(
    found.map((element) => [element, null]),
    identities,
  )
  return new Set(distinct.map(([element]) => element))
}

/** `IPAddr.new(text)`. */
function* readIpAddress(): ReturnType<PartsReader> {
  return ipAddress(stringBytes(yield))
}

/** `HashWithIndifferentAccess.new(hash)`. */
function* readHashWithIndifferentAccess({ identities }: Reading): ReturnType<PartsReader> {
  return withIndifferentAccess(yield, identities)
}

/** What `SafeBuffer.new(string)` gives, as Rails 8.2 reads it. */
export function* readSafeBuffer(): ReturnType<PartsReader> {
  const value: unknown = yield
  if (value instanceof RubySafeBuffer) return value
  return typeof value === 'string' || value instanceof RubyString ? new RubySafeBuffer(value) : undefined
}

/** `IPAddr.new(text)` for its bytes. */
export function ipAddress(text: string | null): unknown {
  const value = text === null ? null : parseIpAddress(text)
  return value === null ? undefined : makeObject({ kind: 'ipaddr', value }, null)
}

/** What Ruby finds in a value with `each`; null for what has no such method, and for Ranges, which may have no end. */
function elements(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value
  if (value instanceof Set) return [...value]
  return value instanceof RubyHash ? value.pairs.map(([key, each]) => [key, each]) : null
}
