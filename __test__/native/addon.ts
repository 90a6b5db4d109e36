import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type * as Addon from '#native'

/** The generated loader, for child processes and worker threads: they cannot load TypeScript. */
export const LOADER: string = fileURLToPath(new URL('../../native/index.cjs', import.meta.url))

/** The addon itself, below `src/backend/native.ts`. */
export const addon: typeof Addon = createRequire(import.meta.url)('#native')

/** What a child process left. `code` is null when a signal ended it, as a crash does. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a CommonJS script in a Node.js of its own. `addon` is the addon there, `process.argv[1]` the first argument. */
export function runScript(script: string, args: readonly string[] = [], flags: readonly string[] = []): Promise<Ended> {
  const source = `const LOADER = ${JSON.stringify(LOADER)}; const addon = require(LOADER); ${script}`
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...flags, '-e', source, ...args], (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr })
    })
  })
}
