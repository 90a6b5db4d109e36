import {
  type Civil,
  civilFromDays,
  clockText,
  dateText,
  daysFromCivil,
  daysFromJulian,
  JD_OF_1970,
  julianFromDays,
  offsetText,
} from './civil.ts'
import type { RubyRational } from './rational.ts'
import { checkOffset, current, fractionText, type Instant, instantOf, splitTime, toMilliseconds } from './time.ts'

/** Julian day from which on Ruby's Date counts by the Gregorian calendar, unless it is told otherwise. */
export const ITALY = 2_299_161

/**
 * A Ruby Date: a day. As a `Date` it is midnight in UTC; changed by a setter of `Date`, it is the changed day.
 *
 * @example
 * new RubyDate('2024-02-29').toJSON() // '2024-02-29'
 */
export class RubyDate extends Date {
  /** Julian day from which on the calendar is Gregorian; infinite for one calendar alone. */
  readonly start: number
  readonly #instant: Instant

  /**
   * `date`: `YYYY-MM-DD`, a Date (its day in UTC), or, as a bigint, the Julian day. `start`: as {@link RubyDate.start};
   * by default days before 1582-10-15 are Julian, as in Ruby. Throws a `RangeError` for what is no day.
   */
  constructor(date: string | Date | bigint, start: number = ITALY) {
    const jd = julianDay(date, start)
    const instant = instantOf((jd - JD_OF_1970) * NANOS_PER_DAY)
    super(toMilliseconds(instant.nanoseconds))
    this.#instant = instant
    this.start = start
  }

  /** Number of the day in the Julian day count. */
  get jd(): bigint {
    return splitTime(current(this, this.#instant).nanoseconds, 0).day + JD_OF_1970
  }

  /** `2024-02-29`, as Ruby's Date writes itself into JSON. Throws a `RangeError` for a date that was made invalid. */
  override toJSON(): string {
    return dateText(calendarDate(this.jd, this.start))
  }
}

/** What a DateTime has besides its instant. */
export interface RubyDateTimeOptions {
  /** Whole seconds east of UTC. Default 0. */
  utcOffset?: number
  /** Part of a nanosecond, from 0 to below 1. */
  subnano?: RubyRational | null
  /** As {@link RubyDate.start}. */
  start?: number
}

/**
 * A Ruby DateTime: a `Date` that has nanoseconds and an offset from UTC besides. Changed by a setter of `Date`, it behaves as
 * a {@link RubyTime} does.
 *
 * @example
 * new RubyDateTime(new Date('2024-02-29T01:02:03Z'), { utcOffset: 7200 }).iso8601(0) // '2024-02-29T03:02:03+02:00'
 */
export class RubyDateTime extends Date {
  /** Seconds east of UTC. */
  readonly utcOffset: number
  /** As {@link RubyDate.start}. */
  readonly start: number
  readonly #instant: Instant

  /** `time`: a Date or milliseconds since 1970, or, as a bigint, nanoseconds. Throws as {@link RubyTime} does. */
  constructor(
    time: Date | number | bigint,
    { utcOffset = 0, subnano = null, start = ITALY }: RubyDateTimeOptions = {},
  ) {
    const instant = instantOf(time, subnano)
    super(toMilliseconds(instant.nanoseconds))
    this.#instant = instant
    // Ruby takes any number of days for an offset, and prints it.
    this.utcOffset = checkOffset(utcOffset, Number.POSITIVE_INFINITY)
    this.start = start
  }

  /** Nanoseconds since 1970, rounded down. */
  get nanoseconds(): bigint {
    return current(this, this.#instant).nanoseconds
  }

  /** Part of a nanosecond, from 0 to below 1; null for 0. */
  get subnano(): RubyRational | null {
    return current(this, this.#instant).subnano
  }

  /** Number of the day, at the offset, in the Julian day count. */
  get jd(): bigint {
    return splitTime(this.nanoseconds, this.utcOffset).day + JD_OF_1970
  }

  /** `2024-02-29T01:02:03.250000000+02:00` with so many digits of the second's fraction, 0 to 9. */
  iso8601(digits: number): string {
    const { day, second, nanosecond } = splitTime(this.nanoseconds, this.utcOffset)
    const date = dateText(calendarDate(day + JD_OF_1970, this.start))
    return `${date}T${clockText(second)}${fractionText(nanosecond, digits)}${offsetText(this.utcOffset)}`
  }
}

/** The date of a Julian day by the calendar that a Date with that start goes by. */
function calendarDate(jd: bigint, start: number): Civil {
  const days = jd - JD_OF_1970
  return Number(jd) < start ? julianFromDays(days) : civilFromDays(days)
}

function julianDay(date: string | Date | bigint, start: number): bigint {
  if (typeof date === 'bigint') return date
  if (date instanceof RubyDate) return date.jd
  if (typeof date !== 'string') return splitTime(instantOf(date).nanoseconds, 0).day + JD_OF_1970
  const [, year, month, day] = CALENDAR_DATE.exec(date) ?? []
  if (year !== undefined) {
    const civil = [BigInt(year), Number(month), Number(day)] as const
    const gregorian = daysFromCivil(...civil) + JD_OF_1970
    const jd = Number(gregorian) < start ? daysFromJulian(...civil) + JD_OF_1970 : gregorian
    // A day that the calendar does not have comes out as another one.
    if (dateText(calendarDate(jd, start)) === date) return jd
  }
  throw new RangeError(`RubyDate: ${JSON.stringify(date)} is no date; write YYYY-MM-DD`)
}

const CALENDAR_DATE = /^(-?\d{4,})-(\d\d)-(\d\d)$/
const NANOS_PER_DAY = 86_400_000_000_000n
