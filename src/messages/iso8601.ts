/**
 * Milliseconds since 1970 of a date-time text, as Ruby's `Time.iso8601` reads it: date, time and zone are required,
 * a fraction may have any number of digits. NaN for anything else.
 *
 * @example
 * parseIso8601('2026-12-07T12:00:00.000Z') // 1796644800000
 */
export function parseIso8601(text: string): number {
  const match = DATE_TIME.exec(text)
  if (match === null) return Number.NaN
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const fields = [month, day, hour, minute, second].map(Number) as [number, number, number, number, number]
  if (fields.some((field, i) => field < LOWEST[i]! || field > HIGHEST[i]!)) return Number.NaN
  // setUTCFullYear, since Date.UTC takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(0)
  date.setUTCFullYear(Number(year), fields[0] - 1, fields[1])
  date.setUTCHours(fields[2], fields[3], fields[4])
  return date.getTime() + Number(`0${fraction ?? ''}`) * 1000 - zoneOffset(zone!)
}

function zoneOffset(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const digits = zone.replaceAll(/\D/g, '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}

const DATE_TIME = /^\s*(-?\d{1,6})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,32})?(Z|[+-]\d\d(?::?\d\d)?)\s*$/i
// month, day, hour, minute, second: what Ruby's Time.utc takes
const LOWEST = [1, 1, 0, 0, 0]
const HIGHEST = [12, 31, 24, 59, 60]
