import { describe, expect, it } from 'vitest'
import { isTimeZone, zoneOffset } from '../../../src/ruby/time-zones.ts'

// What ActiveSupport::TimeZone[name] answers, with the whole database of IANA there.
const ZONES = ['UTC', 'Tokyo', 'Eastern Time (US & Canada)', "Nuku'alofa", 'America/New_York', 'America/Port-au-Prince']
const LINKS = ['US/Eastern', 'Asia/Calcutta', 'Asia/Kolkata', 'Europe/Kyiv', 'EST5EDT', 'Etc/GMT+1', 'Zulu', 'GB-Eire']
const NONE = [
  '',
  'utc',
  'tokyo',
  'Nope',
  'America/new_york',
  'AMERICA/NEW_YORK',
  'GMT+1',
  '+01:00',
  'Europe/Paris ',
  '__proto__',
]

describe('isTimeZone', () => {
  it.each([...ZONES, ...LINKS])('knows %s', (name) => {
    expect(isTimeZone(name)).toBe(true)
  })

  it.each(NONE)('does not know %j', (name) => {
    expect(isTimeZone(name)).toBe(false)
    expect(zoneOffset(name, 0)).toBeNull()
  })

  it('knows what the platform lists', () => {
    for (const name of Intl.supportedValuesOf('timeZone')) expect(isTimeZone(name)).toBe(true)
  })
})

describe('zoneOffset', () => {
  it.each([
    ['UTC', 0, 0],
    ['Tokyo', 0, 32_400],
    ['Eastern Time (US & Canada)', Date.UTC(2024, 0, 1), -18_000],
    ['US/Eastern', Date.UTC(2024, 6, 1), -14_400],
    ['Asia/Kathmandu', Date.UTC(2024, 0, 1), 20_700],
  ])('of %s', (name, time, offset) => {
    expect(zoneOffset(name, time)).toBe(offset)
  })
})
