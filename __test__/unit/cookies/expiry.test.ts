import { describe, expect, it } from 'vitest'
import { permanentExpiry, sessionExpiry } from '../../../src/cookies/expiry.ts'

const now = Date.parse('2026-11-23T12:00:00.123Z')

describe('sessionExpiry', () => {
  it('is none by default', () => {
    expect(sessionExpiry({}, now)).toBeUndefined()
  })

  it('counts from now; max_age wins over expire_after, and a date over both', () => {
    expect(sessionExpiry({ expireAfterSeconds: 1_209_600 }, now)).toEqual(new Date('2026-12-07T12:00:00.123Z'))
    expect(sessionExpiry({ expireAfterSeconds: 1, maxAgeSeconds: 0 }, now)).toEqual(new Date(now))
    const expires = new Date(0)
    expect(sessionExpiry({ expireAfterSeconds: 1, maxAgeSeconds: 2, expires }, now)).toBe(expires)
  })
})

describe('permanentExpiry', () => {
  it('is the same day 20 years on', () => {
    expect(permanentExpiry(now)).toEqual(new Date('2046-11-23T12:00:00.123Z'))
    expect(permanentExpiry(Date.parse('2028-02-29T01:02:03Z'))).toEqual(new Date('2048-02-29T01:02:03Z'))
  })

  it('stays in February where there is no 29th', () => {
    expect(permanentExpiry(Date.parse('2080-02-29T01:02:03Z'))).toEqual(new Date('2100-02-28T01:02:03Z'))
  })
})
