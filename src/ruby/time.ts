import { civilFromDays, clockText, dateText, floorDivide } from './civil.ts'
import type { RubyRational } from './rational.ts'

/** What a Time has besides its instant. */
export interface RubyTimeOptions {
  /** Seconds east of UTC. Not given: the time is in UTC. */
  utcOffset?: number | undefined
  /** Abbreviation of the time zone, such as `CET`. Default: none, or `UTC` for a time in UTC. */
  zone?: string | null | undefined
  /** Part of a nanosecond, from 0 to below 1. */
  subnano?: RubyRational | null | undefined
}

/**
 * A Ruby Time: a `Date` that has nanoseconds, an offset from UTC and a zone besides.
 *
 * Where it is changed by a setter of `Date`, the changed time counts, to the millisecond.
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
  readonly zone: string | null
  /** Part of a nanosecond, from 0 to below 1; null for 0. */
  readonly subnano: RubyRational | null
  readonly #nanoseconds: bigint

  /** `time`: a Date or milliseconds since 1970, or, as a bigint, nanoseconds. */
  constructor(time: Date | number | bigint, { utcOffset, zone, subnano }: RubyTimeOptions = {}) {
    const nanoseconds = toNanoseconds(time)
    super(toMilliseconds(nanoseconds))
    this.#nanoseconds = nanoseconds
    this.utcOffset = utcOffset ?? 0
    this.utc = utcOffset === undefined
    this.zone = zone === undefined ? (this.utc ? 'UTC' : null) : zone
    this.subnano = subnano ?? null
  }

  /** Nanoseconds since 1970, rounded down. */
  get nanoseconds(): bigint {
    return exact(this, this.#nanoseconds)
  }
}

/** Nanoseconds of an instant given in any of the ways that our times take; throws a `RangeError` for an invalid Date. */
export function toNanoseconds(time: Date | number | bigint): bigint {
  if (typeof time === 'bigint') return time
  if (time instanceof RubyTime) return time.nanoseconds
  const milliseconds = Number(time)
  if (!Number.isFinite(milliseconds)) throw new RangeError('the time is invalid')
  return BigInt(Math.floor(milliseconds)) * NANOS_PER_MS
}

/** For the constructor of `Date`, which takes what is out of its range for an invalid date. */
export function toMilliseconds(nanoseconds: bigint): number {
  return Number(floorDivide(nanoseconds, NANOS_PER_MS))
}

/** `nanoseconds`, unless the Date that was made of them has another time by now. */
export function exact(date: Date, nanoseconds: bigint): bigint {
  const now = date.getTime()
  return Number.isNaN(now) || now === toMilliseconds(nanoseconds) ? nanoseconds : BigInt(now) * NANOS_PER_MS
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
  const fraction = digits === 0 ? '' : `.${String(nanosecond).padStart(9, '0').slice(0, digits)}`
  return `${dateText(civilFromDays(day))}T${clockText(second)}${fraction}`
}

export const NANOS_PER_SECOND = 1_000_000_000n
const NANOS_PER_MS = 1_000_000n
