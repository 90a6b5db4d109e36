import { describe, expect, it } from 'vitest'
import { ITALY, RubyDate, RubyDateTime } from '../../../src/ruby/date.ts'
import { RubyRational } from '../../../src/ruby/rational.ts'

describe('RubyDate', () => {
  // Date.new(1582, 10, 4).jd and so on; the third column is the start
  it.each([
    ['2024-02-29', 2_460_370n, ITALY],
    ['1582-10-15', 2_299_161n, ITALY],
    ['1582-10-04', 2_299_160n, ITALY],
    ['1500-02-29', 2_268_992n, ITALY],
    ['-4712-01-01', 0n, ITALY],
    ['9999-12-31', 5_373_484n, ITALY],
    ['0000-02-29', 1_721_119n, Number.NEGATIVE_INFINITY],
    ['2737902294-11-20', 10n ** 12n, ITALY],
    ['-2737911720-11-28', -(10n ** 12n), Number.NEGATIVE_INFINITY],
    ['2737846075-02-18', 10n ** 12n, Number.POSITIVE_INFINITY],
  ])('%s is day %d', (text, jd, start) => {
    expect(new RubyDate(text, start).jd).toBe(jd)
    expect(new RubyDate(jd, start).toJSON()).toBe(text)
    expect(JSON.stringify(new RubyDate(text, start))).toBe(`"${text}"`)
  })

  it('is midnight in UTC', () => {
    expect(new RubyDate('2024-02-29').getTime()).toBe(Date.UTC(2024, 1, 29))
    expect(new RubyDate(new Date('2024-02-29T23:59:59.999Z')).toJSON()).toBe('2024-02-29')
    expect(new RubyDate(new Date(-1)).toJSON()).toBe('1969-12-31')
  })

  it('is the changed day after a setter of Date', () => {
    const date = new RubyDate('2024-02-29')
    date.setUTCHours(13)
    expect(date.jd).toBe(2_460_370n)
    date.setUTCFullYear(2025)
    expect(date.toJSON()).toBe('2025-03-01')
    date.setTime(Number.NaN)
    expect(() => date.jd).toThrow(RangeError)
  })

  it('reaches further than a Date', () => {
    const date = new RubyDate(10n ** 20n)
    expect(date.getTime()).toBeNaN()
    expect(date.toJSON()).toBe('273790700698846051-06-07')
    expect(new RubyDate(date).jd).toBe(10n ** 20n)
  })

  it.each([
    '2024-02-30',
    '1582-10-10',
    '2023-02-29',
    '2024-13-01',
    '2024-00-01',
    '2024-01-00',
    '24-01-01',
    '',
    '2024-1-1',
  ])('refuses %j', (text) => {
    expect(() => new RubyDate(text)).toThrow(RangeError)
  })

  it('refuses an invalid Date', () => {
    expect(() => new RubyDate(new Date(Number.NaN))).toThrow(RangeError)
  })
})

describe('RubyDateTime', () => {
  // DateTime.new(2001, 2, 3, 4, 5, 6.789r, "+7").then { |x| [x.jd, x.iso8601(9)] } and so on
  it.each([
    [981_147_906_789_000_000n, 25_200, 2_451_944n, 9, '2001-02-03T04:05:06.789000000+07:00'],
    [-12_219_249_601_000_000_000n, -43_200, 2_299_160n, 3, '1582-10-04T23:59:59.000-12:00'],
    [-12_219_249_601_000_000_000n, 0, 2_299_161n, 3, '1582-10-15T11:59:59.000+00:00'],
    [-210_866_889_540_000_000_000n, 86_340, 0n, 3, '-4712-01-01T00:00:00.000+23:59'],
    [1_831_249_944_000_333_333_333n, 0, 23_635_610n, 9, '60000-01-01T12:00:00.333333333+00:00'],
    [0n, 561, 2_440_588n, 0, '1970-01-01T00:09:21+00:09'],
    [1_704_067_200_000_000_000n, 86_400, 2_460_312n, 0, '2024-01-02T00:00:00+24:00'],
  ])('%d at %d', (nanoseconds, utcOffset, jd, digits, text) => {
    const time = new RubyDateTime(nanoseconds, { utcOffset })
    expect(time.jd).toBe(jd)
    expect(time.iso8601(digits)).toBe(text)
  })

  it('is a Date, at an offset of 0 unless one is given', () => {
    const time = new RubyDateTime(new Date('2024-02-29T01:02:03.250Z'))
    expect(time.getTime()).toBe(Date.UTC(2024, 1, 29, 1, 2, 3, 250))
    expect(time.iso8601(3)).toBe('2024-02-29T01:02:03.250+00:00')
    expect([time.utcOffset, time.start, time.subnano]).toEqual([0, ITALY, null])
  })

  it('is the changed time after a setter of Date', () => {
    const time = new RubyDateTime(1_500_000n, { subnano: new RubyRational(1, 3) })
    expect(String(time.subnano)).toBe('1/3')
    time.setTime(2)
    expect(time.nanoseconds).toBe(2_000_000n)
    expect(time.subnano).toBeNull()
  })

  it.each([[{ utcOffset: Number.NaN }], [{ utcOffset: 1.5 }], [{ subnano: new RubyRational(3, 2) }]])(
    'refuses %o',
    (options) => {
      expect(() => new RubyDateTime(0, options)).toThrow(RangeError)
    },
  )
})
