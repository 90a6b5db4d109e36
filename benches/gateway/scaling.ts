// oxlint-disable no-await-in-loop -- things that are measured must not overlap
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { FormatName } from '../formats.ts'
import type { Mode } from './modes.ts'

/** How much more two threads open than one. */
export interface Scaling {
  readonly mode: Mode
  /** Cookies opened in a millisecond in the best round: by one thread alone, and by two at the same time. */
  readonly one: number
  readonly two: number
  /** Of the two: 2 at best, and only where both cores are free. */
  readonly ratio: number
}

/** Opens cookies in one thread and in two, in turns. */
export async function measureScaling(mode: Mode, formatName: FormatName, rounds: number): Promise<Scaling> {
  const thread = (): Worker => new Worker(new URL('thread.js', import.meta.url), { workerData: { mode, formatName } })
  const threads = [thread(), thread()]
  try {
    await Promise.all(threads.map((each) => rate(each, 500)))
    let one = 0
    let two = 0
    for (let round = 0; round < rounds; round++) {
      one = Math.max(one, await rate(threads[round % 2]!, MILLISECONDS))
      const [a = 0, b = 0] = await Promise.all(threads.map((each) => rate(each, MILLISECONDS)))
      two = Math.max(two, a + b)
    }
    return { mode, one, two, ratio: two / one }
  } finally {
    await Promise.all(threads.map((each) => each.terminate()))
  }
}

async function rate(thread: Worker, milliseconds: number): Promise<number> {
  const answer = once(thread, 'message')
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  thread.postMessage(milliseconds)
  const [opened] = (await answer) as [number]
  return opened
}

const MILLISECONDS = 100
