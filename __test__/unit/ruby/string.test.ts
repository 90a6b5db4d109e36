import { describe, expect, it } from 'vitest'
import { RubyString } from '../../../src/ruby/string.ts'

describe('RubyString', () => {
  it('is UTF-8 for text and binary for bytes', () => {
    const text = new RubyString('clé')
    expect(text.encoding).toBe('UTF-8')
    expect(text.text).toBe('clé')
    expect([...text.bytes]).toEqual([0x63, 0x6c, 0xc3, 0xa9])
    expect(text.binary).toBe('cl\u00c3\u00a9')
    const bytes = new RubyString(Uint8Array.of(0xff, 0))
    expect(bytes.encoding).toBe('ASCII-8BIT')
    expect(bytes.text).toBeNull()
    expect(`${bytes}`).toBe('\u00ff\u0000')
  })

  it('takes bytes of any encoding by any of its names', () => {
    const string = new RubyString(Uint8Array.of(0x63, 0xe9), 'iso8859-1')
    expect(string.encoding).toBe('ISO-8859-1')
    expect(string.text).toBe('cé')
    expect(JSON.stringify([string])).toBe('["cé"]')
    expect(RubyString.fromBinary('\u0093\u00fa', 'Shift_JIS').text).toBe('日')
  })

  it('takes ASCII text in every encoding that has ASCII', () => {
    expect(new RubyString('abc', 'US-ASCII').text).toBe('abc')
    expect(new RubyString('abc', 'BINARY').encoding).toBe('ASCII-8BIT')
    expect(new RubyString('abc', 'IBM437').text).toBe('abc')
  })

  it('says which bytes are not valid', () => {
    expect(new RubyString(Uint8Array.of(0x61, 0xff), 'UTF-8').text).toBeNull()
    expect(new RubyString('\ud83d').text).toBeNull()
    expect([...new RubyString('\ud83d').bytes]).toEqual([0xed, 0xa0, 0xbd])
  })

  it('copies what it is made of and what it gives', () => {
    const memory = Uint8Array.of(1, 2, 3, 4)
    const string = new RubyString(memory.subarray(1, 3))
    memory.fill(9)
    string.bytes.fill(8)
    expect([...string.bytes]).toEqual([2, 3])
    expect(() => Object.assign(string, { encoding: 'UTF-8' })).toThrow(TypeError)
  })

  it.each([
    [1, undefined, 'takes a string or a Uint8Array'],
    [null, undefined, 'takes a string or a Uint8Array'],
    ['a', 'utf8', 'has no encoding "utf8"'],
    ['é', 'US-ASCII', 'give the bytes of a text in US-ASCII'],
    ['é', 'ISO-8859-1', 'give the bytes of a text in ISO-8859-1'],
    ['é', 'BINARY', 'give the bytes of a text in ASCII-8BIT'],
    ['a', 'UTF-16LE', 'give the bytes of a text in UTF-16LE'],
  ])('refuses %j in %s', (content, encoding, message) => {
    expect(() => new RubyString(content as string, encoding)).toThrow(TypeError)
    expect(() => new RubyString(content as string, encoding)).toThrow(message)
  })
})
