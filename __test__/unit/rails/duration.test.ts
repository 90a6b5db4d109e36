import { describe, expect, it } from 'vitest'
import { parseDuration } from '../../../src/rails/duration.ts'

describe('parseDuration', () => {
  it.each<[unknown, number]>([
    ['1 second', 1],
    ['30 seconds', 30],
    ['1 minute', 60],
    ['2 hours', 7200],
    ['14 days', 1_209_600],
    ['2 weeks', 1_209_600],
    ['0014 days', 1_209_600],
    [1.5, 1.5],
    [94_672_800_000, 94_672_800_000],
  ])('%j', (given, seconds) => {
    expect(parseDuration(given)).toBe(seconds)
  })

  it.each([
    ['0 days'],
    ['-1 days'],
    ['1.5 hours'],
    ['1  day'],
    ['1 day '],
    ['days'],
    ['1 month'],
    ['1 DAY'],
    [''],
    ['3600'],
    ['999999999 weeks'],
    ['1234567890 seconds'],
    [0],
    [-1],
    [Number.NaN],
    [Infinity],
    [94_672_800_001],
    [null],
    [undefined],
    [10n],
    [new Date()],
    [{}],
  ])('refuses %o', (given) => {
    expect(parseDuration(given)).toBeNull()
  })
})
