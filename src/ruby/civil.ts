/** Calendar arithmetic of any size, by number of day. */

/** Year (astronomical: 0 is 1 BC), month and day. */
export interface Civil {
  readonly year: bigint
  readonly month: number
  readonly day: number
}

/** Number of the day 1970-01-01 in the Julian day count of astronomers, which Ruby's Date counts by. */
export const JD_OF_1970 = 2_440_588n

/** The Gregorian date of a day, counted from 1970-01-01. */
export function civilFromDays(days: bigint): Civil {
  // Howard Hinnant's days_from_civil, turned round: eras of 400 years that begin on 1 March.
  const shifted = days + 719_468n
  const era = floorDivide(shifted, 146_097n)
  const dayOfEra = Number(shifted - era * 146_097n)
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  return fromMarch(era * 400n + BigInt(yearOfEra), dayOfYear)
}

/** Number of a day, counted from 1970-01-01, by its Gregorian date. */
export function daysFromCivil(year: bigint, month: number, day: number): bigint {
  const shiftedYear = month <= 2 ? year - 1n : year
  const era = floorDivide(shiftedYear, 400n)
  const yearOfEra = Number(shiftedYear - era * 400n)
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097n + BigInt(dayOfEra) - 719_468n
}

/** The Julian date of a day, counted from 1970-01-01 (Gregorian). */
export function julianFromDays(days: bigint): Civil {
  // 1 March of the Julian year 0 is two days before that of the Gregorian.
  const shifted = days + 719_470n
  const era = floorDivide(shifted, 1461n)
  const dayOfEra = Number(shifted - era * 1461n)
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460)) / 365)
  return fromMarch(era * 4n + BigInt(yearOfEra), dayOfEra - 365 * yearOfEra)
}

/** Number of a day, counted from 1970-01-01 (Gregorian), by its Julian date. */
export function daysFromJulian(year: bigint, month: number, day: number): bigint {
  const shiftedYear = month <= 2 ? year - 1n : year
  const era = floorDivide(shiftedYear, 4n)
  const yearOfEra = Number(shiftedYear - era * 4n)
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return era * 1461n + BigInt(yearOfEra * 365 + dayOfYear) - 719_470n
}

/** A year as Ruby's `%Y` prints it: at least four digits, and a minus sign before them. */
export function yearText(year: bigint): string {
  return year < 0n ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0')
}

/** Two digits. */
export function two(number: number): string {
  return String(number).padStart(2, '0')
}

/** `2024-02-29`. */
export function dateText({ year, month, day }: Civil): string {
  return `${yearText(year)}-${two(month)}-${two(day)}`
}

/** `13:14:15` for a second of the day. */
export function clockText(secondOfDay: number): string {
  const hour = Math.floor(secondOfDay / 3600)
  const minute = Math.floor(secondOfDay / 60) % 60
  return `${two(hour)}:${two(minute)}:${two(secondOfDay % 60)}`
}

/** `+05:30` for an offset in seconds; seconds of it are dropped, as Ruby does. */
export function offsetText(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60)
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

function fromMarch(year: bigint, dayOfYear: number): Civil {
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return { year: month <= 2 ? year + 1n : year, month, day }
}
