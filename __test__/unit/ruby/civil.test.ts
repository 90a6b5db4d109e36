import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  civilFromDays,
  clockText,
  dateText,
  daysFromCivil,
  daysFromJulian,
  floorDivide,
  JD_OF_1970,
  julianFromDays,
  offsetText,
  yearText,
} from '../../../src/ruby/civil.ts'

describe('calendars', () => {
  // Of Date.jd(jd, start).strftime("%Y-%m-%d") and a line feed for every 41st day from -5000-01-01 to 60000-01-01
  it.each([
    ['Gregorian', civilFromDays, daysFromCivil, -105_152, 23_635_610, 'd59002fdf4cf3dc4'],
    ['Julian', julianFromDays, daysFromJulian, -105_192, 23_636_058, '3ab4eae0fe0d5cdd'],
  ] as const)(
    '%s: dates of days are those of Ruby, and there is a way back',
    (_, fromDays, toDays, first, last, digest) => {
      const hash = createHash('sha256')
      const lost: number[] = []
      for (let jd = first; jd <= last; jd += 41) {
        const days = BigInt(jd) - JD_OF_1970
        const civil = fromDays(days)
        hash.update(`${dateText(civil)}\n`)
        if (toDays(civil.year, civil.month, civil.day) !== days) lost.push(jd)
      }
      expect(lost).toEqual([])
      expect(hash.digest('hex').slice(0, 16)).toBe(digest)
    },
  )

  // Date.jd(10**12, Date::GREGORIAN).to_s
  it.each([
    [10n ** 12n, civilFromDays, '2737902294-11-20'],
    [-(10n ** 12n), civilFromDays, '-2737911720-11-28'],
    [10n ** 20n, civilFromDays, '273790700698846051-06-07'],
    [10n ** 12n, julianFromDays, '2737846075-02-18'],
    [-(10n ** 12n), julianFromDays, '-2737855500-11-13'],
    [-(10n ** 20n), julianFromDays, '-273785078713214843-12-14'],
    [0n, julianFromDays, '-4712-01-01'],
  ])('far away: day %d', (jd, fromDays, text) => {
    expect(dateText(fromDays(jd - JD_OF_1970))).toBe(text)
  })
})

describe('texts', () => {
  it('of years, as %Y', () => {
    const years = [-12_345n, -1000n, -999n, -1n, 0n, 1n, 99n, 999n, 1000n, 9999n, 10_000n, 123_456n]
    expect(years.map(yearText).join(' ')).toBe('-12345 -1000 -0999 -0001 0000 0001 0099 0999 1000 9999 10000 123456')
  })

  it('of offsets, as %:z', () => {
    const offsets = [0, 1, -1, 86_399, -86_399, 19_800, -12_600, 561, -561, 59, -59, 3599]
    expect(offsets.map(offsetText).join(' ')).toBe(
      '+00:00 +00:00 -00:00 +23:59 -23:59 +05:30 -03:30 +00:09 -00:09 +00:00 -00:00 +00:59',
    )
  })

  it('of seconds of a day', () => {
    expect([0, 59, 3600, 86_399].map(clockText)).toEqual(['00:00:00', '00:00:59', '01:00:00', '23:59:59'])
  })
})

describe('floorDivide', () => {
  it.each([
    [7n, 2n, 3n],
    [-7n, 2n, -4n],
    [7n, -2n, -4n],
    [-7n, -2n, 3n],
    [-8n, 2n, -4n],
    [0n, 5n, 0n],
  ])('%d by %d', (a, b, quotient) => {
    expect(floorDivide(a, b)).toBe(quotient)
  })
})
