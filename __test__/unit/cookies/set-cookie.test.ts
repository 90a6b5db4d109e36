import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formEscape } from '../../../src/cookies/escape.ts'
import {
  type CookieAttributes,
  cookieName,
  deleteCookieLine,
  setCookieLine,
  type SameSite,
} from '../../../src/cookies/set-cookie.ts'
import { ConfigError } from '../../../src/errors.ts'

const everything: CookieAttributes = {
  partitioned: true,
  sameSite: 'none',
  httpOnly: true,
  secure: true,
  expires: new Date('2026-12-07T12:00:00.999Z'),
  maxAgeSeconds: 60,
  path: '/x',
  domain: '.example.org',
}

const utf16 = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units))
const rackVersions = fc.constantFrom('2' as const, '3' as const)

describe('setCookieLine', () => {
  it("writes every attribute in Rack's order and spelling, whatever their order", () => {
    expect(setCookieLine('_s', 'a+b', everything, '2')).toBe(
      '_s=a+b; domain=.example.org; path=/x; max-age=60; expires=Mon, 07 Dec 2026 12:00:00 GMT; secure; HttpOnly; SameSite=None',
    )
    expect(setCookieLine('_s', 'a+b', everything, '3')).toBe(
      '_s=a+b; domain=.example.org; path=/x; max-age=60; expires=Mon, 07 Dec 2026 12:00:00 GMT; secure; httponly; samesite=none; partitioned',
    )
  })

  it('writes nothing for what is absent, undefined or false', () => {
    expect(setCookieLine('_s', '', {}, '3')).toBe('_s=')
    const off = { secure: false, httpOnly: false, partitioned: false, domain: undefined, path: undefined }
    expect(setCookieLine('_s', '', { ...off, expires: undefined, sameSite: undefined }, '2')).toBe('_s=')
  })

  it('writes dates as RFC 9110 has them, whole seconds rounded down', () => {
    expect(expiring('1994-11-06T08:49:37.999Z')).toBe('n=; expires=Sun, 06 Nov 1994 08:49:37 GMT')
    expect(expiring('1601-01-01T00:00:00Z')).toBe('n=; expires=Mon, 01 Jan 1601 00:00:00 GMT')
    expect(expiring('9999-12-31T23:59:59Z')).toBe('n=; expires=Fri, 31 Dec 9999 23:59:59 GMT')
  })

  it.each<[string, CookieAttributes]>([
    ['domain', { domain: 'example.org; secure' }],
    ['domain', { domain: 'bücher.example' }],
    ['path', { path: '/\r\nSet-Cookie: a=b' }],
    ['path', { path: '/;' }],
    ['path', { path: '/\u007f' }],
    ['maxAgeSeconds', { maxAgeSeconds: 1.5 }],
    ['maxAgeSeconds', { maxAgeSeconds: Number.NaN }],
    ['maxAgeSeconds', { maxAgeSeconds: Number.POSITIVE_INFINITY }],
    ['maxAgeSeconds', { maxAgeSeconds: '60; secure' as unknown as number }],
    ['expires', { expires: new Date(Number.NaN) }],
    ['expires', { expires: new Date('1600-12-31T23:59:59Z') }],
    ['expires', { expires: new Date('+010000-01-01T00:00:00Z') }],
    ['sameSite', { sameSite: 'Lax; secure' as SameSite }],
    ['sameSite', { sameSite: '__proto__' as SameSite }],
  ])('refuses a bad %s', (option, attributes) => {
    for (const rackVersion of ['2', '3'] as const) {
      const write = (): string => setCookieLine('n', 'v', attributes, rackVersion)
      expect(write).toThrow(ConfigError)
      expect(write).toThrow(option)
    }
  })

  it.each(['a b', 'a;b', 'a/b', 'a=', 'é', '\n', '"a"', 'a,b'])(
    'refuses the value %j, which is not escaped',
    (value) => {
      expect(() => setCookieLine('n', value, {}, '3')).toThrow(ConfigError)
    },
  )

  it('lets nobody add a header or an attribute', () => {
    let written = 0
    const odd = fc.oneof(utf16, fc.string(), fc.constantFrom('', '/', 'a;b', 'a\r\nb', 'a\0', 'a,b=c'))
    fc.assert(
      fc.property(odd, odd, odd, odd, rackVersions, (name, value, domain, path, rackVersion) => {
        const line = lineOrRefusal(name, formEscape(value), { domain, path, secure: true }, rackVersion)
        if (line === ConfigError) return
        written++
        expect(line).toMatch(/^[\x20-\x7e]*$/)
        expect(String(line).split(';')).toEqual([expect.any(String), ` domain=${domain}`, ` path=${path}`, ' secure'])
        expect(String(line).split(';')[0]).toBe(`${cookieName(name, rackVersion)}=${formEscape(value)}`)
      }),
      { numRuns: 1000 },
    )
    expect(written).toBeGreaterThan(10)
  })
})

describe('deleteCookieLine', () => {
  it('empties and expires the cookie and keeps the rest', () => {
    expect(deleteCookieLine('_s', everything, '3')).toBe(
      '_s=; domain=.example.org; path=/x; max-age=0; expires=Thu, 01 Jan 1970 00:00:00 GMT; secure; httponly; samesite=none; partitioned',
    )
    expect(deleteCookieLine('_s', {}, '2')).toBe('_s=; max-age=0; expires=Thu, 01 Jan 1970 00:00:00 GMT')
  })
})

describe('cookieName', () => {
  it('keeps RFC 9110 tokens for Rack 3 and escapes everything else', () => {
    const token = "!#$%&'*+-.^_`|~09AZaz"
    expect(cookieName(token, '3')).toBe(token)
    expect(cookieName('a%20b+c', '3')).toBe('a%20b+c')
    const others = [...'"(),/:;<=>?@[\\]{} \t\u007fé']
    expect(others.map((character) => cookieName(`a${character}`, '3'))).toEqual(
      others.map((character) => `a${formEscape(character)}`),
    )
  })

  it('form-escapes every name for Rack 2', () => {
    expect(cookieName('a+b!', '2')).toBe('a%2Bb%21')
    expect(cookieName('_app_session', '2')).toBe('_app_session')
  })

  it('gives a token, whatever the name', () => {
    fc.assert(
      fc.property(utf16, rackVersions, (name, rackVersion) => {
        expect(cookieName(name, rackVersion)).toMatch(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]*$/)
      }),
    )
  })
})

function expiring(iso: string): string {
  return setCookieLine('n', '', { expires: new Date(iso) }, '3')
}

function lineOrRefusal(...line: Parameters<typeof setCookieLine>): string | typeof ConfigError {
  try {
    return setCookieLine(...line)
  } catch (error) {
    if (error instanceof ConfigError) return ConfigError
    throw error
  }
}
