import type { Backend } from '../../src/backend/backend.ts'
import type { Rule } from './rules.ts'
import { judgeFile, type Records } from './judge.ts'
import type { Verdict, Written } from './verdict.ts'
import type { VectorFile } from './vectors.ts'

/** How many cases came out how. */
export interface Tally {
  passed: number
  failed: number
  deviating: number
  unsupported: number
}

/** What came out of one file on one backend. */
export interface FileResult {
  readonly file: VectorFile
  readonly verdicts: readonly Verdict[]
  readonly tally: Tally
}

/** What came out of all files on one backend. */
export interface Result {
  readonly backend: 'native' | 'node'
  readonly files: readonly FileResult[]
  readonly tally: Tally
  /** Number of cases excused by each rule; a case may need two. */
  readonly rules: ReadonlyMap<Rule, number>
  /** Number of cases by what they wait for. */
  readonly unsupported: ReadonlyMap<string, number>
  /** Number of things written again exactly as Rails wrote them. */
  readonly written: ReadonlyMap<Written, number>
  readonly seconds: number
}

/** Judges all files on one backend. */
export function run(backend: Backend, files: readonly VectorFile[], records: Records): Result {
  const start = performance.now()
  const results = files.map((file): FileResult => {
    const verdicts = judgeFile(backend, file, records)
    return { file, verdicts, tally: tallyOf(verdicts.map(({ status }) => status)) }
  })
  const verdicts = results.flatMap((result) => result.verdicts)
  return {
    backend: backend.name,
    files: results,
    tally: tallyOf(verdicts.map(({ status }) => status)),
    rules: counted(verdicts.flatMap(({ rules }) => rules)),
    unsupported: counted(verdicts.filter(({ status }) => status === 'unsupported').map(({ why }) => why)),
    written: counted(verdicts.flatMap(({ written }) => written)),
    seconds: (performance.now() - start) / 1000,
  }
}

/** One tally for several backends: each case counts once, by the worst that became of it. */
export function merge(results: readonly Result[]): Tally {
  const [first] = results
  if (first === undefined) return tallyOf([])
  return tallyOf(
    first.files.flatMap((file, f) =>
      file.verdicts.map((_, v) => {
        const found = new Set(results.map((result) => result.files[f]!.verdicts[v]!.status))
        return WORST_FIRST.find((status) => found.has(status))!
      }),
    ),
  )
}

function tallyOf(statuses: ReadonlyArray<keyof Tally>): Tally {
  const tally = { passed: 0, failed: 0, deviating: 0, unsupported: 0 }
  for (const status of statuses) tally[status] += 1
  return tally
}

function counted<T>(things: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>()
  for (const thing of things) counts.set(thing, (counts.get(thing) ?? 0) + 1)
  return counts
}

const WORST_FIRST: ReadonlyArray<keyof Tally> = ['failed', 'deviating', 'passed', 'unsupported']
