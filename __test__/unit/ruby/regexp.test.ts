import { describe, expect, it } from 'vitest'
import { RubyRegexp } from '../../../src/ruby/regexp.ts'
import { RubyString } from '../../../src/ruby/string.ts'

describe('RubyRegexp', () => {
  // Source, options, and what Regexp#to_s of Ruby 3.3 gives.
  it.each([
    ['a.b', '', '(?-mix:a.b)'],
    ['a<b/c', 'mix', '(?mix:a<b\\/c)'],
    ['a\\/b', '', '(?-mix:a\\/b)'],
    ['', '', '(?-mix:)'],
    ['é', '', '(?-mix:é)'],
    ['a\u0001b\u007f', '', '(?-mix:a\\x01b\\x7F)'],
    ['\n\t ', '', '(?-mix:\n\t )'],
    ['(?-mix:a.b)', '', '(?-mix:a.b)'],
    ['(?i-mx:a)', '', '(?i-mx:a)'],
    ['(?i:a)', 'x', '(?ix-m:a)'],
    ['(?:a)', '', '(?-mix:a)'],
    ['(?-:a)', '', '(?-mix:a)'],
    ['(?i)a', '', '(?i-mx:a)'],
    ['(?i)', '', '(?i-mx:)'],
    ['(?mix)', '', '(?mix:)'],
    ['(?i)(?m:x)', '', '(?mi-x:x)'],
    ['(?-mix:a)(?-mix:b)', '', '(?-mix:(?-mix:a)(?-mix:b))'],
    ['(?-mix:(?-mix:a))', '', '(?-mix:(?-mix:a))'],
    ['(?=a)', '', '(?-mix:(?=a))'],
  ])('%j with %j is %s', (source, options, text) => {
    expect(String(new RubyRegexp(source, options))).toBe(text)
  })

  it('keeps bytes that are no text', () => {
    const regexp = new RubyRegexp(RubyString.fromBinary('(?-mix:\u00c3\u00a9+)', 'ASCII-8BIT'), 16)
    expect(regexp.toBinary()).toBe('(?-mix:\u00c3\u00a9+)')
  })

  it('refuses other options', () => {
    expect(() => new RubyRegexp('a', 'g')).toThrow(TypeError)
  })
})
