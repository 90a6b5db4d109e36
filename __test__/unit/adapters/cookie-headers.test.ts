import { describe, expect, it, vi } from 'vitest'
import { headersWithCookie, warnOfPublicResponse } from '../../../src/adapters/cookie-headers.ts'

const LINE = '_s=new; path=/'

describe('headersWithCookie', () => {
  it.each([
    [[], [LINE]],
    [
      ['a=1', 'b=2; path=/'],
      ['a=1', 'b=2; path=/', LINE],
    ],
    [
      ['_s=old; path=/x', 'a=1'],
      ['a=1', LINE],
    ],
    [
      ['_s2=1', '_S=1', 'x_s=1'],
      ['_s2=1', '_S=1', 'x_s=1', LINE],
    ],
    [[LINE], [LINE]],
  ])('has one line of its name: over %j', (before, after) => {
    expect(headersWithCookie({ 'set-cookie': before }, LINE, 'skip')?.['set-cookie']).toEqual(after)
  })

  it.each([
    [undefined, 'Cookie'],
    ['', 'Cookie'],
    ['Accept-Encoding', 'Accept-Encoding, Cookie'],
    ['Accept-Encoding, cookie', 'Accept-Encoding, cookie'],
    ['COOKIE,Accept', 'COOKIE,Accept'],
    ['*', '*'],
    ['X-Cookie', 'X-Cookie, Cookie'],
    ['Cookie2', 'Cookie2, Cookie'],
  ])('makes of Vary %j: %j', (vary, after) => {
    expect(headersWithCookie(vary === undefined ? {} : { vary }, LINE, 'skip')?.vary).toBe(after)
  })

  it.each([
    [undefined, 'no-cache="Set-Cookie"'],
    ['', 'no-cache="Set-Cookie"'],
    ['max-age=60', 'max-age=60, no-cache="Set-Cookie"'],
    ['must-revalidate', 'must-revalidate, no-cache="Set-Cookie"'],
    ['no-cache', 'no-cache'],
    ['No-Cache="Set-Cookie"', 'No-Cache="Set-Cookie"'],
    ['private', 'private'],
    ['max-age=0, private, must-revalidate', 'max-age=0, private, must-revalidate'],
    ['no-store', 'no-store'],
    ['x-private', 'x-private, no-cache="Set-Cookie"'],
    // The argument of another directive.
    ['x="no-store, public"', 'x="no-store, public", no-cache="Set-Cookie"'],
  ])('makes of Cache-Control %j: %j', (cacheControl, after) => {
    const before = cacheControl === undefined ? {} : { 'cache-control': cacheControl }
    expect(headersWithCookie(before, LINE, 'skip')?.['cache-control']).toBe(after)
    expect(headersWithCookie({ 'cache-control': after }, LINE, 'skip')?.['cache-control']).toBe(after)
  })

  it.each(['public', 'Public, max-age=0', 'max-age=60,public', 's-maxage=60', 'max-age=0, S-MaxAge=1', 'public '])(
    'adds nothing to what shared caches may keep: %j',
    (cacheControl) => {
      expect(headersWithCookie({ 'cache-control': cacheControl }, LINE, 'skip')).toBe(null)
      const written = headersWithCookie({ 'cache-control': cacheControl }, LINE, 'write')
      expect(written?.['set-cookie']).toEqual([LINE])
      expect(written?.['cache-control']).toBe(`${cacheControl}, no-cache="Set-Cookie"`)
    },
  )
})

describe('warnOfPublicResponse', () => {
  it('warns once, of a session that had changed', () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    warnOfPublicResponse({ changed: false })
    expect(warnings).not.toHaveBeenCalled()
    warnOfPublicResponse({ changed: true })
    warnOfPublicResponse({ changed: true })
    expect(warnings.mock.calls).toEqual([
      [
        expect.stringMatching(/^A session changed, and was not written, as the Cache-Control/),
        { type: 'RailsSessionWarning', code: 'RAILS_SESSION_PUBLIC_RESPONSE' },
      ],
    ])
    warnings.mockRestore()
  })
})
