import { describe, expect, it } from 'vitest'
import { RubyDateTime } from '../../../src/ruby/date.ts'
import { RubyRational } from '../../../src/ruby/rational.ts'
import { RubyTime, splitTime, timeText, xmlschema } from '../../../src/ruby/time.ts'
import { RubyTimeWithZone } from '../../../src/ruby/time-with-zone.ts'

describe('RubyTime', () => {
  it('has nanoseconds, an offset and a zone, and is a Date', () => {
    const time = new RubyTime(1_700_000_000_123_456_789n, { utcOffset: 3600, zone: 'CET' })
    expect(time).toBeInstanceOf(Date)
    expect(time.toISOString()).toBe('2023-11-14T22:13:20.123Z')
    expect(time.nanoseconds).toBe(1_700_000_000_123_456_789n)
    expect([time.utcOffset, time.utc, time.zone, time.subnano]).toEqual([3600, false, 'CET', null])
  })

  it('is in UTC where no offset is given, which is another thing than an offset of 0', () => {
    const utc = new RubyTime(0)
    expect([utc.utc, utc.utcOffset, utc.zone]).toEqual([true, 0, 'UTC'])
    const other = new RubyTime(0, { utcOffset: 0 })
    expect([other.utc, other.utcOffset, other.zone]).toEqual([false, 0, null])
    expect(new RubyTime(0, { zone: null }).zone).toBeNull()
  })

  it('takes the instant of any Date', () => {
    const nanoseconds = 1_700_000_000_123_456_789n
    const times = [
      new RubyTime(nanoseconds),
      new RubyDateTime(nanoseconds),
      new RubyTimeWithZone(nanoseconds, 'Europe/Paris'),
    ]
    for (const time of times) expect(new RubyTime(time).nanoseconds).toBe(nanoseconds)
    expect(new RubyTime(new Date(1234)).nanoseconds).toBe(1_234_000_000n)
    expect(new RubyTime(-0.5).nanoseconds).toBe(-1_000_000n)
  })

  it('rounds down to the millisecond as a Date', () => {
    expect(new RubyTime(-1n).getTime()).toBe(-1)
    expect(new RubyTime(-1n).nanoseconds).toBe(-1n)
    expect(new RubyTime(999_999n).getTime()).toBe(0)
  })

  it('keeps parts of a nanosecond', () => {
    expect(String(new RubyTime(1n, { subnano: new RubyRational(1, 3) }).subnano)).toBe('1/3')
    expect(new RubyTime(1n, { subnano: new RubyRational(0) }).subnano).toBeNull()
  })

  it('is the changed time after a setter of Date', () => {
    const time = new RubyTime(1_700_000_000_123_456_789n, { subnano: new RubyRational(1, 3) })
    time.setUTCMilliseconds(123)
    expect(time.nanoseconds).toBe(1_700_000_000_123_456_789n)
    time.setUTCMilliseconds(5)
    expect(time.nanoseconds).toBe(1_700_000_000_005_000_000n)
    expect(time.subnano).toBeNull()
  })

  it('reaches further than a Date', () => {
    const far = new RubyTime(10n ** 30n)
    expect(far.getTime()).toBeNaN()
    expect(far.nanoseconds).toBe(10n ** 30n)
    far.setTime(0)
    expect(far.nanoseconds).toBe(0n)
  })

  it('has no instant after it was made invalid', () => {
    const time = new RubyTime(0)
    time.setTime(Number.NaN)
    expect(() => time.nanoseconds).toThrow(RangeError)
    expect(() => time.subnano).toThrow(RangeError)
  })

  it.each([
    [Number.NaN, {}],
    [Number.POSITIVE_INFINITY, {}],
    [new Date(Number.NaN), {}],
    [0, { utcOffset: 86_400 }],
    [0, { utcOffset: -86_400 }],
    [0, { utcOffset: 0.5 }],
    [0, { utcOffset: Number.NaN }],
    [0, { subnano: new RubyRational(1) }],
    [0, { subnano: new RubyRational(-1, 2) }],
  ])('refuses %s %o', (time, options) => {
    expect(() => new RubyTime(time, options)).toThrow(RangeError)
  })
})

describe('texts', () => {
  // Time.utc(2024, 2, 29, 13, 14, 15.123456789r).xmlschema(3), Time.at(0, in: 561).xmlschema(3), …
  it.each([
    [1_709_212_455_123_456_789n, undefined, 3, '2024-02-29T13:14:15.123Z'],
    [1_709_212_455_999_999_999n, undefined, 0, '2024-02-29T13:14:15Z'],
    [1_709_212_455_999_999_999n, undefined, 9, '2024-02-29T13:14:15.999999999Z'],
    [0n, 561, 3, '1970-01-01T00:09:21.000+00:09'],
    [0n, -561, 3, '1969-12-31T23:50:39.000-00:09'],
    [0n, 0, 0, '1970-01-01T00:00:00+00:00'],
    [-1n, undefined, 3, '1969-12-31T23:59:59.999Z'],
    [-62_324_985_600_000_000_000n, undefined, 3, '-0005-01-01T00:00:00.000Z'],
    [3_093_527_894_400_000_000_000n, undefined, 3, '99999-12-31T00:00:00.000Z'],
  ])('of %d at %s with %d digits', (nanoseconds, utcOffset, digits, text) => {
    expect(xmlschema(new RubyTime(nanoseconds, { utcOffset }), digits)).toBe(text)
  })

  it('without a zone', () => {
    expect(timeText(1_709_212_455_123_456_789n, 3600, 9)).toBe('2024-02-29T14:14:15.123456789')
  })
})

describe('splitTime', () => {
  it('counts days from 1970 at the offset', () => {
    expect(splitTime(-1n, 0)).toEqual({ day: -1n, second: 86_399, nanosecond: 999_999_999 })
    expect(splitTime(0n, -1)).toEqual({ day: -1n, second: 86_399, nanosecond: 0 })
    expect(splitTime(86_400_000_000_001n, 7200)).toEqual({ day: 1n, second: 7200, nanosecond: 1 })
  })
})
