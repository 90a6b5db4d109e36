import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findCookie, parseCookies } from '../../../src/cookies/cookie-header.ts'
import { formUnescape } from '../../../src/cookies/escape.ts'

const fragment = fc.constantFrom(
  'a',
  'b',
  'ab',
  ' ',
  '  ',
  '=',
  ';',
  '; ',
  ';;',
  '\t',
  '"',
  ',',
  '+',
  '%',
  '%41',
  '%E9',
  'é',
)
const headers = fc.array(fragment, { maxLength: 24 }).map((fragments) => fragments.join(''))
const names = fc.oneof(
  fc.array(fragment, { maxLength: 3 }).map((fragments) => fragments.join('')),
  fc.constantFrom('', 'a', 'b', 'ab', ' a', 'a ', '\ta', '"a', 'A', '%41', 'é', 'a=', 'a;', '__proto__'),
)

describe('findCookie', () => {
  it('returns the escaped value of the first cookie of that name', () => {
    expect(findCookie('x=0; _s=a%2Bb+c; _s=2', '_s')).toBe('a%2Bb+c')
    expect(findCookie('_s=', '_s')).toBe('')
    expect(findCookie('x_s=1; _s2=2;_s=3', '_s')).toBe('3')
    expect(findCookie('a=_s=1; b=; _s=2', '_s')).toBe('2')
  })

  it('stops at a first cookie without a value, which Rack has as nil', () => {
    expect(findCookie('a; a=1', 'a')).toBeUndefined()
    expect(findCookie('a;a=1', 'a')).toBeUndefined()
    expect(findCookie('b; a', 'a')).toBeUndefined()
    expect(parseCookies('a; a=1').get('a')).toBeNull()
  })

  it('keeps blanks that Rack keeps', () => {
    expect(findCookie(' a=1', 'a')).toBeUndefined()
    expect(findCookie(' a=1', ' a')).toBe('1')
    expect(findCookie('x=0; a=1', ' a')).toBeUndefined()
    expect(findCookie('a =1', 'a')).toBeUndefined()
    expect(findCookie('x=0;\ta=1', 'a')).toBeUndefined()
    expect(findCookie('x=0;\u00a0a=1', 'a')).toBeUndefined()
    expect(findCookie('x=0;   a= 1 ; b', 'a')).toBe(' 1 ')
  })

  it('finds nothing where nothing can be', () => {
    expect(findCookie(undefined, 'a')).toBeUndefined()
    expect(findCookie('', '')).toBeUndefined()
    expect(findCookie('; ; =1', '')).toBe('1')
    expect(findCookie('a=b=c', 'a=b')).toBeUndefined()
    expect(findCookie('%61=1; A=2', 'a')).toBeUndefined()
  })

  it('is the entry of parseCookies, unescaped', () => {
    fc.assert(
      fc.property(headers, names, (header, name) => {
        const found = findCookie(header, name)
        const entry = parseCookies(header).get(name)
        expect(found === undefined ? undefined : formUnescape(found)).toEqual(entry ?? undefined)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('parseCookies', () => {
  it("follows Rack's own steps: split, skip the empty, split at the first equals sign, first one wins", () => {
    fc.assert(
      fc.property(headers, (header) => {
        const reference = new Map<string, unknown>()
        for (const cookie of header.split(/; */)) {
          const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(cookie)!
          if (cookie !== '' && !reference.has(name)) {
            reference.set(name, value === undefined ? null : formUnescape(value))
          }
        }
        const parsed = parseCookies(header)
        expect([...parsed]).toEqual([...reference])
      }),
      { numRuns: 3000 },
    )
  })

  it('joins several header lines as Node does', () => {
    expect([...parseCookies(['a=1; b=2', 'a=3', 'c'])]).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', null],
    ])
    expect(parseCookies([]).size).toBe(0)
    expect(parseCookies(undefined).size).toBe(0)
  })

  it('treats names of Object.prototype as names', () => {
    const cookies = parseCookies('__proto__=1; constructor=2; toString')
    expect([...cookies.keys()]).toEqual(['__proto__', 'constructor', 'toString'])
    expect(cookies.get('__proto__')).toBe('1')
  })
})

describe('hostile headers', () => {
  // A quadratic scan of a header this long would take minutes; a linear one takes milliseconds.
  const size = 1_000_000
  const hostile = [
    ';',
    '; ',
    ' ',
    '=',
    '=;',
    'a;',
    'aa',
    'a=%;',
    'a=%E9;',
    ';_s',
    '_s',
    '_s ',
    ' _s',
    ';  _s  ;',
    '_',
    '%',
    '+',
  ]

  for (const unit of hostile) {
    it(`takes linear time for ${JSON.stringify(unit)} over and over`, () => {
      const header = unit.repeat(size / unit.length)
      const start = performance.now()
      findCookie(header, '_s')
      findCookie(header, '')
      findCookie(header, '_'.repeat(64))
      parseCookies(header)
      expect(performance.now() - start).toBeLessThan(2000)
    })
  }
})
