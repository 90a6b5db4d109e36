// `npm run conformance -- [DIR] [--json] [--backend native|node]`: answers the recorded cases of every Rails.
import { spawn } from 'node:child_process'
import { newest, oldest, root, tool } from './project.mjs'
import { report, run, tail } from './run.mjs'
import { setUp } from './setup.mjs'

process.exitCode = (await setUp()) && (await compile()) ? await answer(process.argv.slice(2)) : 1

/** @returns {Promise<boolean>} */
async function compile() {
  const inputs = ['src', '__test__/conformance', 'tsconfig.json', 'tsconfig.tools.json', 'native/index.d.cts']
  const ages = ['build/src', 'build/__test__/conformance'].map((folder) =>
    oldest([folder], (name) => name.endsWith('.js')),
  )
  if (Math.min(...ages) > newest(inputs)) return true
  const outcome = await run([process.execPath, tool('typescript', 'tsc'), '-p', 'tsconfig.tools.json'])
  report('build conformance', outcome.ok ? 'done' : 'FAILED', outcome.seconds)
  if (!outcome.ok) process.stdout.write(tail(outcome.output))
  return outcome.ok
}

/**
 * @param {readonly string[]} options handed on
 * @returns {Promise<number>} exit code
 */
function answer(options) {
  const script = 'build/__test__/conformance/main.js'
  // From where npm was called, so that DIR may be relative to it.
  const cwd = process.env['INIT_CWD'] ?? process.cwd()
  const child = spawn(process.execPath, [`${root}/${script}`, ...options], { cwd, stdio: 'inherit' })
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}
