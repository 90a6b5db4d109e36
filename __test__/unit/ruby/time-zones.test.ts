import { describe, expect, it } from 'vitest'
import { IANA_ZONES, RAILS_ZONES } from '../../../src/ruby/time-zone-names.ts'
import { isTimeZone, isUtc, zoneOffset } from '../../../src/ruby/time-zones.ts'

describe('isTimeZone', () => {
  it('knows the names of Rails and of the IANA database', () => {
    expect(RAILS_ZONES.size).toBe(151)
    expect(IANA_ZONES.size).toBe(597)
    for (const name of [...RAILS_ZONES.keys(), ...RAILS_ZONES.values(), ...IANA_ZONES]) {
      expect([name, isTimeZone(name)]).toEqual([name, true])
    }
  })

  // ActiveSupport::TimeZone[name] is nil
  it.each([
    'america/new_york',
    'America/New_york',
    'utc',
    'Utc',
    'paris',
    '+01:00',
    'UTC+1',
    '',
    'Mars/Olympus',
    '__proto__',
  ])('knows no %j', (name) => {
    expect(isTimeZone(name)).toBe(false)
    expect(zoneOffset(name, 0)).toBeNull()
  })
})

describe('zoneOffset', () => {
  // ActiveSupport::TimeZone[name].at(seconds).utc_offset for the four seconds below
  it.each([
    ['Eastern Time (US & Canada)', [-18_000, -14_400, -18_000, -14_400]],
    ['Paris', [3600, 7200, 3600, 3600]],
    ['Kathmandu', [20_700, 20_700, 19_800, 19_800]],
    ['Newfoundland', [-12_600, -9000, -12_600, -9052]],
    ['Chatham Is.', [49_500, 45_900, 45_900, 44_100]],
    ['UTC', [0, 0, 0, 0]],
    ['International Date Line West', [-43_200, -43_200, -43_200, -43_200]],
    ['America/New_York', [-18_000, -14_400, -18_000, -14_400]],
    ['Asia/Kolkata', [19_800, 19_800, 19_800, 19_800]],
    ['Etc/GMT-14', [50_400, 50_400, 50_400, 50_400]],
    ['Africa/Monrovia', [0, 0, -2670, -2670]],
    ['Astana', [21_600, 18_000, 21_600, 18_468]],
  ])('%s', (name, offsets) => {
    const seconds = [1_700_000_000, 1_720_000_000, 0, -1_500_000_000]
    expect(seconds.map((each) => zoneOffset(name, each * 1000))).toEqual(offsets)
  })

  it('has the times before time zones', () => {
    // TZInfo::Timezone.get('Europe/Paris').period_for(Time.utc(1800)).utc_total_offset
    expect(zoneOffset('Europe/Paris', Date.UTC(1800, 0))).toBe(561)
    expect(zoneOffset('America/New_York', -6e14)).toBe(-17_762)
  })

  it('goes on where Date ends', () => {
    expect(zoneOffset('Europe/Paris', -1e300)).toBe(561)
    expect(zoneOffset('Europe/Paris', 8.64e15 + 1)).toBeOneOf([3600, 7200])
    expect(zoneOffset('Asia/Tokyo', 1e20)).toBe(32_400)
    expect(zoneOffset('Europe/Paris', Number.NaN)).toBeNull()
    expect(zoneOffset('Europe/Paris', Number.POSITIVE_INFINITY)).toBeNull()
  })

  it('repeats the rules of the last years that a Date has', () => {
    const cycle = 146_097 * 86_400_000
    for (const month of [0, 6]) {
      const last = Date.UTC(275_000, month)
      expect(zoneOffset('Europe/Paris', last + 7 * cycle)).toBe(zoneOffset('Europe/Paris', last))
    }
  })
})

describe('isUtc', () => {
  it('is true where Rails writes Z', () => {
    // TZInfo::Timezone.all_identifiers whose abbreviation is UTC at some time
    const zones = 'Etc/UCT Etc/UTC Etc/Universal Etc/Zulu UCT UTC Universal Zulu'.split(' ')
    const names = [...IANA_ZONES, ...RAILS_ZONES.keys()]
    expect([...new Set(names.filter(isUtc))].toSorted()).toEqual(zones)
  })
})
