import { describe, expect, it } from 'vitest'
import { fold } from '../../../src/ruby/fold.ts'

describe('fold', () => {
  const sum = (value: unknown): number =>
    fold<number>(value, (each) =>
      Array.isArray(each)
        ? { children: each, build: (results) => results.reduce((a, b) => a + b, 0) }
        : { leaf: Number(each) },
    )

  it('makes a result of those of the parts', () => {
    expect(sum(5)).toBe(5)
    expect(sum([])).toBe(0)
    expect(sum([1, [2, [], [3, 4]], 5])).toBe(15)
  })

  it('visits from left to right, outer before inner', () => {
    const seen: unknown[] = []
    fold<null>([1, ['a', 'b'], 2], (each) => {
      seen.push(Array.isArray(each) ? 'array' : each)
      return Array.isArray(each) ? { children: each, build: () => null } : { leaf: null }
    })
    expect(seen).toEqual(['array', 1, 'array', 'a', 'b', 2])
  })

  it('does not recurse', () => {
    let deep: unknown = [1]
    for (let i = 0; i < 200_000; i++) deep = [deep, 1]
    expect(sum(deep)).toBe(200_001)
  })
})
