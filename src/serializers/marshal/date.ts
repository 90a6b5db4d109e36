import { JD_OF_1970 } from '../../ruby/civil.ts'
import { ITALY, RubyDate, RubyDateTime } from '../../ruby/date.ts'
import { exactly, product, split, sum } from '../../ruby/exact.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { RubyRational } from '../../ruby/rational.ts'
import { NANOS_PER_SECOND } from '../../ruby/time.ts'
import { refuse } from './refusal.ts'
import { arrayOf } from './text.ts'

/**
 * A Date or DateTime from what its `marshal_dump` has given; undefined where Ruby makes one that it cannot even print.
 *
 * Since Ruby 2.0 there are six numbers: periods of {@link PERIOD} days, day in the period, second of the day, nanoseconds,
 * offset in seconds, start of the Gregorian calendar. Before, there were three: the days as a fraction, the offset as a fraction
 * of a day, the start; and in Ruby 1.6 two, without the offset.
 */
export function dateOf(isDateTime: boolean, content: unknown): RubyDate | RubyDateTime | undefined {
  const fields = arrayOf(content) ?? refuse()
  switch (fields.length) {
    case 6:
      return dateOfSix(isDateTime, fields)
    case 3:
      return dateOfDays(isDateTime, rational(fields[0]), rational(fields[1]), float(fields[2]))
    case 2: {
      // The days since the midnight before, and a calendar that is Gregorian or is not.
      const ajd = sum(rational(fields[0]), new RubyRational(-1, 2))
      const isGregorian = fields[1] !== null && fields[1] !== false
      const start = exactly(fields[1]) === null ? (isGregorian ? -Infinity : Infinity) : float(fields[1])
      return dateOfDays(isDateTime, ajd, NOTHING, start)
    }
    default:
      return refuse()
  }
}

function dateOfSix(isDateTime: boolean, [periods, day, second, fraction, offset, start]: readonly unknown[]): Made {
  const [days, seconds, utcOffset] = [integer(day), integer(second), integer(offset)]
  const gregorianFrom = float(start)
  // A Date has no use for a fraction.
  const [nth, nanoseconds] = [exactly(periods), isDateTime ? exactly(fraction) : NOTHING]
  if (nth === null || nanoseconds === null || nth.denominator !== 1n) return undefined
  return date(isDateTime, nth.numerator * PERIOD + days, seconds, nanoseconds, utcOffset, gregorianFrom)
}

/** `ajd`: the days since noon of the first day, as astronomers count them. `offset`: a fraction of a day. */
function dateOfDays(isDateTime: boolean, ajd: RubyRational, offset: RubyRational, start: number): Made {
  const [day, rest] = split(sum(ajd, HALF))
  const [second, fraction] = split(product(rest, SECONDS_PER_DAY))
  const [utcOffset] = split(sum(product(offset, SECONDS_PER_DAY), HALF))
  const isPossible = (start >= FIRST_REFORM && start <= LAST_REFORM) || Math.abs(start) === Infinity
  const nanoseconds = product(fraction, NANOS_PER_SECOND)
  return date(isDateTime, day, second, nanoseconds, int(utcOffset), isPossible ? start : ITALY)
}

type Made = RubyDate | RubyDateTime | undefined

/** `jd`, `second` and `fraction` (nanoseconds) are in UTC. */
function date(
  isDateTime: boolean,
  jd: bigint,
  second: bigint,
  fraction: RubyRational,
  utcOffset: bigint,
  start: number,
): Made {
  if (!isDateTime) {
    const local = second + utcOffset
    return new RubyDate(jd + (local < 0n ? -1n : local < SECONDS_PER_DAY ? 0n : 1n), start)
  }
  // Ruby makes one with such an offset, though there is no clock that has it.
  if (Math.abs(Number(utcOffset)) >= Number(SECONDS_PER_DAY)) return undefined
  const [more, subnano] = split(fraction)
  const nanoseconds = ((jd - JD_OF_1970) * SECONDS_PER_DAY + second) * NANOS_PER_SECOND + more
  return new RubyDateTime(nanoseconds, { utcOffset: Number(utcOffset), subnano, start })
}

function rational(value: unknown): RubyRational {
  return exactly(value) ?? refuse()
}

/** What C takes for an `int`: fractions are cut off. */
function integer(value: unknown): bigint {
  const { numerator, denominator } = rational(value)
  return int(numerator / denominator)
}

function int(value: bigint): bigint {
  return value >= -(2n ** 31n) && value < 2n ** 31n ? value : refuse()
}

/** What C takes for a `double`, and then for a `float`. */
function float(value: unknown): number {
  if (value instanceof RubyFloat) return Math.fround(value.value)
  return Math.fround(exactly(value)?.valueOf() ?? refuse())
}

/** Days after which both calendars are at the beginning of a week and a leap year again. */
export const PERIOD = 213_447_717n
/** When the first and the last country changed its calendar. */
const FIRST_REFORM = 2_298_874
const LAST_REFORM = 2_426_355
const SECONDS_PER_DAY = 86_400n
const NOTHING = new RubyRational(0)
const HALF = new RubyRational(1, 2)
