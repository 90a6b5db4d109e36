import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formEscape } from '../../../src/cookies/escape.ts'
import { browserCookieSize, COOKIE_MAX, railsCookieSize, railsMessageSize } from '../../../src/cookies/size.ts'

describe('railsMessageSize', () => {
  it('is the number of bytes before escaping', () => {
    fc.assert(
      fc.property(fc.uint8Array({ size: '+1' }), (bytes) => {
        expect(railsMessageSize(formEscape(bytes))).toBe(bytes.length)
      }),
    )
    expect(railsMessageSize('')).toBe(0)
    expect(railsMessageSize('%25%32%35')).toBe(3)
  })
})

describe('the sizes that are compared with the limit', () => {
  it('count the name from Rails 8.1 on, in bytes', () => {
    expect(COOKIE_MAX).toBe(4096)
    expect(railsCookieSize('_app', 'ab%3D', '8.0')).toBe(3)
    expect(railsCookieSize('_app', 'ab%3D', '8.1')).toBe(7)
    expect(railsCookieSize('é', 'ab%3D', '8.2')).toBe(5)
  })

  it('count what is sent, for browsers', () => {
    expect(browserCookieSize('_app', 'ab%3D')).toBe(9)
  })
})
