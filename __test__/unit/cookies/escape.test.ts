import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formEscape, formUnescape } from '../../../src/cookies/escape.ts'

const utf16 = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units))
const text = fc.string({ unit: 'binary' })

describe('formEscape', () => {
  it('is encodeURIComponent but for six characters', () => {
    fc.assert(
      fc.property(text, (value) => {
        const reference = encodeURIComponent(value)
          .replaceAll(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
          .replaceAll('%20', '+')
        expect(formEscape(value)).toBe(reference)
      }),
    )
  })

  it('is what browsers call application/x-www-form-urlencoded, lone surrogates included', () => {
    fc.assert(
      fc.property(utf16, (value) => {
        expect(formEscape(value)).toBe(new URLSearchParams([['', value]]).toString().slice(1))
      }),
    )
    expect(formEscape('\ud800a')).toBe('%EF%BF%BDa')
  })

  it('escapes bytes as it escapes the text they spell', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(formEscape(new TextEncoder().encode(value))).toBe(formEscape(value))
      }),
    )
    expect(formEscape(Uint8Array.of(0, 0x7f, 0x80, 0xff))).toBe('%00%7F%80%FF')
  })
})

describe('formUnescape', () => {
  it('undoes formEscape', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(formUnescape(formEscape(value))).toBe(value)
      }),
    )
  })

  it('undoes formEscape of bytes, giving text where they are UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array({ size: '+1' }), (value) => {
        const unescaped = formUnescape(formEscape(value))
        const bytes = typeof unescaped === 'string' ? new TextEncoder().encode(unescaped) : unescaped
        expect(bytes).toEqual(value)
        expect(typeof unescaped === 'string').toBe(isUtf8(value))
      }),
    )
  })

  it.each(['%80', '%C3', '%C3x', '%C0%80', '%ED%A0%80', '%F4%90%80%80', 'é%A9', '%C3é'])(
    'gives bytes for %s, which UTF-8 forbids',
    (escaped) => {
      expect(formUnescape(escaped)).toBeInstanceOf(Uint8Array)
    },
  )

  it('gives the bytes of text and escapes together', () => {
    expect(formUnescape('é+%e9')).toEqual(Uint8Array.of(0xc3, 0xa9, 0x20, 0xe9))
  })

  it('keeps a byte order mark', () => {
    expect(formUnescape('%EF%BB%BFa')).toBe('\ufeffa')
  })

  it('takes characters beyond ASCII as text', () => {
    expect(formUnescape('é+ÿ')).toBe('é ÿ')
    expect(formUnescape('é%C3%A9')).toBe('éé')
  })

  it('leaves a text with any broken percent sign alone', () => {
    const broken = fc.constantFrom('%', '%4', '%4g', '%g4', '%%41', '%+1', '% 41', '%é')
    fc.assert(
      fc.property(text, broken, fc.constantFrom('', 'g', '+', '%2B+'), (before, percent, after) => {
        const whole = `${before}${percent}g${after}`
        expect(formUnescape(whole)).toBe(whole)
      }),
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(utf16, fc.constantFrom('', '%E9', '%41', '%'), utf16, (before, percent, after) => {
        const unescaped = formUnescape(before + percent + after)
        expect(typeof unescaped === 'string' || unescaped instanceof Uint8Array).toBe(true)
      }),
    )
  })
})

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
