import { describe, expect, it } from 'vitest'
import { RubyFloat } from '../../../src/ruby/float.ts'

describe('RubyFloat', () => {
  it('is a number wherever JavaScript wants one', () => {
    const float = new RubyFloat(1.5)
    expect(float.value).toBe(1.5)
    expect(Number(float) + 1).toBe(2.5)
    expect(`${float}`).toBe('1.5')
    expect(JSON.stringify([float])).toBe('[1.5]')
  })

  it('keeps negative zero, infinities and NaN', () => {
    for (const value of [-0, Number.POSITIVE_INFINITY, Number.NaN]) expect(new RubyFloat(value).value).toBe(value)
  })

  it('cannot be changed', () => {
    const float = new RubyFloat(1) as { value: number }
    expect(() => {
      float.value = 2
    }).toThrow(TypeError)
    expect(float.value).toBe(1)
  })

  it.each([['1'], [1n], [null], [undefined], [{}]])('refuses %s', (value) => {
    expect(() => new RubyFloat(value as unknown as number)).toThrow(TypeError)
  })
})
