import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Effort } from './harness.ts'
import type { Measured } from './ratio.ts'

/**
 * Measures a case, by its name, in a process of its own: as in an application, all that runs there is of one configuration.
 * Null where it cannot be, since its cookies would be longer than browsers take.
 */
export async function measureCase(name: string, effort: Effort): Promise<Measured | null> {
  const child = fork(PROGRAM, [name, JSON.stringify(effort)])
  return new Promise((resolve, reject) => {
    child.once('message', (measured) => resolve(measured as Measured | null))
    // Comes after the message, if there was one.
    child.once('disconnect', () => reject(new Error(`${name}: nothing was measured`)))
  })
}

const PROGRAM = fileURLToPath(new URL('case-process.js', import.meta.url))
