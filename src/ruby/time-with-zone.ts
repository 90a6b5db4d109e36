import { current, type Instant, instantOf, toMilliseconds } from './time.ts'
import { isTimeZone, isUtc, zoneOffset } from './time-zones.ts'

/**
 * An `ActiveSupport::TimeWithZone`: a `Date` that has nanoseconds and a time zone besides. Changed by a setter of `Date`, it
 * behaves as a {@link RubyTime} does.
 *
 * @example
 * new RubyTimeWithZone(new Date('2024-07-01'), 'Europe/Paris').utcOffset // 7200
 */
export class RubyTimeWithZone extends Date {
  /** Rails' name of the zone, such as `Eastern Time (US & Canada)`, or that of the IANA database. */
  readonly timeZone: string
  readonly #instant: Instant
  readonly #utcOffset: number | undefined

  /**
   * `time`: a Date or milliseconds since 1970, or, as a bigint, nanoseconds. `utcOffset`: seconds east of UTC, where it is
   * known from elsewhere. Throws a `RangeError` for an invalid Date, and for a zone that Rails does not have, unless an
   * offset is given.
   */
  constructor(time: Date | number | bigint, timeZone: string, utcOffset?: number) {
    if (utcOffset === undefined && !isTimeZone(timeZone)) {
      throw new RangeError(`RubyTimeWithZone: no time zone ${JSON.stringify(timeZone)}`)
    }
    const instant = instantOf(time)
    super(toMilliseconds(instant.nanoseconds))
    this.#instant = instant
    this.#utcOffset = utcOffset
    this.timeZone = timeZone
  }

  /** Nanoseconds since 1970, rounded down. */
  get nanoseconds(): bigint {
    return current(this, this.#instant).nanoseconds
  }

  /** Seconds east of UTC in the zone at this time; 0 where nothing is known of the zone. */
  get utcOffset(): number {
    const now = current(this, this.#instant)
    const given = now === this.#instant ? this.#utcOffset : undefined
    return given ?? zoneOffset(this.timeZone, toMilliseconds(now.nanoseconds)) ?? 0
  }

  /** Whether the zone is UTC itself, which Rails writes as `Z`. */
  get utc(): boolean {
    return isUtc(this.timeZone)
  }
}
