import { describe, expect, it } from 'vitest'
import { payloadBytes, payloadFromBase64, payloadFromBytes } from '../../../src/serializers/payload.ts'

describe('payloads', () => {
  it.each<[string, Uint8Array, boolean]>([
    ['', new Uint8Array(), false],
    ['a', Uint8Array.of(0x61), false],
    ['\uFEFFa', Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), false],
    ['👍', Uint8Array.of(0xf0, 0x9f, 0x91, 0x8d), false],
    ['\uFFFD', Uint8Array.of(0xef, 0xbf, 0xbd), false],
    ['\u00FF', Uint8Array.of(0xff), true],
    ['\u00ED\u00A0\u0080', Uint8Array.of(0xed, 0xa0, 0x80), true],
    ['\u00C0\u0080', Uint8Array.of(0xc0, 0x80), true],
  ])('%j', (text, bytes, isBytes) => {
    expect(payloadFromBytes(bytes)).toEqual({ text, bytes: isBytes })
    expect(payloadBytes({ text, bytes: isBytes })).toEqual(bytes)
  })

  it('share no memory with what they were made of', () => {
    const bytes = payloadBytes({ text: 'a', bytes: false })
    expect(bytes.buffer.byteLength).toBe(1)
  })
})

describe('payloadFromBase64', () => {
  const decoded = (text: string, lenient: boolean): string | undefined => payloadFromBase64(text, lenient)?.text

  it('is strict', () => {
    expect(decoded('YQ==', false)).toBe('a')
    expect(decoded('', false)).toBe('')
    const wrong = ['YQ', 'YQ=', 'YR==', 'YQ==\n', ' YQ==', 'YQ===', 'Y', '_w==', 'Y*Q=', 'YQ==YQ==', '=', 'é']
    expect(wrong.filter((text) => decoded(text, false) !== undefined)).toEqual([])
  })

  it('is lenient as urlsafe_decode64', () => {
    expect(decoded('YQ', true)).toBe('a')
    expect(decoded('YWI', true)).toBe('ab')
    expect(decoded('_-8', true)).toBe(decoded('/+8=', false))
    const wrong = ['YR', 'YQ=', 'Y', 'YQ===', 'YQ ', 'Y\nQ', 'YWJj=']
    expect(wrong.filter((text) => decoded(text, true) !== undefined)).toEqual([])
  })
})
