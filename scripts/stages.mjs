// The stages of `npm test`. To add one, add a row to `stages`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tool } from './project.mjs'
import { report, run, tail } from './run.mjs'
import { setUp } from './setup.mjs'

/**
 * @typedef {object} Count what a stage found
 * @property {number} passed
 * @property {number} failed
 * @property {string} output shown when something failed
 */

/**
 * @typedef {object} Stage
 * @property {string} name what `--only` takes
 * @property {() => Promise<Count>} run
 */

const node = process.execPath
const ci = Boolean(process.env['CI'])

/** @type {readonly Stage[]} */
const stages = [
  { name: 'setup', run: async () => count(await setUp(), '') },
  check('rustfmt', () => ['cargo', 'fmt', '--all', '--check']),
  check('clippy', () => cargo('clippy', '--workspace', '--all-targets', '--', '-D', 'warnings')),
  { name: 'cargo', run: () => cargoTest([], ['--workspace']) },
  // What processors run that have no special instructions.
  {
    name: 'cargo-portable',
    run: () => cargoTest([], ['--package', 'rails-session-core', '--features', 'test-portable']),
  },
  { name: 'asan', run: addressSanitizer },
  lines('panics', () => [node, 'scripts/check-panics.mjs']),
  check('oxfmt', () => [node, tool('oxfmt'), '--check', '.']),
  check('oxlint', () => [node, tool('oxlint')]),
  check('types', () => [node, tool('typescript', 'tsc'), '-p', 'tsconfig.json']),
  check('types-scripts', () => [node, tool('typescript', 'tsc'), '-p', 'scripts/tsconfig.json']),
  { name: 'vitest', run: vitest },
  lines('mutation', () => [node, 'scripts/program.mjs', 'mutate', '--count', '3334']),
  sums('fuzz', () => [node, 'scripts/program.mjs', 'fuzz', '--count', '200000']),
  sums('interop', () => [node, 'scripts/program.mjs', 'interop', '--count', '2000', '--rewrites', '10000']),
  sums('e2e', () => [node, 'scripts/program.mjs', 'e2e']),
  check('subpaths', () => [node, 'scripts/check-subpaths.mjs']),
  check('docs', () => [node, 'scripts/check-docs.mjs']),
  // Last of what measures: nothing else may run beside it.
  lines('gate', () => [node, 'scripts/program.mjs', 'bench', '--gate']),
  lines('nodes', () => [node, 'scripts/check-nodes.mjs']),
]

/**
 * Runs every stage, or those named, one after the other; a failed one does not stop the next. Prints a line for each
 * and last `N passed, N failed`, over all of them.
 *
 * @param {readonly string[]} [only]
 * @returns {Promise<number>} exit code
 */
