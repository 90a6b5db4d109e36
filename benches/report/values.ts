import { ADAPTER_GOALS, CASE_GOALS, EVENT_LOOP_GOALS, GATEWAY_GOALS, type Goal, MEMORY_GOALS } from '../goals.ts'
import { addedToBase } from '../ratio.ts'
import type { Results } from './collect.ts'

/** A row of the goals with what was measured. */
export interface Judged {
  readonly goal: Goal
  readonly value: number
}

/** What was measured for each row of the goals; ratios are medians of those of single rounds. */
export function judged(results: Results): readonly Judged[] {
  return [...CASE_GOALS, ...ADAPTER_GOALS, ...GATEWAY_GOALS, ...EVENT_LOOP_GOALS, ...MEMORY_GOALS].map((goal) => ({
    goal,
    value: valueOf(goal, results),
  }))
}

function valueOf({ name, against }: Goal, { cases, gateway, blocks, memory }: Results): number {
  const [what, which, ...more] = name.split(' ')
  switch (what) {
    case 'gateway': {
      const { modes } = gateway.find(({ framework, format }) => framework === which && format === 'gcm+envelope')!
      return more.length === 0
        ? modes.find(({ mode }) => mode === 'node')!.ratio
        : 100 * modes.find(({ mode }) => mode === 'ours')!.sessionShare
    }
    case 'adapter':
      return addedToBase(cases.find((each) => each.name.startsWith('adapter '))!.timings).get(which!)! / 1000
    case 'event':
      return blocks.find(({ work }) => work === more[0])!.milliseconds
    case 'memory':
      return memory.growth.rss
    default: {
      const measured = cases.find((each) => each.name === name)!
      return (against === 'thrown' ? measured.thrown : measured.ratio)!.median
    }
  }
}
