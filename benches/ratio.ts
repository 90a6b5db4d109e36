import type { Case, Role, Timing } from './harness.ts'

/** What was measured of one case. */
export interface Measured {
  readonly name: string
  readonly timings: readonly Timing[]
  /** To best node; null where a case has no such contender. */
  readonly ratio: Ratio | null
  /** To the fastest contender that throws where it refuses; null where none does. */
  readonly thrown: Ratio | null
  readonly excluded: readonly string[]
}

/** How many times as long as the library the fastest contender takes. */
export interface Ratio {
  /** The contender with the fastest round. */
  readonly contender: string
  /** Of the fastest rounds. */
  readonly min: number
  /** Median of the ratios of single rounds: what disturbs a round disturbs both sides of it. */
  readonly median: number
}

/** Puts the ratios beside the timings. */
export function judge({ name, excluded = [] }: Case, timings: readonly Timing[]): Measured {
  return { name, timings, ratio: ratioTo('node', timings), thrown: ratioTo('thrown', timings), excluded }
}

/** The fastest contender of a role, by its fastest round. */
export function fastest(timings: readonly Timing[], role: Role): Timing | undefined {
  return timings.filter((timing) => timing.role === role).toSorted((a, b) => a.min - b.min)[0]
}

/** What each takes longer than the base, in nanoseconds of the fastest rounds. */
export function addedToBase(timings: readonly Timing[]): ReadonlyMap<string, number> {
  const base = timings.find(({ role }) => role === 'base')!
  return new Map(timings.filter((timing) => timing !== base).map(({ name, min }) => [name, min - base.min]))
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[(sorted.length - 1) >> 1] ?? Number.NaN
}

function ratioTo(role: Role, timings: readonly Timing[]): Ratio | null {
  const ours = timings.find((timing) => timing.role === 'ours')
  const others = timings.filter((timing) => timing.role === role)
  const best = fastest(others, role)
  if (ours === undefined || best === undefined) return null
  // The contender that is the best one of most rounds need not have the fastest.
  const medians = others.map(({ rounds }) => median(rounds.map((time, round) => time / ours.rounds[round]!)))
  return { contender: best.name, min: best.min / ours.min, median: Math.min(...medians) }
}
