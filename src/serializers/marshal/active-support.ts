import { RubyDuration } from '../../ruby/duration.ts'
import { RubyHash } from '../../ruby/hash.ts'
import type { RubyString } from '../../ruby/string.ts'
import { RubySafeBuffer } from '../../ruby/safe-buffer.ts'
import { RubySymbol } from '../../ruby/symbol.ts'
import { NANOS_PER_SECOND, RubyTime } from '../../ruby/time.ts'
import { RubyTimeWithZone } from '../../ruby/time-with-zone.ts'
import { RubyDateTime } from '../../ruby/date.ts'
import { refuse } from './refusal.ts'
import { textOf } from './text.ts'

/** Objects of ActiveSupport, as the Rails versions since 3.2 have dumped them. */

/**
 * A Duration; undefined for variables of another shape. Its parts are an Array of pairs up to Rails 5.0, then a Hash, which
 * has the default 0 up to 6.0.
 */
export function durationOf(variables: ReadonlyMap<string, unknown>): RubyDuration | undefined {
  const value = variables.get('@value')
  const parts = variables.get('@parts') ?? []
  const pairs = parts instanceof RubyHash ? parts.pairs : parts
  if (value === undefined || !Array.isArray(pairs)) return undefined
  const named: Array<readonly [string, unknown]> = []
  for (const pair of pairs as unknown[]) {
    if (!Array.isArray(pair) || !(pair[0] instanceof RubySymbol)) return undefined
    named.push([pair[0].name, pair[1]])
  }
  return new RubyDuration(named, value)
}

/** A SafeBuffer. Up to Rails 8.0 it says that it is safe, since 8.1 that it is not. */
export function safeBufferOf(string: RubyString, variables: ReadonlyMap<string, unknown>): RubySafeBuffer {
  const isTrue = (value: unknown): boolean => value !== undefined && value !== null && value !== false
  const marked = !variables.has('@html_safe') || isTrue(variables.get('@html_safe'))
  return new RubySafeBuffer(string, marked && !isTrue(variables.get('@html_unsafe')))
}

/** A TimeWithZone from its time in UTC, the name of its zone, and the same time on the clocks there, as if in UTC. */
export function timeWithZoneOf(content: unknown): RubyTimeWithZone | undefined {
  if (!Array.isArray(content)) return refuse()
  const [utc, zone, local] = content as unknown[]
  if (!isTime(utc) || !isTime(local)) return refuse()
  const name = textOf(zone)?.text ?? null
  if (name === null) return undefined
  const utcOffset = Number((local.nanoseconds - utc.nanoseconds) / NANOS_PER_SECOND)
  return new RubyTimeWithZone(utc.nanoseconds, name, utcOffset)
}

function isTime(value: unknown): value is RubyTime | RubyDateTime | RubyTimeWithZone {
  return value instanceof RubyTime || value instanceof RubyDateTime || value instanceof RubyTimeWithZone
}
