import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rubyFloatText } from '../../../src/ruby/float-text.ts'

describe('rubyFloatText', () => {
  // As Ruby's Float#to_s prints them.
  it.each([
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [-1.5, '-1.5'],
    [0.1, '0.1'],
    [100, '100.0'],
    [0.30000000000000004, '0.30000000000000004'],
    [123456789.12345679, '123456789.12345679'],
    [0.0001, '0.0001'],
    [0.00073225, '0.00073225'],
    [-0.000123, '-0.000123'],
    [0.00009999999999999999, '9.999999999999999e-05'],
    [0.00001, '1.0e-05'],
    [1e-7, '1.0e-07'],
    [9.18131e-8, '9.18131e-08'],
    [1e-10, '1.0e-10'],
    [1e-100, '1.0e-100'],
    [5e-324, '5.0e-324'],
    [2.2250738585072014e-308, '2.2250738585072014e-308'],
    [720792000000000, '720792000000000.0'],
    [123456789012345.6, '123456789012345.6'],
    [999999999999999, '999999999999999.0'],
    [999999999999999.9, '999999999999999.9'],
    [1e15, '1.0e+15'],
    [1000000000000000.1, '1000000000000000.1'],
    [1234567890123456.8, '1234567890123456.8'],
    [1234567890123456, '1.234567890123456e+15'],
    [-4503599627370495.5, '-4503599627370495.5'],
    [9007199254740992, '9.007199254740992e+15'],
    [-9007199254740992, '-9.007199254740992e+15'],
    [1e16, '1.0e+16'],
    [1.36132e16, '1.36132e+16'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1e20, '1.0e+20'],
    [1e21, '1.0e+21'],
    [1e22, '1.0e+22'],
    [1e23, '1.0e+23'],
    [1e100, '1.0e+100'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('%d is %s', (number, text) => {
    expect(rubyFloatText(number)).toBe(text)
  })

  it('has the shape of a Ruby Float, and reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = rubyFloatText(number)
        const size = Math.abs(number)
        const plain = number === 0 || (size >= 0.0001 && (size < 1e15 || (size < 1e16 && !Number.isInteger(size))))
        expect(text).toMatch(plain ? /^-?\d+\.\d+$/ : /^-?\d\.\d+e[+-]\d{2,3}$/)
        expect(Object.is(Number(text), number)).toBe(true)
      }),
    )
  })

  it('changes its form exactly at the powers of ten where Ruby does', () => {
    for (let exponent = -323; exponent <= 307; exponent++) {
      const plain = exponent >= -4 && exponent < 15
      for (const digits of ['1', '9.5', '1.2345678901234567']) {
        const number = Number(`${digits}e${exponent}`)
        const fraction = exponent === 15 && !Number.isInteger(number)
        expect(rubyFloatText(number).includes('e')).toBe(!plain && !fraction)
      }
    }
  })
})
