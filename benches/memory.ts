import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** How much memory a process had gained after many opens and seals. */
export interface Growth {
  /** Opens, each with its data read, and as many seals. */
  readonly rounds: number
  /** Of the resident memory, both times after garbage was collected. */
  readonly megabytes: number
}

/** Opens and seals in a process of its own, after as many to warm up as memory takes to settle. */
export async function memoryGrowth(rounds: number): Promise<Growth> {
  const program = fileURLToPath(new URL('memory-process.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, String(rounds)])
  return { rounds, megabytes: Number(stdout) }
}
