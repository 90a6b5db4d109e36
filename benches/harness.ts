import { isDeepStrictEqual } from 'node:util'

/**
 * What a contender stands for. `ours`: this library as it is installed. `fallback`: this library on node:crypto.
 * `node`: hand-written node:crypto code; the fastest of a case is its "best node". `canonical`: what people write.
 * `thrown`: the same, throwing where it refuses. `aside`: what is worth a line of its own. `share`: a part of the work.
 * `base`: what is done without those that are compared with it.
 */
export type Role = 'base' | 'ours' | 'fallback' | 'node' | 'canonical' | 'thrown' | 'aside' | 'share'

/** One way to do the work of a case. */
export interface Contender {
  readonly name: string
  readonly role: Role
  /** Does the work once. `turn` counts up, to pick another input each time. */
  readonly run: (turn: number) => unknown
  /** What has to equal {@link Case.expected}, made of what `run` returned. Default: that itself. */
  readonly result?: (returned: unknown, turn: number) => unknown
}

/** Contenders that do the same work. */
export interface Case {
  readonly name: string
  /** Plain JSON data that each contender has to give for a turn; `share` contenders are not asked. */
  readonly expected: (turn: number) => unknown
  readonly contenders: readonly Contender[]
  /** What gave a wrong result and is not compared, each with the reason. */
  readonly excluded?: readonly string[]
}

/** Nanoseconds for one run of a contender: the fastest round, the first quartile of the rounds, and the median. */
export interface Timing {
  readonly name: string
  readonly role: Role
  readonly min: number
  readonly p25: number
  readonly median: number
  /** By round: what was measured at the same time stands at the same place. */
  readonly rounds: readonly number[]
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number
  /** Time of one contender in one round, about. */
  readonly milliseconds: number
}

/**
 * Measures the contenders of a case in turns, in one process: what disturbs the machine disturbs all of them. Each
 * round starts with another contender. Throws when one gives another result than the others, before or after.
 *
 * The fallback comes after all others, since no application has two backends: the compiler would make the library's code
 * for both of them.
 */
export function measure(measured: Case, effort: Effort): readonly Timing[] {
  const { contenders } = measured
  const fallback = contenders.filter(({ role }) => role === 'fallback')
  const others = contenders.filter(({ role }) => role !== 'fallback')
  return [others, fallback].flatMap((together) => inTurns({ ...measured, contenders: together }, effort))
}

function inTurns({ name, expected, contenders }: Case, { rounds, milliseconds }: Effort): readonly Timing[] {
  const check = (): void => {
    for (const contender of contenders) assertEqualResults(name, contender, expected)
  }
  check()
  warmUp(contenders, milliseconds)
  const runs = contenders.map((contender) => calibrate(contender, milliseconds))
  const times = contenders.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (let step = 0; step < contenders.length; step++) {
      const index = (round + step) % contenders.length
      times[index]!.push(time(contenders[index]!, runs[index]!))
    }
  }
  check()
  return contenders.map((contender, index) => {
    const sorted = times[index]!.toSorted((a, b) => a - b)
    const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)]!
    return {
      name: contender.name,
      role: contender.role,
      min: at(0),
      p25: at(0.25),
      median: at(0.5),
      rounds: times[index]!,
    }
  })
}

function assertEqualResults(name: string, contender: Contender, expected: Case['expected']): void {
  if (contender.role === 'share') return
  // A contender that derives keys takes a millisecond a turn, so not all turns there are.
  for (const turn of [0, 1, 31, 63]) {
    const returned = contender.run(turn)
    const result = contender.result === undefined ? returned : contender.result(returned, turn)
    if (!isDeepStrictEqual(plain(result), plain(expected(turn)))) {
      throw new Error(`${name}: ${contender.name} gives another result than was expected in turn ${turn}`)
    }
  }
}

/** The same data in objects with a prototype. */
function plain(data: unknown): unknown {
  return data === undefined ? undefined : JSON.parse(JSON.stringify(data))
}

/**
 * Runs all contenders in turns until the compiler has seen what the case is made of. It works on another thread, so
 * that on a busy machine the first rounds would still run what it made for the case before.
 */
function warmUp(contenders: readonly Contender[], milliseconds: number): void {
  for (let pass = 0; pass < 8; pass++) {
    for (const { run } of contenders) {
      const end = performance.now() + 3 * milliseconds
      for (let turn = 0; performance.now() < end; turn++) sink = run(turn)
    }
  }
}

/** How many runs take about as long as asked for. */
function calibrate(contender: Contender, milliseconds: number): number {
  const target = milliseconds * 1e6
  let runs = 1
  let took = time(contender, runs) * runs
  while (took < target / 2) {
    runs = Math.ceil(runs * Math.min(10, Math.max(1.5, target / took)))
    took = time(contender, runs) * runs
  }
  return Math.max(1, Math.round((runs * target) / took))
}

/** Nanoseconds for one run, over many. */
function time({ run }: Contender, runs: number): number {
  const start = process.hrtime.bigint()
  for (let turn = 0; turn < runs; turn++) sink = run(turn)
  return Number(process.hrtime.bigint() - start) / runs
}

/** Keeps results from being optimised away. */
export let sink: unknown
