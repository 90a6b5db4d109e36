import type { FormatName } from './formats.ts'

/** A number that a measurement has to reach, and one that it should. */
export interface Goal {
  /** Name of the case or of another measurement. */
  readonly name: string
  readonly must: number
  readonly goal: number
  /** What the gate holds instead of `must`, where that is not reached yet, or not surely on a machine with other work. */
  readonly held?: number
  /** A ratio `x` is at least what it must be; everything else is at most. */
  readonly unit: 'x' | '%' | 'µs' | 'ms' | 'MB'
  /** Whom a case is compared with. Default `node`. */
  readonly against?: 'node' | 'thrown'
}

const ENCRYPTED: readonly FormatName[] = ['gcm', 'gcm+envelope', 'cbc']

/** Ratios to best node in the cases of `npm run bench`. */
export const CASE_GOALS: readonly Goal[] = [
  ...ratios('open', ENCRYPTED, '60', 8, 15, 6.5),
  ...ratios('open', ['gcm', 'gcm+envelope'], '250', 5, 10, 4.2),
  ...ratios('open', ['cbc'], '250', 5, 8, 4.2),
  ...['1024', '1024 string-heavy'].flatMap((sample) => ratios('open', ENCRYPTED, sample, 2, 5)),
  ...['2560', '2560 string-heavy'].flatMap((sample) => [
    ...ratios('open', ['gcm', 'gcm+envelope'], sample, 2, 4),
    ...ratios('open', ['cbc'], sample, 1.8, 3, 1.6),
  ]),
  ...ratios('open+get', ENCRYPTED, '250', 8, 12, 6.5),
  ...ratios('open+get', ['gcm'], '2560', 6, 10, 5),
  ...ratios('open+get', ['cbc'], '2560', 4, 5.5, 3.4),
  ...ratios('seal', ENCRYPTED, '250', 3, 5, 2.6),
  ...ratios('reject', ['gcm', 'gcm+envelope'], '250', 10, 20),
  ...ratios('reject', ['cbc', 'signed'], '250', 10, 20).map((goal): Goal => ({ ...goal, against: 'thrown' })),
  ...ratios('marshal', ENCRYPTED, '250', 4, 8),
  { name: 'derive SHA1 64', must: 2, goal: 6, unit: 'x' },
]

/** Server CPU per request of best node over ours, and the session's part in ours, for each framework. */
export const GATEWAY_GOALS: readonly Goal[] = ['http', 'fastify'].flatMap((framework): Goal[] => [
  { name: `gateway ${framework}`, must: 1.5, goal: 2.5, held: 1.3, unit: 'x' },
  { name: `gateway ${framework} session share`, must: 25, goal: 10, unit: '%' },
])

/** What an adapter adds to opening a session and reading one key of it. */
export const ADAPTER_GOALS: readonly Goal[] = ['node', 'express', 'fastify'].map((adapter) => ({
  name: `adapter ${adapter}`,
  must: 1,
  goal: 0.2,
  unit: 'µs',
}))

/** How long the event loop waits for one call. */
export const EVENT_LOOP_GOALS: readonly Goal[] = ['open', 'seal', 'derive'].map((work) => ({
  name: `event loop ${work}`,
  must: 1,
  goal: 0.1,
  unit: 'ms',
}))

/** Growth of the resident memory. */
export const MEMORY_GOALS: readonly Goal[] = [{ name: 'memory', must: 5, goal: 0, unit: 'MB' }]

/** Whether a measured value is as good as one of the three. */
export function reaches(value: number, goal: Goal, which: 'must' | 'goal' | 'held'): boolean {
  const bound = goal[which] ?? goal.must
  return goal.unit === 'x' ? value >= bound : value <= bound
}

/** A value with its unit. */
export function quantity(value: number, { unit }: Pick<Goal, 'unit'>): string {
  if (unit === 'x') return `${value.toFixed(value < 10 ? 2 : 1)}x`
  return `${unit === '%' ? value.toFixed(0) : value.toPrecision(2)} ${unit}`
}

function ratios(
  what: string,
  formats: readonly FormatName[],
  sample: string,
  must: number,
  goal: number,
  held: number = must,
): Goal[] {
  return formats.map((format) => ({ name: `${what} ${format} ${sample}`, must, goal, held, unit: 'x' }))
}
