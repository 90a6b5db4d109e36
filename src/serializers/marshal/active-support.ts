import { RubyDuration } from '../../ruby/duration.ts'
import { RubyHash } from '../../ruby/hash.ts'
import type { RubyString } from '../../ruby/string.ts'
import { RubySafeBuffer } from '../../ruby/safe-buffer.ts'
import { RubySymbol } from '../../ruby/symbol.ts'
import { NANOS_PER_SECOND, RubyTime } from '../../ruby/time.ts'
import { RubyTimeWithZone } from '../../ruby/time-with-zone.ts'
import { RubyDateTime } from '../../ruby/date.ts'
import { nameText } from './names.ts'
import { refuse } from './refusal.ts'
import { arrayOf, textOf } from './text.ts'

/** Objects of ActiveSupport, as the Rails versions since 3.2 have dumped them. */

/**
 * A Duration; undefined for parts of another shape. They are an Array of pairs up to Rails 5.0, then a Hash, which has the
 * default 0 up to 6.0.
 */
export function durationOf(variables: ReadonlyMap<string, unknown>): RubyDuration | undefined {
  const parts = variables.get('@parts') ?? []
  const pairs = parts instanceof RubyHash ? parts.pairs : arrayOf(parts)
  const named = pairs?.map((pair): [string, unknown] | undefined => {
    const [unit, count] = arrayOf(pair) ?? [pair]
    const name = unit instanceof RubySymbol ? unit.string : textOf(unit)
    return name === null ? undefined : [nameText(name.binary), count ?? null]
  })
  if (named === undefined || named.includes(undefined)) return undefined
  return new RubyDuration(named as Array<[string, unknown]>, variables.get('@value') ?? null)
}

/** A SafeBuffer. Up to Rails 8.0 it says that it is safe, since 8.1 that it is not. */
export function safeBufferOf(string: RubyString, variables: ReadonlyMap<string, unknown>): RubySafeBuffer {
  const isTrue = (value: unknown): boolean => value !== undefined && value !== null && value !== false
  const marked = !variables.has('@html_safe') || isTrue(variables.get('@html_safe'))
  return new RubySafeBuffer(string, marked && !isTrue(variables.get('@html_unsafe')))
}

/** A TimeWithZone from its time in UTC, the name of its zone, and the same time on the clocks there, as if in UTC. */
export function timeWithZoneOf(content: unknown): RubyTimeWithZone | undefined {
  const [utc, zone, local] = arrayOf(content) ?? refuse()
  if (!isTime(utc) || !isTime(local)) return refuse()
  const name = textOf(zone)
  if (name === null) return undefined
  const utcOffset = Number((local.nanoseconds - utc.nanoseconds) / NANOS_PER_SECOND)
  return new RubyTimeWithZone(utc.nanoseconds, nameText(name.binary), utcOffset)
}

function isTime(value: unknown): value is RubyTime | RubyDateTime | RubyTimeWithZone {
  return value instanceof RubyTime || value instanceof RubyDateTime || value instanceof RubyTimeWithZone
}
