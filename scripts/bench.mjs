// `npm run bench -- [WORD …] [--json FILE]`: measures the cases that have all the words in their names.
import { spawn } from 'node:child_process'
import { newest, oldest, root, tool } from './project.mjs'
import { report, run, tail } from './run.mjs'
import { setUp } from './setup.mjs'

process.exitCode = (await setUp()) && (await compile()) ? await measure(process.argv.slice(2)) : 1

/** @returns {Promise<boolean>} */
async function compile() {
  const inputs = ['src', 'benches', 'tsconfig.json', 'tsconfig.tools.json', 'native/index.d.cts']
  const needed = ['build/src', 'build/benches']
  const ages = needed.map((folder) => oldest([folder], (name) => name.endsWith('.js')))
  if (Math.min(...ages) > newest(inputs)) return true
  const outcome = await run([process.execPath, tool('typescript', 'tsc'), '-p', 'tsconfig.tools.json'])
  report('build benches', outcome.ok ? 'done' : 'FAILED', outcome.seconds)
  if (!outcome.ok) process.stdout.write(tail(outcome.output))
  return outcome.ok
}

/**
 * @param {readonly string[]} options handed on
 * @returns {Promise<number>} exit code
 */
function measure(options) {
  const child = spawn(process.execPath, ['build/benches/main.js', ...options], { cwd: root, stdio: 'inherit' })
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}
