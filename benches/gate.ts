// oxlint-disable no-await-in-loop -- things that are measured must not overlap
import { allCases } from './cases/all.ts'
import { longestBlocks } from './event-loop.ts'
import { measureGateway } from './gateway/measure.ts'
import type { Framework } from './gateway/process.ts'
import {
  ADAPTER_GOALS,
  CASE_GOALS,
  EVENT_LOOP_GOALS,
  GATEWAY_GOALS,
  type Goal,
  MEMORY_GOALS,
  quantity,
  reaches,
} from './goals.ts'
import { measure } from './harness.ts'
import { measureMemory } from './memory.ts'
import { addedToBase, judge } from './ratio.ts'

/**
 * Measures every row of the goals whose name has all these words, a short time each, and prints a line for it: `ok`
 * when it is as good as what is held, `not ok` otherwise, and says so if that is below what it must be. A row that fails by little is measured again, longer, before it
 * counts. Returns the exit code.
 */
export async function gate(words: readonly string[]): Promise<number> {
  let passed = 0
  let failed = 0
  for (const { goals, measured } of measurements()) {
    const wanted = goals.filter(({ name }) => words.every((word) => ` ${name} `.includes(` ${word} `)))
    if (wanted.length === 0) continue
    let values = await measured(SHORT)
    if (wanted.some((goal) => failsByLittle(values[goal.name]!, goal))) values = await measured(LONG)
    for (const goal of wanted) {
      const isHeld = reaches(values[goal.name]!, goal, 'held')
      if (isHeld) passed += 1
      else failed += 1
      process.stdout.write(`${isHeld ? 'ok' : 'not ok'} ${verdict(values[goal.name]!, goal)}\n`)
    }
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return failed === 0 && passed > 0 ? 0 : 1
}

/** How thorough a measurement is. */
interface Thoroughness {
  readonly rounds: number
  readonly milliseconds: number
  readonly gatewayRounds: number
  readonly requests: number
  readonly memoryCalls: number
}

const SHORT: Thoroughness = { rounds: 15, milliseconds: 2.5, gatewayRounds: 9, requests: 1000, memoryCalls: 200_000 }
const LONG: Thoroughness = { rounds: 41, milliseconds: 4, gatewayRounds: 15, requests: 2000, memoryCalls: 1_000_000 }

/** Something that is measured at once, and the rows that it gives a value for. */
interface Measurement {
  readonly goals: readonly Goal[]
  readonly measured: (how: Thoroughness) => Promise<Readonly<Record<string, number>>>
}

function measurements(): Measurement[] {
  return [
    ...CASE_GOALS.map((goal): Measurement => ({
      goals: [goal],
      measured: (how) => Promise.resolve({ [goal.name]: ratioOf(goal, how) }),
    })),
    ...(['http', 'fastify'] as const).map((framework): Measurement => ({
      goals: GATEWAY_GOALS.filter(({ name }) => name.split(' ')[1] === framework),
      measured: (how) => gateway(framework, how),
    })),
    { goals: ADAPTER_GOALS, measured: (how) => Promise.resolve(adapters(how)) },
    { goals: EVENT_LOOP_GOALS, measured: eventLoop },
    { goals: MEMORY_GOALS, measured: async (how) => ({ memory: (await measureMemory(how.memoryCalls)).growth.rss }) },
  ]
}

/** The median of the rounds' ratios; only the library and whom it is compared with run. */
function ratioOf({ name, against = 'node' }: Goal, how: Thoroughness): number {
  const made = allCases()
    .find((planned) => planned.name === name)
    ?.make()
  if (!made) throw new Error(`gate: there is no case ${name}`)
  const contenders = made.contenders.filter(({ role }) => role === 'ours' || role === against)
  const { ratio, thrown } = judge(made, measure({ ...made, contenders }, how))
  return (against === 'thrown' ? thrown : ratio)!.median
}

/** In microseconds. */
function adapters(how: Thoroughness): Record<string, number> {
  const made = allCases()
    .find(({ name }) => name.startsWith('adapter '))!
    .make()!
  const added = addedToBase(measure(made, how))
  return Object.fromEntries([...added].map(([name, more]) => [`adapter ${name}`, more / 1000]))
}

async function gateway(framework: Framework, how: Thoroughness): Promise<Record<string, number>> {
  const { gatewayRounds: rounds, requests } = how
  const { modes } = await measureGateway({ framework, format: 'gcm+envelope', modes: ['node'], rounds, requests })
  const ours = modes.find(({ mode }) => mode === 'ours')!
  const node = modes.find(({ mode }) => mode === 'node')!
  return {
    [`gateway ${framework}`]: node.ratio,
    [`gateway ${framework} session share`]: 100 * ours.sessionShare,
  }
}

async function eventLoop(): Promise<Record<string, number>> {
  const blocks = await longestBlocks()
  return Object.fromEntries(blocks.map(({ work, milliseconds }) => [`event loop ${work}`, milliseconds]))
}

/** By less than what other work on the machine explains. */
function failsByLittle(value: number, goal: Goal): boolean {
  const leniency = goal.unit === 'x' ? 0.7 : 2
  const held = leniency * (goal.held ?? goal.must)
  return !reaches(value, goal, 'held') && reaches(value, { ...goal, held }, 'held')
}

function verdict(value: number, goal: Goal): string {
  const isGoal = reaches(value, goal, 'goal')
    ? ', reached'
    : reaches(value, goal, 'must')
      ? ''
      : ', BELOW WHAT IT MUST BE'
  const bounds = `must ${goal.must} ${goal.unit}, goal ${goal.goal} ${goal.unit}${isGoal}`.replaceAll(' x', 'x')
  return `${`${goal.name}:`.padEnd(36)}${quantity(value, goal).padStart(8)}  (${bounds})`
}
