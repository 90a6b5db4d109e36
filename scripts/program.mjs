// `npm run bench|bench:gateway|bench:report|conformance|e2e|fuzz|interop|mutate|suites -- ...`: compiles what is written
// in TypeScript and not shipped, if it is not compiled yet, and runs one of its programs.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { newest, oldest, root, tool } from './project.mjs'
import { report, run, tail } from './run.mjs'
import { setUp } from './setup.mjs'

/** @type {Record<string, string>} */
const FOLDERS = {
  bench: 'benches',
  'bench:gateway': 'benches/gateway',
  'bench:report': 'benches/report',
  conformance: '__test__/conformance',
  e2e: '__test__/e2e',
  fuzz: '__test__/fuzz',
  interop: '__test__/interop',
  mutate: '__test__/mutation',
  suites: '__test__/suites',
}
const INPUTS = ['index.ts', 'src', 'benches', '__test__', 'tsconfig.json', 'tsconfig.tools.json', 'native/index.d.cts']

const [name = '', ...options] = process.argv.slice(2)
const folder = FOLDERS[name]
if (folder === undefined) {
  process.stderr.write(`usage: node scripts/program.mjs ${Object.keys(FOLDERS).join(' | ')}\n`)
  process.exitCode = 2
} else {
  process.exitCode = (await setUp()) && (await compile()) ? await start(join(root, 'build', folder, 'main.js')) : 1
}

/** @returns {Promise<boolean>} */
async function compile() {
  const isCompiled = Object.values(FOLDERS).every((each) => newest([`build/${each}/main.js`]) > 0)
  if (
    isCompiled &&
    oldest(['build'], (file) => file.endsWith('.js')) > newest(INPUTS, (file) => file.endsWith('.ts'))
  ) {
    return true
  }
  const tsc = [process.execPath, tool('typescript', 'tsc'), '-p', 'tsconfig.tools.json', '--noEmitOnError']
  const cleaned = await run([process.execPath, 'scripts/clean.mjs', 'build'])
  const compiled = await run(tsc)
  const ok = cleaned.ok && compiled.ok
  report('build programs', ok ? 'done' : 'FAILED', compiled.seconds)
  if (!ok) process.stdout.write(tail(cleaned.output + compiled.output))
  return ok
}

/**
 * @param {string} program
 * @returns {Promise<number>} exit code
 */
function start(program) {
  // From where npm was called, so that paths may be relative to it.
  const cwd = process.env['INIT_CWD'] ?? process.cwd()
  const child = spawn(process.execPath, [program, ...options], { cwd, stdio: 'inherit' })
  // Ctrl-C reaches the child as well; either way it ends what it has started.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}
