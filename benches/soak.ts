import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import process from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createRails, type SessionData } from '../index.ts'
import { corpus } from './corpus.ts'
import { cookiesOf, FORMATS } from './formats.ts'

/** What many opens and seals leave behind in a process. Sizes in megabytes, after garbage was collected. */
export interface Soak {
  readonly calls: number
  readonly seconds: number
  /** Of the resident memory, of the heap, and of memory outside of it. */
  readonly growth: { readonly rss: number; readonly heapUsed: number; readonly external: number }
  /** Share of the time that the garbage collector took, in percent. */
  readonly collecting: number
  /** Milliseconds for which the event loop waited at most, for {@link CALLS_PER_TURN} calls a turn. */
  readonly longestBlock: number
}

/** Opens and seals cookies of all formats and sizes, good and bad, after as many to warm up as memory takes to settle. */
export async function soak(count: number): Promise<Soak> {
  const steps = works()
  const loop = async (calls: number): Promise<void> => {
    for (let call = 0; call < calls;) {
      const end = Math.min(calls, call + CALLS_PER_TURN)
      for (; call < end; call++) steps[call % steps.length]!(call)
      // oxlint-disable-next-line no-await-in-loop -- the event loop shall have its turn
      await new Promise(setImmediate)
    }
  }
  await loop(Math.max(100_000, count / 10))

  let collecting = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collecting += duration
  })
  const before = await settled()
  observer.observe({ entryTypes: ['gc'] })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const start = performance.now()
  await loop(count)
  const took = performance.now() - start
  delay.disable()
  await new Promise((resolve) => setTimeout(resolve, 50))
  observer.disconnect()
  const after = await settled()

  const growth = (name: keyof NodeJS.MemoryUsage): number => (after[name] - before[name]) / MEGABYTE
  return {
    calls: count,
    seconds: took / 1000,
    growth: { rss: growth('rss'), heapUsed: growth('heapUsed'), external: growth('external') },
    collecting: (100 * collecting) / took,
    longestBlock: delay.max / 1e6,
  }
}

/** One call each: opening with its data or a key of it, opening what is damaged, sealing. */
function works(): ReadonlyArray<(turn: number) => void> {
  const samples = corpus()
  return FORMATS.flatMap((format) => {
    const { session } = createRails({ ...format.rails, backend: 'native' })
    return samples.flatMap((sample) => {
      const { sessions, bytes } = sample
      const cookies = cookiesOf(format, sample)
      const damaged = cookies.map((cookie) => `${cookie.slice(0, -6)}AAAAAA`)
      const pick = <Each>(list: readonly Each[], turn: number): Each => list[turn % list.length]!
      const isShort = bytes < LONGEST_SEALED
      return [
        (turn: number) => keep(dataOf(session.open(pick(cookies, turn)))),
        (turn: number) => keep(session.open(pick(damaged, turn))),
        (turn: number) => {
          const opened = session.open(pick(cookies, turn))
          keep(opened.ok && opened.get('session_id'))
        },
        (turn: number) => keep(isShort ? session.seal(pick(sessions, turn)) : session.open(pick(cookies, turn))),
      ]
    })
  })
}

function keep(value: unknown): void {
  kept = value
}

function dataOf(opened: { readonly ok: boolean; readonly data?: SessionData }): unknown {
  return opened.data
}

/** The memory in use when all garbage is gone. */
async function settled(): Promise<NodeJS.MemoryUsage> {
  for (let i = 0; i < 5; i++) {
    collect()
    // oxlint-disable-next-line no-await-in-loop -- what is freed late is freed in between
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return process.memoryUsage()
}

const MEGABYTE = 2 ** 20
export const CALLS_PER_TURN = 100
/** Keeps results from being optimised away. */
export let kept: unknown
/** Bytes of the largest session of which every format makes a cookie that browsers take. */
const LONGEST_SEALED = 2000
const collect = (() => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
})()
