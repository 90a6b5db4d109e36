import { describe, expect, it } from 'vitest'
import { RegexpOption } from '../../../src/ruby/regexp-text.ts'
import { RubyRegexp } from '../../../src/ruby/regexp.ts'
import { RubyString } from '../../../src/ruby/string.ts'

describe('RubyRegexp', () => {
  // Regexp.new(source, options).to_s
  it.each([
    ['a', '', '(?-mix:a)'],
    ['a', 'i', '(?i-mx:a)'],
    ['a', 'xmi', '(?mix:a)'],
    ['a', 'xm', '(?mx-i:a)'],
    ['', '', '(?-mix:)'],
    ['a/b', '', '(?-mix:a\\/b)'],
    ['a\\/b\\\\/c', '', '(?-mix:a\\/b\\\\\\/c)'],
    ['[/]', '', '(?-mix:[\\/])'],
    ['é/', '', '(?-mix:é\\/)'],
    ['\n\t\u0001\u001b\u007f', '', '(?-mix:\n\t\\x01\\x1B\\x7F)'],
    ['\\\u0001', '', '(?-mix:\\\u0001)'],
    ['\u200b\u2028\u0080', '', '(?-mix:\u200b\u2028\u0080)'],
    ['(?-mix:a)', '', '(?-mix:a)'],
    ['(?-mix:a)', 'i', '(?-mix:a)'],
    ['(?i:a)', '', '(?i-mx:a)'],
    ['(?-i:a)', 'imx', '(?mx-i:a)'],
    ['(?:a)', '', '(?-mix:a)'],
    ['(?-:a)', 'm', '(?m-ix:a)'],
    ['(?mm:a)', '', '(?m-ix:a)'],
    ['(?i-i:a)', 'i', '(?-mix:a)'],
    ['(?i)abc', '', '(?i-mx:abc)'],
    ['(?i)(?m)', '', '(?mi-x:)'],
    ['(?i)(?m:x)', '', '(?mi-x:x)'],
    ['(?i)(?>x)', '', '(?-mix:(?i)(?>x))'],
    ['(?-mix:a)|(?-mix:b)', '', '(?-mix:(?-mix:a)|(?-mix:b))'],
    ['(?-mix:(?i-mx:a))', '', '(?-mix:(?i-mx:a))'],
    ['(?i:a)b', '', '(?-mix:(?i:a)b)'],
    ['(?i:a)\n', '', '(?-mix:(?i:a)\n)'],
    ['(?>a)', '', '(?-mix:(?>a))'],
    ['(?=a)', '', '(?-mix:(?=a))'],
    ['(?a:b)', '', '(?-mix:(?a:b))'],
    ['(?#c)a', '', '(?-mix:(?#c)a)'],
    ['(?<n>a)', '', '(?-mix:(?<n>a))'],
    ['(?-mix:[)])', '', '(?-mix:[)])'],
    ['(?-mix:[a[b)]c])', '', '(?-mix:[a[b)]c])'],
    ['(?-mix:[]a)]b)', '', '(?-mix:[]a)]b)'],
    ['(?-mix:[^]a)]b)', '', '(?-mix:[^]a)]b)'],
    ['(?-mix:[(?#])(?:b)', '', '(?-mix:(?-mix:[(?#])(?:b))'],
    ['(?-mix:a\\))', '', '(?-mix:a\\))'],
    ['(?-mix:a\\)(?#\\)))', '', '(?-mix:a\\)(?#\\)))'],
    ['(?x: a # )\n)', '', '(?x-mi: a # )\n)'],
    ['(?m:(?im-x:##(?i)\u0001)\\/)(?:)', 'xi', '(?ix-m:(?m:(?im-x:##(?i)\\x01)\\/)(?:))'],
    ['a(?i)b', '', '(?-mix:a(?i)b)'],
  ])('%j with %j', (source, options, text) => {
    expect(String(new RubyRegexp(source, options))).toBe(text)
    expect(JSON.stringify([new RubyRegexp(source, options)])).toBe(JSON.stringify([text]))
  })

  it('knows its encoding as Ruby does', () => {
    const ascii = new RubyRegexp('a', 'i')
    expect([ascii.source.encoding, ascii.options]).toEqual(['US-ASCII', 1])
    const text = new RubyRegexp('é')
    expect([text.source.encoding, text.options]).toEqual(['UTF-8', RegexpOption.FIXEDENCODING])
    const fixed = new RubyRegexp(new RubyString('a'), RegexpOption.FIXEDENCODING)
    expect([fixed.source.encoding, fixed.options]).toEqual(['UTF-8', 16])
    const loose = new RubyRegexp(new RubyString('a'), 1)
    expect([loose.source.encoding, loose.options]).toEqual(['US-ASCII', 1])
    const japanese = new RubyRegexp(RubyString.fromBinary('\u00c6\u00fc/', 'EUC-JP'))
    expect([japanese.source.encoding, japanese.options, String(japanese)]).toEqual(['EUC-JP', 16, '(?-mix:日\\/)'])
    const bytes = new RubyRegexp(new RubyString(Uint8Array.of(0xff)), RegexpOption.NOENCODING)
    expect([bytes.source.encoding, bytes.options]).toEqual(['ASCII-8BIT', 32])
  })

  it('keeps bytes that are no text', () => {
    const regexp = new RubyRegexp(RubyString.fromBinary('(?-mix:\u00c3\u00a9+)', 'ASCII-8BIT'), 16)
    expect(regexp.toBinary()).toBe('(?-mix:\u00c3\u00a9+)')
  })

  it('drops bits that Ruby has no name for', () => {
    expect(new RubyRegexp('a', 0xff).options).toBe(0b110111)
  })

  it('refuses other letters', () => {
    expect(() => new RubyRegexp('a', 'g')).toThrow(TypeError)
  })

  it('takes time that grows with the length only', () => {
    const started = performance.now()
    for (const part of ['(?#', '(', '[', '(?i)', '(?x)#', '#']) {
      expect(String(new RubyRegexp(`(?x:${part.repeat(50_000)})`))).toMatch(/^\(\?/)
    }
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