export async function runStages(only) {
  const unknown = only?.filter((name) => !stages.some((stage) => stage.name === name)) ?? []
  if (unknown.length > 0) {
    process.stderr.write(`no stage ${unknown.join(', ')}; there are ${stages.map(({ name }) => name).join(', ')}\n`)
    return 2
  }
  let passed = 0
  let failed = 0
  for (const stage of stages) {
    // Nothing else can run before the set-up.
    if (only && stage.name !== 'setup' && !only.includes(stage.name)) continue
    const start = performance.now()
    // oxlint-disable-next-line no-await-in-loop -- timings are of use only if stages do not overlap
    const result = await stage.run().catch((error) => count(false, String(error?.stack ?? error)))
    const found = `${result.passed} passed, ${result.failed} failed`
    report(stage.name, found, (performance.now() - start) / 1000)
    if (result.failed > 0) process.stdout.write(tail(result.output, 200))
    passed += result.passed
    failed += result.failed
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return failed > 0 ? 1 : 0
}

/**
 * A stage that passes or fails as a whole.
 *
 * @param {string} name
 * @param {() => string[]} command
 * @returns {Stage}
 */
function check(name, command) {
  return {
    name,
    run: async () => {
      const { ok, output } = await run(command())
      return count(ok, output)
    },
  }
}

/**
 * A stage whose command prints one line for each thing it checked, starting with `ok ` or `not ok `.
 *
 * @param {string} name
 * @param {() => string[]} command
 * @returns {Stage}
 */
function lines(name, command) {
  return {
    name,
    run: async () => {
      const { ok, output } = await run(command())
      const skipped = output.match(/^skipped .*$/gm) ?? []
      for (const line of skipped) process.stdout.write(`${line}\n`)
      const passed = output.match(/^ok /gm)?.length ?? 0
      const failed = output.match(/^not ok /gm)?.length ?? 0
      return settled({ passed, failed, output }, ok, skipped.length > 0)
    },
  }
}

/**
 * A stage whose command ends with a line `N passed, N failed`, or says with `SKIPPED` why it checked nothing.
 *
 * @param {string} name
 * @param {() => string[]} command
 * @returns {Stage}
 */
function sums(name, command) {
  return {
    name,
    run: async () => {
      const { ok, output } = await run(command())
      const skipped = output.match(/^.*SKIPPED.*$/gm) ?? []
      for (const line of skipped) process.stdout.write(`${line}\n`)
      const [, passed = 0, failed = 0] = /(\d+) passed, (\d+) failed\s*$/.exec(output) ?? []
      return settled({ passed: Number(passed), failed: Number(failed), output }, ok, skipped.length > 0)
    },
  }
}

/**
 * @param {readonly string[]} toolchain
 * @param {readonly string[]} selection
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Count>}
 */
async function cargoTest(toolchain, selection, env = {}) {
  const [program = '', ...rest] = cargo('test', ...selection, '--no-fail-fast')
  const { ok, output } = await run([program, ...toolchain, ...rest], { env })
  let passed = 0
  let failed = 0
  for (const [, good, bad] of output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed;/gm)) {
    passed += Number(good)
    failed += Number(bad)
  }
  return settled({ passed, failed, output }, ok)
}

/**
 * The crate with `unsafe` code under AddressSanitizer, which only nightly toolchains have.
 *
 * @returns {Promise<Count>}
 */
async function addressSanitizer() {
  const target = 'x86_64-unknown-linux-gnu'
  const { ok, output } = await run(['cargo', '+nightly', '-vV'])
  if (!ok || !output.includes(`host: ${target}`)) {
    process.stdout.write(`skipped asan: no nightly Rust for ${target} here\n`)
    return { passed: 0, failed: 0, output: '' }
  }
  const flags = '-Zsanitizer=address'
  return cargoTest(
    ['+nightly'],
    ['--package', 'rails-session-accel', '--target', target, '--target-dir', 'target/asan'],
    {
      RUSTFLAGS: flags,
      RUSTDOCFLAGS: flags,
    },
  )
}

/** @returns {Promise<Count>} */
async function vitest() {
  const folder = mkdtempSync(join(tmpdir(), 'rails-session-'))
  try {
    const file = join(folder, 'vitest.json')
    const command = [node, tool('vitest'), 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]
    const { ok, output } = await run(command)
    const summary = JSON.parse(readFileSync(file, 'utf8'))
    const skipped = summary.numPendingTests + summary.numTodoTests
    if (skipped > 0) process.stdout.write(`vitest: ${skipped} tests skipped\n`)
    return settled({ passed: summary.numPassedTests, failed: summary.numFailedTests, output }, ok)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Counts a failure that no single test shows: a test file that does not load, a crash, or no test at all.
 *
 * @param {Count} counted
 * @param {boolean} ok
 * @param {boolean} [mayBeEmpty]
 * @returns {Count}
 */
function settled(counted, ok, mayBeEmpty = false) {
  const empty = counted.passed + counted.failed === 0 && !mayBeEmpty
  const silent = !ok && counted.failed === 0
  return empty || silent ? { ...counted, failed: 1 } : counted
}

/**
 * @param {boolean} ok
 * @param {string} output
 * @returns {Count}
 */
function count(ok, output) {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, output }
}

/**
 * In CI a Cargo.lock that does not fit is an error instead of being rewritten.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {string[]}
 */
function cargo(command, ...args) {
  return ['cargo', command, ...(ci ? ['--locked'] : []), ...args]
}
