import { floorDivide, JD_OF_1970 } from '../../ruby/civil.ts'
import { RubyDate, RubyDateTime } from '../../ruby/date.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { RubyRational } from '../../ruby/rational.ts'
import { NANOS_PER_SECOND } from '../../ruby/time.ts'
import { exactly } from './rational.ts'
import { refuse } from './refusal.ts'

/**
 * A Date or DateTime from what its `marshal_dump` has given; undefined where Ruby makes one that it cannot even print.
 *
 * Since Ruby 2.0 there are six numbers: periods of {@link PERIOD} days, day in the period, second of the day, nanoseconds,
 * offset in seconds, start of the Gregorian calendar. Before, there were three: the days as a fraction, the offset as a fraction
 * of a day, the start; and in Ruby 1.6 two, without the offset.
 */
export function dateOf(isDateTime: boolean, content: unknown): RubyDate | RubyDateTime | undefined {
  if (!Array.isArray(content)) return refuse()
  const fields = content as unknown[]
  switch (fields.length) {
    case 6:
      return dateOfSix(isDateTime, fields)
    case 3:
      return dateOfDays(isDateTime, fields[0], fields[1], fields[2])
    case 2:
      return dateOfDays(isDateTime, fields[0], 0, fields[1])
    default:
      return refuse()
  }
}

function dateOfSix(isDateTime: boolean, [periods, day, second, fraction, offset, start]: unknown[]): Made {
  const [days, seconds, utcOffset] = [integer(day), integer(second), integer(offset)]
  const gregorianFrom = float(start)
  const [nth, nanoseconds] = [exactly(periods), exactly(fraction)]
  if (nth === null || nanoseconds === null || nth.denominator !== 1n) return undefined
  const jd = nth.numerator * PERIOD + days
  return date(isDateTime, (jd * 86_400n + seconds) * NANOS_PER_SECOND, nanoseconds, Number(utcOffset), gregorianFrom)
}

/** `ajd`: the days since noon of the first day, as astronomers count them. */
function dateOfDays(isDateTime: boolean, ajd: unknown, offset: unknown, start: unknown): Made {
  const [days, ofDay] = [exactly(ajd), exactly(offset)]
  const gregorianFrom =
    start === true ? Number.NEGATIVE_INFINITY : start === false ? Number.POSITIVE_INFINITY : float(start)
  if (days === null || ofDay === null) return undefined
  const nanoseconds = new RubyRational(
    (days.numerator * 2n + days.denominator) * 43_200n * NANOS_PER_SECOND,
    days.denominator,
  )
  const utcOffset = Math.round(ofDay.valueOf() * 86_400)
  return date(isDateTime, 0n, nanoseconds, utcOffset, gregorianFrom)
}

type Made = RubyDate | RubyDateTime | undefined

/** `whole` and `part` together are the nanoseconds since the first Julian day began. */
function date(isDateTime: boolean, whole: bigint, part: RubyRational, utcOffset: number, start: number): Made {
  const floor = floorDivide(part.numerator, part.denominator)
  const rest = part.numerator - floor * part.denominator
  const nanoseconds = whole + floor
  if (!isDateTime) {
    const local = nanoseconds + BigInt(utcOffset) * NANOS_PER_SECOND
    return new RubyDate(floorDivide(local, 86_400n * NANOS_PER_SECOND), start)
  }
  const subnano = rest === 0n ? null : new RubyRational(rest, part.denominator)
  return new RubyDateTime(nanoseconds - JD_OF_1970 * 86_400n * NANOS_PER_SECOND, { utcOffset, subnano, start })
}

/** What C takes for an `int`. */
function integer(value: unknown): bigint {
  const exact = exactly(value)
  if (exact === null) return refuse()
  const { numerator, denominator } = exact
  // Fractions are cut off.
  const whole = numerator / denominator
  return whole >= -(2n ** 31n) && whole < 2n ** 31n ? whole : refuse()
}

/** What C takes for a `double`, and then for a `float`. */
function float(value: unknown): number {
  if (value instanceof RubyFloat) return Math.fround(value.value)
  return Math.fround(exactly(value)?.valueOf() ?? refuse())
}

/** Days after which both calendars are at the beginning of a week and a leap year again. */
export const PERIOD = 213_447_717n
