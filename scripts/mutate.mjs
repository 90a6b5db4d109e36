// `npm run mutate -- [--count N] [--seed S] [--backend native|node|both]`: opens mutated cookies; see __test__/mutation.
import { spawn } from 'node:child_process'
import { newest, oldest, root, tool } from './project.mjs'
import { report, run, tail } from './run.mjs'
import { setUp } from './setup.mjs'

process.exitCode = (await setUp()) && (await compile()) ? await mutate(process.argv.slice(2)) : 1

/** @returns {Promise<boolean>} */
async function compile() {
  const inputs = ['index.ts', 'src', '__test__/mutation', 'tsconfig.json', 'tsconfig.tools.json', 'native/index.d.cts']
  const ages = ['build/src', 'build/__test__/mutation'].map((folder) =>
    oldest([folder], (name) => name.endsWith('.js')),
  )
  if (Math.min(...ages) > newest(inputs)) return true
  const outcome = await run([process.execPath, tool('typescript', 'tsc'), '-p', 'tsconfig.tools.json'])
  if (!outcome.ok) {
    report('build mutation', 'FAILED', outcome.seconds)
    process.stdout.write(tail(outcome.output))
  }
  return outcome.ok
}

/**
 * @param {readonly string[]} options handed on
 * @returns {Promise<number>} exit code
 */
function mutate(options) {
  const child = spawn(process.execPath, ['build/__test__/mutation/main.js', ...options], {
    cwd: root,
    stdio: 'inherit',
  })
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}
