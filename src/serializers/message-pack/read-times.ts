import { JD_OF_1970 } from '../../ruby/civil.ts'
import { RubyDate, RubyDateTime } from '../../ruby/date.ts'
import { isAscii } from '../../ruby/encoding.ts'
import { exactly, product, split, sum } from '../../ruby/exact.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { RubyObject } from '../../ruby/object.ts'
import { RubyRational } from '../../ruby/rational.ts'
import { NANOS_PER_SECOND, RubyTime } from '../../ruby/time.ts'
import { RubyTimeWithZone } from '../../ruby/time-with-zone.ts'
import { ExtensionType } from './extension-type.ts'
import { readRational } from './read-numbers.ts'
import { type PartsReader, type Reading, stringBytes } from './reading.ts'

/** Readers of dates and times. */
export const TIME_READERS: ReadonlyMap<number, PartsReader> = new Map<number, PartsReader>([
  [ExtensionType.DATE_TIME, readDateTime],
  [ExtensionType.DATE, readDate],
  [ExtensionType.TIME, readTime],
  [ExtensionType.TIME_WITH_ZONE, readTimeWithZone],
])

/** `DateTime.jd(day, hour, minute, second + fraction, offset)`: all by the clock at the offset, which is a part of a day. */
function* readDateTime(): ReturnType<PartsReader> {
  const day = wholeNumber(yield)
  const hour = wholeNumber(yield)
  const minute = wholeNumber(yield)
  const wholeSecond = exactly(yield)
  const fraction = yield* readRational()
  const offset = yield* readRational()
  if (day === null || wholeSecond === null || fraction === undefined || offset === undefined) return undefined
  const [second, rest] = split(sum(wholeSecond, fraction))
  const clock = secondOfDay(hour, minute, second)
  if (clock === null) return undefined
  const utcOffset = secondsOfOffset(offset)
  const [nanoseconds, subnano] = split(product(rest, NANOS_PER_SECOND))
  const seconds = (day - JD_OF_1970) * 86_400n + BigInt(clock - utcOffset)
  return new RubyDateTime(seconds * NANOS_PER_SECOND + nanoseconds, { utcOffset, subnano: orNull(subnano) })
}

/** `Date.jd(day)`, which shows nothing of a fraction. */
function* readDate(): ReturnType<PartsReader> {
  const given: unknown = yield
  const day = exactly(given)
  if (day === null) return undefined
  const [whole] = split(day)
  // What is less than nothing by so little that Ruby's Float cannot tell it from a whole day.
  const isRounded = given instanceof RubyFloat && given.value - Number(whole) === 1
  return new RubyDate(isRounded ? whole + 1n : whole)
}

/** `Time.at(seconds, nanoseconds, :nanosecond, in: offset)`. */
function* readTime(): Generator<undefined, RubyTime | undefined, unknown> {
  const seconds = exactly(yield)
  const nanoseconds = exactly(yield)
  const offset: unknown = yield
  if (seconds === null || nanoseconds === null) return undefined
  const [instant, subnano] = split(sum(product(seconds, NANOS_PER_SECOND), nanoseconds))
  // Without an offset it is the local time of the server, which is taken to be in UTC.
  if (offset === null) return new RubyTime(instant, { utcOffset: 0, zone: 'UTC', subnano: orNull(subnano) })
  const utcOffset = wholeNumber(offset)
  if (utcOffset === null || utcOffset <= -86_400n || utcOffset >= 86_400n) return undefined
  return new RubyTime(instant, { utcOffset: Number(utcOffset), subnano: orNull(subnano) })
}

/** `TimeWithZone.new(time, zone)`. Rails takes what the clock shows at the offset, which it always writes as 0, for UTC. */
function* readTimeWithZone(reading: Reading): ReturnType<PartsReader> {
  const time = yield* readTime()
  const given: unknown = yield
  const name = stringBytes(given)
  const zone = name !== null && isAscii(name) ? reading.timeZone(name) : given
  if (time === undefined || !(zone instanceof RubyObject) || zone.kind !== 'time_zone') return undefined
  return new RubyTimeWithZone(time.nanoseconds + BigInt(time.utcOffset) * NANOS_PER_SECOND, String(zone.value))
}

/** The second of the day by a clock, which may count backwards from the next larger unit; null for a time that is none. */
function secondOfDay(hour: bigint | null, minute: bigint | null, second: bigint): number | null {
  if (hour === null || minute === null) return null
  const h = Number(hour < 0n ? hour + 24n : hour)
  const m = Number(minute < 0n ? minute + 60n : minute)
  const s = Number(second < 0n ? second + 60n : second)
  const isTime = h >= 0 && h <= 24 && m >= 0 && m <= 59 && s >= 0 && s <= 59 && (h < 24 || m + s === 0)
  return isTime ? h * 3600 + m * 60 + s : null
}

/**
 * As Ruby counts it: of an offset that is no whole number of seconds, the nearest one, if that is at most a day; otherwise any
 * number that it holds in one machine word, but only its lowest 32 bits.
 */
function secondsOfOffset(offset: RubyRational): number {
  const seconds = product(offset, 86_400n)
  if (seconds.denominator === 1n) {
    const isFixnum = BigInt.asIntN(63, seconds.numerator) === seconds.numerator
    return isFixnum ? Number(BigInt.asIntN(32, seconds.numerator)) : 0
  }
  const isNegative = seconds.numerator < 0n
  const [size] = split(sum(isNegative ? product(seconds, -1n) : seconds, HALF))
  if (size > 86_400n) return 0
  return Number(isNegative ? -size : size)
}

function wholeNumber(value: unknown): bigint | null {
  const exact = exactly(value)
  return exact?.denominator === 1n ? exact.numerator : null
}

function orNull(subnano: RubyRational): RubyRational | null {
  return subnano.numerator === 0n ? null : subnano
}

const HALF = new RubyRational(1, 2)
