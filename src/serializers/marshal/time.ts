import { Buffer } from 'node:buffer'
import { daysFromCivil } from '../../ruby/civil.ts'
import { exactly, quotient, split } from '../../ruby/exact.ts'
import { RubyRational } from '../../ruby/rational.ts'
import { NANOS_PER_SECOND, RubyTime } from '../../ruby/time.ts'
import { Cursor } from './cursor.ts'
import { littleEndian } from './integer.ts'
import { legible } from './names.ts'
import { isInteger } from './rational.ts'
import { refuse } from './refusal.ts'
import { textOf } from './text.ts'

/**
 * A Time from what `Time#_dump` has written: two words of 32 bits with the date and the time in UTC, the years before 1900
 * and after 67435 behind them, and everything else in instance variables, in any order.
 */
export function timeOf(binary: string, variables: ReadonlyMap<string, unknown>): RubyTime {
  const cursor = new Cursor(binary)
  const date = word(cursor)
  const time = word(cursor)
  // Ruby 1.6 wrote seconds and microseconds.
  if (date < 2 ** 31) return localTime(BigInt(date) * NANOS_PER_SECOND + BigInt(time) * 1000n, null)

  const base = BigInt(((date >>> 14) & 0xffff) + 1900)
  const given = variables.get('year') ?? base
  const year = extended(isInteger(given) ? BigInt(given) : refuse(), cursor)
  const month = (date >>> 10) & 0xf
  const days = daysFromCivil(year + BigInt(Math.floor(month / 12)), (month % 12) + 1, (date >>> 5) & 0x1f)
  const seconds = (date & 0x1f) * 3600 + (time >>> 26) * 60 + ((time >>> 20) & 0x3f)
  const whole = (days * 86_400n + BigInt(seconds)) * NANOS_PER_SECOND + BigInt(time & 0xf_ffff) * 1000n
  const [more, subnano] = split(belowMicrosecond(variables))
  const nanoseconds = whole + more
  if ((date & UTC) !== 0) return new RubyTime(nanoseconds, { subnano })

  // Ruby lets in parts of a second here, which no zone has.
  const offset = exactly(variables.get('offset'))
  const utcOffset = offset === null ? Number.NaN : Number(split(offset)[0])
  if (!(Math.abs(utcOffset) < 86_400)) return localTime(nanoseconds, subnano)
  return new RubyTime(nanoseconds, { utcOffset, subnano, zone: zoneName(variables.get('zone')) })
}

/** Ruby takes the zone of the machine, for which there is UTC here: a server's clock has no other. */
function localTime(nanoseconds: bigint, subnano: RubyRational | null): RubyTime {
  return new RubyTime(nanoseconds, { utcOffset: 0, zone: 'UTC', subnano })
}

/** The year with those that follow as an integer of any size, away from 1900 to 67435. */
function extended(year: bigint, cursor: Cursor): bigint {
  if (cursor.left === 0) return year
  const years = littleEndian(cursor.bytes(cursor.long()))
  return year === 1900n ? year - years : year + years
}

/** Nanoseconds below the microsecond. Ruby 1.9.1 wrote digits, which only count where there is nothing else. */
function belowMicrosecond(variables: ReadonlyMap<string, unknown>): RubyRational {
  const numerator = variables.get('nano_num') ?? null
  if (numerator !== null) {
    const [top, bottom] = [exactly(numerator), exactly(variables.get('nano_den'))]
    return (top !== null && bottom !== null ? quotient(top, bottom) : null) ?? refuse()
  }
  const submicro = variables.get('submicro') ?? null
  if (submicro === null) return ZERO
  const { binary } = textOf(submicro) ?? refuse()
  const digits = Buffer.from(binary.slice(0, 2), 'latin1').toString('hex').slice(0, 3)
  return /^\d+$/.test(digits) ? new RubyRational(Number(digits.padEnd(3, '0'))) : ZERO
}

function zoneName(zone: unknown): string | null {
  const text = textOf(zone)
  return text === null || text.binary.includes('\0') ? null : legible(text)
}

function word(cursor: Cursor): number {
  return cursor.byte() + cursor.byte() * 2 ** 8 + cursor.byte() * 2 ** 16 + cursor.byte() * 2 ** 24
}

const UTC = 2 ** 30
const ZERO = new RubyRational(0)
