import { describe, expect, it } from 'vitest'
import { allCases } from '../../../benches/cases/all.ts'
import { CASE_GOALS, type Goal, quantity, reaches } from '../../../benches/goals.ts'
import { judge, median } from '../../../benches/ratio.ts'

describe('goals', () => {
  const names = new Set(allCases().map(({ name }) => name))

  it.each(CASE_GOALS)('are of cases that are measured: $name', ({ name, must, goal }) => {
    expect(names).toContain(name)
    expect(goal).toBeGreaterThan(must)
  })

  it('are least ratios and most of everything else', () => {
    const ratio: Goal = { name: 'open', must: 5, goal: 10, unit: 'x' }
    const share: Goal = { name: 'share', must: 25, goal: 10, unit: '%' }
    expect([4.9, 5, 10].map((value) => reaches(value, ratio, 'must'))).toEqual([false, true, true])
    expect([26, 25, 10].map((value) => reaches(value, share, 'goal'))).toEqual([false, false, true])
    expect([quantity(4.917, ratio), quantity(16.4, share)]).toEqual(['4.92x', '16 %'])
  })
})

describe('ratios', () => {
  const timing = (name: string, role: 'ours' | 'node', rounds: readonly number[]) => ({
    name,
    role,
    rounds,
    min: Math.min(...rounds),
    p25: 0,
    median: median(rounds),
  })

  it('are to the fastest contender, of rounds measured together', () => {
    const timings = [
      timing('ours', 'ours', [10, 30, 11]),
      timing('slow', 'node', [90, 270, 99]),
      timing('fast', 'node', [50, 180, 55]),
    ]
    const { ratio, thrown } = judge({ name: 'open', expected: () => null, contenders: [] }, timings)
    expect(ratio).toEqual({ contender: 'fast', min: 5, median: 5 })
    expect(thrown).toBeNull()
  })
})
