import { type Civil, civilFromDays, dateText, daysFromCivil, JD_OF_1970, julianFromDays, offsetText } from './civil.ts'
import type { RubyRational } from './rational.ts'
import { exact, splitTime, timeText, toMilliseconds, toNanoseconds } from './time.ts'

/** Julian day from which on Ruby's Date counts by the Gregorian calendar, unless it is told otherwise. */
export const ITALY = 2_299_161

/**
 * A Ruby Date: a day. As a `Date` it is midnight in UTC.
 *
 * @example
 * String(new RubyDate('2024-02-29').toJSON()) // '2024-02-29'
 */
export class RubyDate extends Date {
  /** Julian day from which on the calendar is Gregorian; infinite for one calendar alone. */
  readonly start: number
  readonly #jd: bigint

  /** `date`: `YYYY-MM-DD` by the Gregorian calendar, a Date (its day in UTC), or, as a bigint, the Julian day. */
  constructor(date: string | Date | bigint, start: number = ITALY) {
    const jd = julianDay(date)
    super(Number(jd - JD_OF_1970) * MS_PER_DAY)
    this.#jd = jd
    this.start = start
  }

  /** Number of the day in the Julian day count. */
  get jd(): bigint {
    const now = this.getTime()
    const day = Math.floor(now / MS_PER_DAY)
    return Number.isNaN(now) || day === Number(this.#jd - JD_OF_1970) ? this.#jd : BigInt(day) + JD_OF_1970
  }

  /** `2024-02-29`, as Ruby's Date writes itself into JSON. */
  override toJSON(): string {
    return dateText(calendarDate(this.jd, this.start))
  }
}

/** What a DateTime has besides its instant. */
export interface RubyDateTimeOptions {
  /** Seconds east of UTC. Default 0. */
  utcOffset?: number
  /** Part of a nanosecond, from 0 to below 1. */
  subnano?: RubyRational | null
  /** As {@link RubyDate.start}. */
  start?: number
}

/** A Ruby DateTime: a `Date` that has nanoseconds and an offset from UTC besides. */
export class RubyDateTime extends Date {
  readonly utcOffset: number
  readonly subnano: RubyRational | null
  readonly start: number
  readonly #nanoseconds: bigint

  /** `time`: a Date or milliseconds since 1970, or, as a bigint, nanoseconds. */
  constructor(
    time: Date | number | bigint,
    { utcOffset = 0, subnano = null, start = ITALY }: RubyDateTimeOptions = {},
  ) {
    const nanoseconds = toNanoseconds(time)
    super(toMilliseconds(nanoseconds))
    this.#nanoseconds = nanoseconds
    this.utcOffset = utcOffset
    this.subnano = subnano
    this.start = start
  }

  /** Nanoseconds since 1970, rounded down. */
  get nanoseconds(): bigint {
    return exact(this, this.#nanoseconds)
  }

  /** Number of the day, at the offset, in the Julian day count. */
  get jd(): bigint {
    return splitTime(this.nanoseconds, this.utcOffset).day + JD_OF_1970
  }

  /** `2024-02-29T01:02:03.250000000+02:00` with so many digits of the second's fraction. */
  iso8601(digits: number): string {
    const time = timeText(this.nanoseconds, this.utcOffset, digits)
    const date = dateText(calendarDate(this.jd, this.start))
    return date + time.slice(time.indexOf('T')) + offsetText(this.utcOffset)
  }
}

/** The date of a Julian day by the calendar that a Date with that start goes by. */
export function calendarDate(jd: bigint, start: number): Civil {
  const days = jd - JD_OF_1970
  return Number(jd) < start ? julianFromDays(days) : civilFromDays(days)
}

function julianDay(date: string | Date | bigint): bigint {
  if (typeof date === 'bigint') return date
  if (typeof date === 'string') {
    const match = /^(-?\d{4,})-(\d\d)-(\d\d)$/.exec(date)
    const [, year, month, day] = match ?? []
    const days = match === null ? null : daysFromCivil(BigInt(year!), Number(month), Number(day))
    const civil = days === null ? null : civilFromDays(days)
    if (civil?.month === Number(month) && civil.day === Number(day)) return days! + JD_OF_1970
    throw new RangeError(`RubyDate: ${JSON.stringify(date)} is no date; write YYYY-MM-DD`)
  }
  if (Number.isNaN(date.getTime())) throw new RangeError('RubyDate: the Date is invalid')
  return BigInt(Math.floor(date.getTime() / MS_PER_DAY)) + JD_OF_1970
}

const MS_PER_DAY = 86_400_000
