import { isTimeZone, zoneOffset } from './time-zones.ts'
import { exact, toMilliseconds, toNanoseconds } from './time.ts'

/**
 * An `ActiveSupport::TimeWithZone`: a `Date` that has nanoseconds and a time zone besides.
 *
 * @example
 * new RubyTimeWithZone(new Date(), 'Europe/Paris').utcOffset // 3600 or 7200
 */
export class RubyTimeWithZone extends Date {
  /** Rails' name of the zone, such as `Eastern Time (US & Canada)`, or that of the IANA database. */
  readonly timeZone: string
  readonly #nanoseconds: bigint
  readonly #utcOffset: number | undefined

  /**
   * `time`: a Date or milliseconds since 1970, or, as a bigint, nanoseconds. `utcOffset`: seconds east of UTC, where it is
   * known from elsewhere. Throws a `RangeError` for a zone that Rails does not have, unless an offset is given.
   */
  constructor(time: Date | number | bigint, timeZone: string, utcOffset?: number) {
    if (utcOffset === undefined && !isTimeZone(timeZone)) {
      throw new RangeError(`RubyTimeWithZone: no time zone ${JSON.stringify(timeZone)}`)
    }
    const nanoseconds = toNanoseconds(time)
    super(toMilliseconds(nanoseconds))
    this.#nanoseconds = nanoseconds
    this.#utcOffset = utcOffset
    this.timeZone = timeZone
  }

  /** Nanoseconds since 1970, rounded down. */
  get nanoseconds(): bigint {
    return exact(this, this.#nanoseconds)
  }

  /** Seconds east of UTC in the zone at this time. */
  get utcOffset(): number {
    return this.#utcOffset ?? zoneOffset(this.timeZone, this.getTime()) ?? 0
  }
}
