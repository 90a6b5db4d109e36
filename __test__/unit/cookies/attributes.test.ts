import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeAttributes, resolveAttributes } from '../../../src/cookies/attributes.ts'
import { setCookieLine } from '../../../src/cookies/set-cookie.ts'
import type { RailsVersion } from '../../../src/rails/version.ts'

const http = { https: false, host: 'www.example.org' }
const https = { https: true, host: 'www.example.org' }

describe('resolveAttributes', () => {
  it('withholds a secure cookie from plain http', () => {
    for (const writer of ['session', 'jar'] as const) {
      expect(resolveAttributes({ secure: true }, {}, http, '8.1', writer)).toBeNull()
      expect(resolveAttributes({}, { secure: true }, http, '8.1', writer)).toBeNull()
      expect(resolveAttributes({ secure: true }, {}, https, '8.1', writer)).toMatchObject({ secure: true })
      expect(resolveAttributes({ secure: false }, { secure: true }, http, '8.1', writer)).toMatchObject({
        secure: false,
      })
    }
  })

  it('takes onion services for secure from Rails 7.0 on, except for the session', () => {
    const onion = { https: false, host: 'abc.onion:80' }
    expect(resolveAttributes({ secure: true }, {}, onion, '7.0', 'jar')).toMatchObject({ secure: true })
    expect(resolveAttributes({ secure: true }, {}, onion, '6.1', 'jar')).toBeNull()
    expect(resolveAttributes({ secure: true }, {}, onion, '8.1', 'session')).toBeNull()
    expect(resolveAttributes({ secure: true }, {}, { https: false, host: 'onion' }, '8.1', 'jar')).toBeNull()
    expect(resolveAttributes({ secure: true }, {}, { https: false }, '8.1', 'jar')).toBeNull()
  })

  it('gives attributes that can be written, whatever host the client names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom<RailsVersion>('7.0', '8.1'), (host, rails) => {
        for (const domain of ['all', ['.example.org', 'test']]) {
          const attributes = resolveAttributes({ domain }, {}, { https: false, host }, rails, 'session')
          expect(setCookieLine('n', 'v', attributes!, '3')).toMatch(/^n=v; (domain=[A-Za-z0-9._-]+; )?path=\/$/)
        }
      }),
    )
  })
})

describe('mergeAttributes', () => {
  it('prefers what is given and puts the path at /', () => {
    const expires = new Date(0)
    const defaults = { domain: 'example.org', path: '/d', maxAgeSeconds: 1, httpOnly: true, partitioned: true, expires }
    expect(mergeAttributes({}, defaults, http, '8.1')).toEqual({ ...defaults, secure: undefined, sameSite: undefined })
    const given = { domain: 'a.test', path: '/g', maxAgeSeconds: 0, httpOnly: false, partitioned: false, secure: true }
    expect(mergeAttributes(given, defaults, http, '8.1')).toEqual({ ...given, expires, sameSite: undefined })
    expect(mergeAttributes({}, {}, http, '8.1').path).toBe('/')
    expect(mergeAttributes({ path: null, domain: null }, defaults, http, '8.1')).toMatchObject({
      path: '/',
      domain: undefined,
    })
  })

  it('knows the leading dot of Rails before 7.1, and tldLength', () => {
    const options = { domain: 'all', tldLength: 3 }
    expect(mergeAttributes(options, {}, http, '7.0').domain).toBe('.www.example.org')
    expect(mergeAttributes(options, {}, http, '7.1').domain).toBe('www.example.org')
    expect(mergeAttributes({ tldLength: 1 }, options, http, '7.1').domain).toBe('org')
  })

  it('lets null switch SameSite off from Rails 7.1 on', () => {
    const sameSite = (rails: RailsVersion, given?: 'strict' | null): unknown =>
      mergeAttributes({ sameSite: given }, { sameSite: 'lax' }, http, rails).sameSite
    expect(sameSite('6.1', null)).toBe('lax')
    expect(sameSite('7.0', null)).toBe('lax')
    expect(sameSite('7.1', null)).toBeUndefined()
    expect(sameSite('8.2', null)).toBeUndefined()
    expect(sameSite('8.1')).toBe('lax')
    expect(sameSite('8.1', 'strict')).toBe('strict')
    expect(mergeAttributes({}, { sameSite: null }, http, '8.1').sameSite).toBeUndefined()
  })
})
