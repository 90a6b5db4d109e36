import { describe, expect, it } from 'vitest'
import { RubyComplex } from '../../../src/ruby/complex.ts'
import { RubyDecimal } from '../../../src/ruby/decimal.ts'
import { RubyFloat } from '../../../src/ruby/float.ts'
import { RubyRational } from '../../../src/ruby/rational.ts'

describe('RubyComplex', () => {
  // Complex(1, -2).to_s and so on, with ActiveSupport
  it.each([
    [1, -2, '1-2i'],
    [1, 2n ** 70n, '1+1180591620717411303424i'],
    [new RubyFloat(1), -2.5, '1.0-2.5i'],
    [0, new RubyFloat(-0), '0-0.0i'],
    [1, new RubyFloat(Number.NaN), '1+NaN*i'],
    [1, new RubyFloat(Number.POSITIVE_INFINITY), '1+Infinity*i'],
    [1, Number.NEGATIVE_INFINITY, '1-Infinity*i'],
    [new RubyRational(1, 2), new RubyRational(-3, 4), '1/2-3/4i'],
    [new RubyDecimal('1.5'), 2, '1.5+2i'],
    [new RubyFloat(-0), 0, '-0.0+0i'],
  ])('%s and %s', (real, imaginary, text) => {
    const complex = new RubyComplex(real, imaginary)
    expect(String(complex)).toBe(text)
    expect(JSON.stringify({ complex })).toBe(`{"complex":"${text}"}`)
  })

  it('has no text where a part is no number', () => {
    expect(() => String(new RubyComplex('1', 2))).toThrow(TypeError)
  })
})
