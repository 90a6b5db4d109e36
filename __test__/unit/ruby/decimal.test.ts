import { describe, expect, it } from 'vitest'
import { RubyDecimal } from '../../../src/ruby/decimal.ts'

describe('RubyDecimal', () => {
  // BigDecimal(text).to_s with ActiveSupport, and BigDecimal(text).to_s('E')
  it.each([
    ['12.50', '12.5', '0.125e2'],
    ['-1.50e3', '-1500.0', '-0.15e4'],
    ['0', '0.0', '0.0'],
    ['-0', '-0.0', '-0.0'],
    ['-0.000e5', '-0.0', '-0.0'],
    ['.5', '0.5', '0.5e0'],
    ['+3', '3.0', '0.3e1'],
    ['0.001', '0.001', '0.1e-2'],
    ['123456789e-5', '1234.56789', '0.123456789e4'],
    ['0.12345e3', '123.45', '0.12345e3'],
    ['1e-20', '0.00000000000000000001', '0.1e-19'],
    ['123456789012345678901234567890.5', '123456789012345678901234567890.5', '0.1234567890123456789012345678905e30'],
    ['NaN', 'NaN', 'NaN'],
    ['Infinity', 'Infinity', 'Infinity'],
    ['-Infinity', '-Infinity', '-Infinity'],
  ])('%s', (given, text, scientific) => {
    const decimal = new RubyDecimal(given)
    expect(String(decimal)).toBe(text)
    expect(decimal.scientific()).toBe(scientific)
    expect(JSON.stringify([decimal])).toBe(`["${text}"]`)
    expect(Object.is(Number(decimal), Number(given))).toBe(true)
  })

  it('takes numbers', () => {
    expect(String(new RubyDecimal(1e21))).toBe('1000000000000000000000.0')
    expect(String(new RubyDecimal(0.1))).toBe('0.1')
    expect(String(new RubyDecimal(-5n))).toBe('-5.0')
  })

  it('writes zeros up to a thousand, as Ruby does without end', () => {
    expect(String(new RubyDecimal('1e400'))).toBe(`1${'0'.repeat(400)}.0`)
    expect(String(new RubyDecimal('-1e-400'))).toBe(`-0.${'0'.repeat(399)}1`)
    expect(String(new RubyDecimal('1e1000'))).toBe(`1${'0'.repeat(1000)}.0`)
    expect(String(new RubyDecimal('1e1001'))).toBe('0.1e1002')
    expect(String(new RubyDecimal('1e-1003'))).toBe('0.1e-1002')
    expect(String(new RubyDecimal(`1e${Number.MAX_SAFE_INTEGER - 1}`))).toBe(`0.1e${Number.MAX_SAFE_INTEGER}`)
  })

  it('takes time that grows with the length only', () => {
    const started = performance.now()
    expect(new RubyDecimal(`1${'0'.repeat(200_000)}1`).digits).toHaveLength(200_002)
    expect(performance.now() - started).toBeLessThan(500)
  })

  it.each([
    '',
    'abc',
    '0x10',
    '1e5.5',
    '5.',
    '.',
    '-',
    '1 ',
    '1_000',
    'nan',
    '--1',
    'Infinityx',
    '1e99999999999999999',
  ])('refuses %j', (text) => {
    expect(() => new RubyDecimal(text)).toThrow(TypeError)
  })
})
