import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUri } from '../../../src/ruby/uri.ts'

describe('parseUri', () => {
  // URI.parse(text).to_s of Ruby 3.3; null where it raises.
  it.each([
    ['https://user@example.com:8080/p?q=1#f', 'https://user@example.com:8080/p?q=1#f'],
    ['HTTP://EXAMPLE.com:0080/x?y=%20#z', 'http://EXAMPLE.com/x?y=%20#z'],
    ['https://a:443', 'https://a'],
    ['http://a:80', 'http://a'],
    ['http://a:', 'http://a'],
    ['http://a:0', 'http://a:0'],
    ['http://u:p@h/', 'http://u:p@h/'],
    ['http://@h/', 'http://h/'],
    ['http://:@h', 'http://:@h'],
    ['http:///x', 'http:///x'],
    ['http:', 'http:'],
    ['http://a?q d\t"', 'http://a?q%20d%22'],
    ['http://a?q="\'<>^', 'http://a?q=%22%27%3C%3E^'],
    ['http://a?%zz', null],
    ['http://a?%4z', 'http://a?%4z'],
    ['http://a/%4z', null],
    ['http://[::1]:8080/', 'http://[::1]:8080/'],
    ['http://[1:2:3:4:5:6:1.2.3.4]/', 'http://[1:2:3:4:5:6:1.2.3.4]/'],
    ['http://[v1.x:y]/', 'http://[v1.x:y]/'],
    ['http://[::1', null],
    ['http://[1::2::3]/', null],
    ['http://a b/', null],
    ['http://a/é', null],
    ['http://a#b#c', null],
    ['http://a:b/', null],
    ['http://a@b@c/', null],
    ['mailto:a@b.c', 'mailto:a@b.c'],
    ['mailto:a@b.c,d@e.f?subject=x&body=y&', 'mailto:a@b.c,d@e.f?subject=x&body=y'],
    ['mailto:?subject=x', 'mailto:?subject=x'],
    ['mailto:a', null],
    ['mailto:', null],
    ['mailto:/a@b.c', null],
    ['file:///etc/x', 'file:///etc/x'],
    ['file://localhost/x', 'file:///x'],
    ['file:/x', 'file:///x'],
    ['postgres:/db', 'postgres:///db'],
    ['ftp://h/%2Fa;type=i', 'ftp://h/%2Fa;type=i'],
    ['ftp://h', 'ftp://h/'],
    ['ftp:a', null],
    ['ldap://h/dc=x?a?b', 'ldap://h/dc=x?a?b'],
    ['ldap://h/x#f', null],
    ['urn:isbn:123?x', 'urn:isbn:123?x'],
    ['data:text/plain;base64,AAAA', 'data:text/plain;base64,AAAA'],
    ['', ''],
    ['/a/b?c#d', '/a/b?c#d'],
    ['a/b:c', 'a/b:c'],
    ['1:b', null],
    ['//h:1/p', '//h:1/p'],
    ['//:80/', ':80/'],
    ['///a', '/a'],
    ['?q', '?q'],
    ['#f', '#f'],
    [' http://a', null],
    ['http://a\n', null],
  ])('%j is %j', (text, expected) => {
    expect(parseUri(text)).toBe(expected)
  })

  it('takes any text, in a time that grows with its length', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseUri(text)))
    for (const part of ['a', '%20', ':', '/', '//', '@', '[', '?', '#', 'a@b,', '1.', '0:']) {
      const start = performance.now()
      parseUri(`http://${part.repeat(50_000)}`)
      parseUri(`mailto:${part.repeat(50_000)}`)
      expect(performance.now() - start).toBeLessThan(500)
    }
  })
})
