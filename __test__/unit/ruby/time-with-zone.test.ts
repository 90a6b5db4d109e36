import { describe, expect, it } from 'vitest'
import { RubyTimeWithZone } from '../../../src/ruby/time-with-zone.ts'

describe('RubyTimeWithZone', () => {
  it('has the offset of its zone', () => {
    const time = new RubyTimeWithZone(1_720_000_000_123_456_789n, 'Europe/Paris')
    expect([time.nanoseconds, time.utcOffset, time.utc]).toEqual([1_720_000_000_123_456_789n, 7200, false])
    expect(time.toISOString()).toBe('2024-07-03T09:46:40.123Z')
    time.setUTCMonth(0)
    expect(time.utcOffset).toBe(3600)
    expect(time.nanoseconds % 1_000_000n).toBe(0n)
    expect(new RubyTimeWithZone(0, 'UTC').utc).toBe(true)
    expect(new RubyTimeWithZone(0, 'Europe/London').utc).toBe(false)
  })

  it('takes an offset from elsewhere, for as long as it is not changed', () => {
    const time = new RubyTimeWithZone(0, 'Europe/Paris', 1234)
    expect(time.utcOffset).toBe(1234)
    time.setTime(1)
    expect(time.utcOffset).toBe(3600)
    const unknown = new RubyTimeWithZone(0, 'Mars/Olympus', 1234)
    expect(unknown.utcOffset).toBe(1234)
    unknown.setTime(1)
    expect(unknown.utcOffset).toBe(0)
  })

  it('has an offset where Date ends', () => {
    expect(new RubyTimeWithZone(10n ** 30n, 'Asia/Tokyo').utcOffset).toBe(32_400)
    expect(new RubyTimeWithZone(-(10n ** 30n), 'Europe/Paris').utcOffset).toBe(561)
  })

  it('refuses zones that Rails does not have, and invalid times', () => {
    expect(() => new RubyTimeWithZone(0, 'europe/paris')).toThrow(RangeError)
    expect(() => new RubyTimeWithZone(Number.NaN, 'Europe/Paris')).toThrow(RangeError)
  })
})
