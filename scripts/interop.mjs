// `npm run interop -- [--count N] [--rails 6.1|7.2] [--root DIR] [--seed S] [--backend native|node]`: random cookies go
// from a real Rails to us and back.
import { spawn } from 'node:child_process'
import { newest, root, tool } from './project.mjs'
import { report, run, tail } from './run.mjs'
import { setUp } from './setup.mjs'

const MAIN = 'build/__test__/interop/main.js'

process.exitCode = (await setUp()) && (await compile()) ? await exchange(process.argv.slice(2)) : 1

/** @returns {Promise<boolean>} */
async function compile() {
  const inputs = ['index.ts', 'src', '__test__/interop', '__test__/conformance', 'tsconfig.json', 'tsconfig.tools.json']
  if (newest([MAIN]) > newest(inputs)) return true
  const tsc = [process.execPath, tool('typescript', 'tsc'), '-p', 'tsconfig.tools.json', '--noEmitOnError']
  const outcome = await run(tsc)
  report('build interop', outcome.ok ? 'done' : 'FAILED', outcome.seconds)
  if (!outcome.ok) process.stdout.write(tail(outcome.output))
  return outcome.ok
}

/**
 * @param {readonly string[]} options handed on
 * @returns {Promise<number>} exit code
 */
function exchange(options) {
  const child = spawn(process.execPath, [MAIN, ...options], { cwd: root, stdio: 'inherit' })
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}
