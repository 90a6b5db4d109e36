import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { MEMORY_GOALS, reaches } from './goals.ts'
import { CALLS_PER_TURN, type Soak } from './soak.ts'

/** Opens and seals in a process of its own. */
export async function measureMemory(calls: number): Promise<Soak> {
  const program = fileURLToPath(new URL('memory-process.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program, String(calls)])
  return JSON.parse(stdout) as Soak
}

/** `npm run bench -- memory`: prints what so many calls leave behind; false if that is more than may be. */
export async function reportMemory(calls: number): Promise<boolean> {
  const { seconds, growth, collecting, longestBlock } = await measureMemory(calls)
  const isWithin = MEMORY_GOALS.every((goal) => reaches(growth.rss, goal, 'must')) && growth.external < MOST_EXTERNAL
  const sizes = Object.entries(growth).map(([name, size]) => `${name} ${size.toFixed(2)} MB`)
  for (const line of [
    `${calls} opens and seals in ${seconds.toFixed(1)} s, ${((seconds * 1e6) / calls).toFixed(2)} µs each`,
    `growth: ${sizes.join(', ')}`,
    `garbage collection: ${collecting.toFixed(2)} % of the time`,
    `longest block of the event loop: ${longestBlock.toFixed(1)} ms, of ${CALLS_PER_TURN} calls a turn`,
    `${isWithin ? 'ok' : 'not ok'} memory`,
  ]) {
    process.stdout.write(`${line}\n`)
  }
  return isWithin
}

const MOST_EXTERNAL = 1
