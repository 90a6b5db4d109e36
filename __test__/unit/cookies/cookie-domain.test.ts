import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cookieDomain, hostWithoutPort } from '../../../src/cookies/cookie-domain.ts'

function all(host: string | undefined, tldLength?: number): string | undefined {
  return cookieDomain('all', host, { tldLength, leadingDot: false })
}

describe("cookieDomain 'all'", () => {
  it.each([
    // The examples of Rails' own documentation and tests.
    ['www.example.com', 'example.com'],
    ['www.nextangle.com', 'nextangle.com'],
    ['nextangle.co.uk', 'nextangle.co.uk'],
    ['www.example.co.uk', 'example.co.uk'],
    ['nextangle.com.au', 'nextangle.com.au'],
    ['lots.of.subdomains.example.local', 'example.local'],
    ['www.nextangle.ca', 'nextangle.ca'],
    ['user1.lvh.me', 'user1.lvh.me'],
    ['co.uk', 'co.uk'],
    ['my_app.test', 'my_app.test'],
  ])('keeps of %s: %s', (host, domain) => {
    expect(all(host)).toBe(domain)
    expect(all(`${host}:3000`)).toBe(domain)
    expect(cookieDomain('all', host, { leadingDot: true })).toBe(`.${domain}`)
  })

  it('keeps as many labels as tldLength says, and none when the host has fewer', () => {
    expect(all('user1.lvh.me', 2)).toBe('lvh.me')
    expect(all('a.b.example.org', 3)).toBe('b.example.org')
    expect(all('example.org', 1)).toBe('org')
    expect(all('example.org', 2)).toBe('example.org')
    expect(all('example.org', 3)).toBeUndefined()
    expect(all('example.org', 0)).toBeUndefined()
  })

  it.each([undefined, '', 'localhost', 'localhost:3000', '127.0.0.1', '127.0.0.1:80', '1.2.3', '[::1]', '[::1]:3000'])(
    'gives none for %s',
    (host) => {
      expect(all(host)).toBeUndefined()
      expect(all(host, 2)).toBeUndefined()
      expect(cookieDomain('all', host, { leadingDot: true })).toBeUndefined()
    },
  )

  it.each(['example..org', '.example.org', 'example.org.', 'example.org..', '.', '..'])('gives none for %s', (host) => {
    expect(all(host)).toBeUndefined()
  })

  it('gives none, or part of a host name, for whatever a client sends as host', () => {
    const hosts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom('a', 'bc', '.', '1', ':', ';', '\n')).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(hosts, fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }), (host, tldLength) => {
        const domain = all(host, tldLength)
        if (domain === undefined) return
        expect(domain).toMatch(/^[A-Za-z0-9._-]+$/)
        expect(hostWithoutPort(host).endsWith(domain)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('cookieDomain of other settings', () => {
  it('uses a string as it is', () => {
    expect(cookieDomain('.example.org', 'elsewhere.test', { leadingDot: true })).toBe('.example.org')
    expect(cookieDomain('example.org', undefined, { leadingDot: true })).toBe('example.org')
  })

  it('takes the first of a list that the host is or ends in', () => {
    const list = ['.example.com', 'sub.example.org', '.example.org', 'example.org']
    const pick = (host: string | undefined): string | undefined => cookieDomain(list, host, { leadingDot: true })
    expect(pick('www.example.org')).toBe('.example.org')
    expect(pick('example.com:8080')).toBe('.example.com')
    expect(pick('a.sub.example.org')).toBe('sub.example.org')
    expect(pick('notexample.org')).toBeUndefined()
    expect(pick('example.org.evil.test')).toBeUndefined()
    expect(pick(undefined)).toBeUndefined()
    expect(cookieDomain([], 'example.org', { leadingDot: true })).toBeUndefined()
  })
})
