import { civilFromDays, clockText, dateText, floorDivide, offsetText } from './civil.ts'
import type { RubyRational } from './rational.ts'

/** What a Time has besides its instant. */
export interface RubyTimeOptions {
  /** Whole seconds east of UTC, less than a day. Not given: the time is in UTC. */
  utcOffset?: number | undefined
  /** Abbreviation of the time zone, such as `CET`. Default: none, or `UTC` for a time in UTC. */
  zone?: string | null | undefined
  /** Part of a nanosecond, from 0 to below 1. */
  subnano?: RubyRational | null | undefined
}

/**
 * A Ruby Time: a `Date` that has nanoseconds, an offset from UTC and a zone besides.
 *
 * Where it is changed by a setter of `Date`, the changed time counts, to the millisecond. Ruby's times reach further than
 * those of `Date`: where that is an invalid date, {@link RubyTime.nanoseconds} still has the time.
 *
 * @example
 * const time = new RubyTime(1_700_000_000_123_456_789n, { utcOffset: 3600, zone: 'CET' })
 * time.toISOString() // '2023-11-14T22:13:20.123Z'
 */
export class RubyTime extends Date {
  /** Seconds east of UTC. */
  readonly utcOffset: number
  /** Whether the time is in UTC, which Ruby tells from an offset of 0. */
  readonly utc: boolean
  /** Abbreviation of the time zone; null for none. */
  readonly zone: string | null
  readonly #instant: Instant

  /**
   * `time`: a Date or milliseconds since 1970, or, as a bigint, nanoseconds. Throws a `RangeError` for an invalid Date, for an
   * offset of a day or more, and for a part of a nanosecond that is none.
   */
  constructor(time: Date | number | bigint, { utcOffset, zone, subnano }: RubyTimeOptions = {}) {
    const instant = instantOf(time, subnano)
    super(toMilliseconds(instant.nanoseconds))
    this.#instant = instant
    this.utcOffset = checkOffset(utcOffset ?? 0, SECONDS_PER_DAY)
    this.utc = utcOffset === undefined
    this.zone = zone === undefined ? (this.utc ? 'UTC' : null) : zone
  }

  /** Nanoseconds since 1970, rounded down. */
  get nanoseconds(): bigint {
    return current(this, this.#instant).nanoseconds
  }

  /** Part of a nanosecond, from 0 to below 1; null for 0. */
  get subnano(): RubyRational | null {
    return current(this, this.#instant).subnano
  }
}

/** A point in time: whole nanoseconds since 1970, and the part of one that is left, if any. */
export interface Instant {
  readonly nanoseconds: bigint
  readonly subnano: RubyRational | null
}

/** The instant that is given in any of the ways that our times take; throws a `RangeError` where there is none. */
export function instantOf(time: Date | number | bigint, subnano: RubyRational | null = null): Instant {
  if (subnano === null || subnano.numerator === 0n) return { nanoseconds: toNanoseconds(time), subnano: null }
  if (subnano.numerator > 0n && subnano.numerator < subnano.denominator) {
    return { nanoseconds: toNanoseconds(time), subnano }
  }
  throw new RangeError(`subnano is ${subnano}; it is a part of a nanosecond, from 0 to below 1`)
}

/** `made`, unless the Date that was made of it has another time by now. Throws a `RangeError` for one that was made invalid. */
export function current(date: Date, made: Instant): Instant {
  const now = date.getTime()
  const then = toMilliseconds(made.nanoseconds)
  if (now === then || (Number.isNaN(now) && Math.abs(then) > LAST_MILLISECOND)) return made
  return instantOf(now)
}

/** For the constructor of `Date`, which takes what is out of its range for an invalid date. */
export function toMilliseconds(nanoseconds: bigint): number {
  return Number(floorDivide(nanoseconds, NANOS_PER_MS))
}

/** An offset from UTC as it was given; throws a `RangeError` for one that is no whole number of seconds below `limit`. */
export function checkOffset(utcOffset: number, limit: number): number {
  if (Number.isSafeInteger(utcOffset) && Math.abs(utcOffset) < limit) return utcOffset
  throw new RangeError(`utcOffset is ${utcOffset}; it is whole seconds, less than a day`)
}

/** Day since 1970-01-01, second of the day and nanosecond of an instant, at an offset in seconds. */
export function splitTime(nanoseconds: bigint, utcOffset: number): { day: bigint; second: number; nanosecond: number } {
  const seconds = floorDivide(nanoseconds, NANOS_PER_SECOND)
  const local = seconds + BigInt(utcOffset)
  const day = floorDivide(local, 86_400n)
  return { day, second: Number(local - day * 86_400n), nanosecond: Number(nanoseconds - seconds * NANOS_PER_SECOND) }
}

/** `2024-02-29T13:14:15.123` with so many digits of the second's fraction, cut off and not rounded. */
export function timeText(nanoseconds: bigint, utcOffset: number, digits: number): string {
  const { day, second, nanosecond } = splitTime(nanoseconds, utcOffset)
  return `${dateText(civilFromDays(day))}T${clockText(second)}${fractionText(nanosecond, digits)}`
}

/** As {@link timeText}, with `Z` for a time in UTC and the offset for others: `Time#xmlschema`. */
export function xmlschema(
  { nanoseconds, utcOffset, utc }: { nanoseconds: bigint; utcOffset: number; utc: boolean },
  digits: number,
): string {
  return timeText(nanoseconds, utcOffset, digits) + (utc ? 'Z' : offsetText(utcOffset))
}

/** `.123` with so many digits of a second's fraction in nanoseconds; nothing for no digits. */
export function fractionText(nanosecond: number, digits: number): string {
  return digits === 0 ? '' : `.${String(nanosecond).padStart(9, '0').slice(0, digits)}`
}

/** Nanoseconds of an instant given in any of the ways that our times take; throws a `RangeError` for an invalid Date. */
export function toNanoseconds(time: Date | number | bigint): bigint {
  if (typeof time === 'bigint') return time
  // Of one of our own.
  const { nanoseconds } = time as { readonly nanoseconds?: unknown }
  if (typeof nanoseconds === 'bigint') return nanoseconds
  const milliseconds = Number(time)
  if (!Number.isFinite(milliseconds)) throw new RangeError('the time is invalid')
  return BigInt(Math.floor(milliseconds)) * NANOS_PER_MS
}

export const NANOS_PER_SECOND = 1_000_000_000n
const NANOS_PER_MS = 1_000_000n
const SECONDS_PER_DAY = 86_400
/** The last that a `Date` can be, on either side of 1970. */
const LAST_MILLISECOND = 8.64e15
