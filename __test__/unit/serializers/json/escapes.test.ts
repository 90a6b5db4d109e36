import { describe, expect, it } from 'vitest'
import { readJson } from '../../../../src/serializers/json/reader.ts'

/** Reads what stands between the quotes of a JSON string. */
function read(inside: string): unknown {
  const result = readJson(`"${inside}"`)
  return result.ok ? result.value : result.reason
}

describe('escapes in strings', () => {
  it.each([
    ['\\b\\f\\n\\r\\t\\"\\\\\\/', '\b\f\n\r\t"\\/'],
    ['\\u0041\\u00e9\\u20AC\\u0000', 'Aé€\0'],
    ['\\ud83d\\ude00', '😀'],
    ['\\uD83D\\uDE00', '😀'],
    ['a\\nb\\u0063d', 'a\nbcd'],
    ['\\\\u0041', '\\u0041'],
  ])('%s as RFC 8259 has it', (inside, text) => {
    expect(read(inside)).toBe(text)
  })

  it.each([
    ['\\x', 'x'],
    ['\\é\\😀\\U0041', 'é😀U0041'],
    ["\\'\\a\\0", "'a0"],
  ])('%s: an unknown escape is the character itself', (inside, text) => {
    expect(read(inside)).toBe(text)
  })

  it.each([['\\u12'], ['\\u'], ['\\u12g4'], ['\\u 123'], ['\\u+123'], ['\\'], ['\\\n'], ['\\\u0000']])(
    '%j is refused',
    (inside) => {
      expect(read(inside)).toBe('undecodable')
    },
  )

  it('keeps a lone low surrogate', () => {
    expect(read('\\ude00x')).toBe('\ude00x')
    expect(read('\\ude00\\udc00')).toBe('\ude00\udc00')
  })

  it('refuses a high surrogate with less than six bytes after it', () => {
    expect(read('\\ud83d')).toBe('undecodable')
    expect(read('\\ud83dabcde')).toBe('undecodable')
    expect(read('\\ud83d\\n\\n')).toBe('undecodable')
    expect(read('\\ud83d€é')).toBe('undecodable')
  })

  it('joins a high surrogate to any escape of four digits', () => {
    expect(read('\\ud83d\\u0041')).toBe('\u{1f441}')
    expect(read('\\ud83d\\ud83d')).toBe('\u{1f43d}')
  })

  // json 2.7.1: JSON.parse("\"\\uD800xxxxxx\"") => "?xxxxx"
  it('turns a high surrogate before other text into a question mark that swallows a byte', () => {
    expect(read('\\uD800xxxxxx')).toBe('?xxxxx')
    expect(read('\\ud83da€é!')).toBe('?€é!')
    expect(read('\\ud83d\\nabcd')).toBe('?nabcd')
    expect(read('\\ud83d\\\\nabc')).toBe('?\nabc')
    expect(read('\\ud83d\\\\u0041')).toBe('?A')
  })

  it('refuses to cut a character in two', () => {
    expect(read('\\ud83déabcdef')).toBe('undecodable')
    expect(read('\\ud83d\\\\u00é0')).toBe('undecodable')
  })

  it('stays inside the string when the swallowed byte was half an escape', () => {
    expect(read('\\ud83d\\\\\\\\\\\\')).toBe('?\\\\"')
    expect(read('\\ud83d\\\\u123')).toBe('?\ufffd')
    expect(read('\\ud83da\\\\\\\\u1')).toBe('?\\\\u1')
    expect(read('\\ud83d\\\\aa\\\\u1')).toBe('?aa\\u1')
  })

  it('takes time in proportion to the text', () => {
    const text = JSON.stringify(Array.from({ length: 20_000 }, () => '\n'))
    const started = performance.now()
    expect(readJson(text).ok).toBe(true)
    expect(performance.now() - started).toBeLessThan(200)
  })
})
