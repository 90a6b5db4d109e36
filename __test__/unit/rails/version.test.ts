import { describe, expect, it } from 'vitest'
import { atLeast, RAILS_VERSIONS } from '../../../src/rails/version.ts'

describe('atLeast', () => {
  it('orders releases by their numbers', () => {
    const byNumber = RAILS_VERSIONS.toSorted((a, b) => Number(a) - Number(b))
    expect(RAILS_VERSIONS).toEqual(byNumber)
    for (const version of RAILS_VERSIONS) {
      for (const floor of RAILS_VERSIONS) expect(atLeast(version, floor)).toBe(Number(version) >= Number(floor))
    }
  })
})
