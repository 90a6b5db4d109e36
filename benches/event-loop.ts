import { createRails, createRailsAsync } from '../src/rails/rails.ts'
import { isSealable } from './cases/seal.ts'
import { corpus, type Sample } from './corpus.ts'
import { cookiesOf, type Format, FORMATS } from './formats.ts'

/** How long the event loop waits, at most, for one call of a kind. */
export interface Block {
  readonly work: 'open' | 'seal' | 'derive'
  readonly milliseconds: number
}

/**
 * The longest call there is with the largest sessions of the corpus in any format, and the longest turn of the event
 * loop while keys are derived. Of each call the fastest of several is taken: a slower one is the work of others.
 */
export async function longestBlocks(): Promise<readonly Block[]> {
  return [
    { work: 'open', milliseconds: longest(opens()) },
    { work: 'seal', milliseconds: longest(seals()) },
    { work: 'derive', milliseconds: await longestTurn() },
  ]
}

function* opens(): Generator<() => unknown> {
  for (const format of FORMATS) {
    const { session } = createRails({ ...format.rails, backend: 'native' })
    for (const sample of largest()) {
      for (const cookie of cookiesOf(format, sample)) {
        yield () => {
          const opened = session.open(cookie)
          return opened.ok && opened.data
        }
      }
    }
  }
}

function* seals(): Generator<() => unknown> {
  for (const format of FORMATS) {
    const { session } = createRails({ ...format.rails, backend: 'native' })
    for (const sample of largest((each) => isSealable(format, each))) {
      for (const data of sample.sessions) yield () => session.seal(data)
    }
  }
}

function longest(calls: Iterable<() => unknown>): number {
  return Math.max(...Array.from(calls, fastestOf))
}

function fastestOf(call: () => unknown): number {
  let fastest = Infinity
  for (let turn = 0; turn < CALLS; turn++) {
    const start = performance.now()
    call()
    fastest = Math.min(fastest, performance.now() - start)
  }
  return fastest
}

/** Each time with another secret, so that no key is known. */
async function longestTurn(): Promise<number> {
  const [format] = FORMATS as readonly [Format]
  let fastest = Infinity
  for (let index = 0; index < DERIVATIONS; index++) {
    const secretKeyBase = `${index} event loop `.repeat(10)
    // oxlint-disable-next-line no-await-in-loop -- one derivation at a time is what is measured
    const turn = await longestTurnWhile(() => createRailsAsync({ ...format.rails, secretKeyBase }))
    fastest = Math.min(fastest, turn)
  }
  return fastest
}

async function longestTurnWhile(start: () => Promise<unknown>): Promise<number> {
  const work = { isDone: false }
  let longestSoFar = 0
  let last = performance.now()
  void start().finally(() => (work.isDone = true))
  while (!work.isDone) {
    // oxlint-disable-next-line no-await-in-loop -- a turn of the event loop
    await new Promise(setImmediate)
    const now = performance.now()
    longestSoFar = Math.max(longestSoFar, now - last)
    last = now
  }
  return longestSoFar
}

/** All samples of the largest size that can be used. */
function largest(isUsable: (sample: Sample) => boolean = () => true): readonly Sample[] {
  const usable = corpus().filter(isUsable)
  const most = Math.max(...usable.map(({ bytes }) => bytes))
  return usable.filter(({ bytes }) => bytes === most)
}

const CALLS = 40
const DERIVATIONS = 40
