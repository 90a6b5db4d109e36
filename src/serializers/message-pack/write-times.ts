import { JD_OF_1970 } from '../../ruby/civil.ts'
import { RubyDate, RubyDateTime } from '../../ruby/date.ts'
import { encodeUtf8 } from '../../ruby/encoding.ts'
import { sum } from '../../ruby/exact.ts'
import { RubyRational } from '../../ruby/rational.ts'
import { NANOS_PER_SECOND, RubyTime, splitTime, toNanoseconds } from '../../ruby/time.ts'
import { RubyTimeWithZone } from '../../ruby/time-with-zone.ts'
import { encodeExtension, encodeInteger, encodeText } from './encode.ts'
import { ExtensionType } from './extension-type.ts'
import { rationalParts } from './write-numbers.ts'

/** A date or time of any class; undefined for an invalid `Date`. */
export function writeTime(date: Date): string | undefined {
  if (date instanceof RubyDate) return encodeExtension(ExtensionType.DATE, encodeInteger(date.jd))
  if (date instanceof RubyDateTime) return encodeExtension(ExtensionType.DATE_TIME, dateTimeParts(date))
  if (date instanceof RubyTimeWithZone) {
    const body = timeParts(date.nanoseconds, 0) + encodeText(encodeUtf8(date.timeZone))
    return encodeExtension(ExtensionType.TIME_WITH_ZONE, body)
  }
  if (date instanceof RubyTime) return encodeExtension(ExtensionType.TIME, timeParts(date.nanoseconds, date.utcOffset))
  if (Number.isNaN(date.getTime())) return undefined
  return encodeExtension(ExtensionType.TIME, timeParts(toNanoseconds(date), 0))
}

function timeParts(nanoseconds: bigint, utcOffset: number): string {
  const { day, second, nanosecond } = splitTime(nanoseconds, 0)
  return encodeInteger(day * 86_400n + BigInt(second)) + encodeInteger(nanosecond) + encodeInteger(utcOffset)
}

function dateTimeParts({ nanoseconds, utcOffset, subnano }: RubyDateTime): string {
  const { day, second, nanosecond } = splitTime(nanoseconds, utcOffset)
  const clock = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60]
  const fraction = new RubyRational(nanosecond, NANOS_PER_SECOND)
  const beyond = new RubyRational(subnano?.numerator ?? 0n, (subnano?.denominator ?? 1n) * NANOS_PER_SECOND)
  return (
    encodeInteger(day + JD_OF_1970) +
    clock.map(encodeInteger).join('') +
    rationalParts(sum(fraction, beyond)) +
    rationalParts(new RubyRational(utcOffset, 86_400))
  )
}
