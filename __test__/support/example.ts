import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { SECRET } from './application.ts'
import type { Running } from './running.ts'

/** Starts a program of `examples/` with {@link SECRET}, on a port that is free, and waits for the address that it prints. */
export async function startExample(name: string): Promise<Running> {
  const script = fileURLToPath(new URL(`../../examples/${name}.mjs`, import.meta.url))
  const env = { ...process.env, SECRET_KEY_BASE: SECRET, PORT: '0' }
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  // Also if it never prints one.
  process.once('exit', () => child.kill())
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  return { url: line.trim(), stop: () => void child.kill() }
}
