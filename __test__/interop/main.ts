import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { RAILS_VERSIONS } from '../../src/rails/version.ts'
import { rackOf } from '../conformance/settings.ts'
import { Absent } from '../support/packages.ts'
import { RELEASES, startRails } from './debian.ts'
import { exchange } from './exchange.ts'
import { OurSide } from './our-side.ts'
import { Random } from './random.ts'
import { randomRewritings, rewrite, type Rewriting } from './rewriting.ts'
import type { RailsProcess } from './rails-process.ts'
import { Tally } from './tally.ts'
import { randomTrials } from './trials.ts'

interface Options {
  readonly count: number
  readonly rewrites: number
  readonly version: string | undefined
  readonly root: string | undefined
  readonly seed: number
  readonly backend: 'native' | 'node'
}

async function main(): Promise<number> {
  const options = readOptions()
  if (options === null) return usage()
  let rails: RailsProcess
  try {
    rails = await startRails({ ...options, script: SCRIPT })
  } catch (error) {
    if (!(error instanceof Absent)) throw error
    const required = process.env['RAILS_INTEROP'] === 'required'
    const verdict = required ? 'FAILED, RAILS_INTEROP=required and' : 'SKIPPED,'
    process.stdout.write(`interop: ${verdict} no Rails (${error.message})\n`)
    return required ? 1 : 0
  }
  try {
    return await run(rails, options)
  } finally {
    rails.stop()
  }
}

/** Exchanges `count` cookies each way and prints what came of it. Gives the exit code. */
async function run(rails: RailsProcess, { count, rewrites, seed, backend }: Options): Promise<number> {
  const { rails: version, rack, ruby } = rails.identity
  const release = RAILS_VERSIONS.find((known) => version.startsWith(`${known}.`))
  if (release === undefined) throw new Error(`Rails ${version} is not known here`)
  process.stdout.write(`interop: Rails ${version}, rack ${rack}, Ruby ${ruby}; backend ${backend}; seed ${seed}\n`)

  const tally = new Tally()
  const trials = randomTrials(new Random(seed), release)
  const ours = new OurSide({ rails: release, rack: rackOf(release, rack) }, backend)
  while (tally.exchanged < count) {
    const batch = Array.from({ length: Math.min(BATCH, count - tally.exchanged) }, () => trials.next().value)
    // oxlint-disable-next-line no-await-in-loop -- Rails answers one batch at a time
    const findings = await Promise.all(batch.map((trial) => exchange(trial, rails, ours)))
    batch.forEach((trial, i) => tally.add(trial, findings[i]!))
  }

  for (const difference of tally.differences) process.stdout.write(`not ok ${difference}\n`)
  process.stdout.write(`${tally.table()}\n`)
  const found = await rewriteMany(rails, ours, randomRewritings(new Random(seed), release), rewrites)
  const passed = tally.passed + found.passed
  const failed = tally.failed + found.failed
  process.stdout.write(
    `interop: ${tally.exchanged} cookies each way, ${rewrites} sessions rewritten; ${passed} passed, ${failed} failed\n`,
  )
  return failed > 0 ? 1 : 0
}

/** Lets Node change a key of so many sessions that Rails wrote, and prints what came of it. */
async function rewriteMany(
  rails: RailsProcess,
  ours: OurSide,
  rewritings: Generator<Rewriting, never>,
  count: number,
): Promise<{ passed: number; failed: number }> {
  const done = new Map<string, number>()
  const refused = new Map<string, number>()
  const unwritten = new Map<string, number>()
  const add = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)
  let passed = 0
  let failed = 0
  while (passed + failed < count) {
    const batch = Array.from({ length: Math.min(BATCH, count - passed - failed) }, () => rewritings.next().value)
    // oxlint-disable-next-line no-await-in-loop -- Rails answers one batch at a time
    const results = await Promise.all(batch.map((rewriting) => rewrite(rewriting, rails, ours)))
    for (const [i, result] of results.entries()) {
      const { written, config, seed } = batch[i]!
      const pair = `${written.cookies_serializer} to ${config.cookies_serializer}`
      if ('unwritten' in result) add(unwritten, `${pair} ${result.unwritten}`)
      else if ('refused' in result) add(refused, `${pair} ${result.refused}`)
      else {
        add(done, pair)
        if (result.differences.length === 0) passed++
        else if (++failed <= MOST_SHOWN)
          process.stdout.write(`not ok session ${seed}, ${pair}: ${result.differences.join('\n  ')}\n`)
      }
    }
  }
  const list = (counts: Map<string, number>): string =>
    [...counts].map(([name, n]) => `${name} ${n}`).join(', ') || 'none'
  process.stdout.write(`rewritten: ${list(done)}\n`)
  process.stdout.write(`refused by both: ${list(refused)}\nnot written by Rails: ${list(unwritten)}\n`)
  return { passed, failed }
}

/** What the command line asks for; null when that is not clear. */
function readOptions(): Options | null {
  const texts = {
    count: { type: 'string', default: '2000' },
    rewrites: { type: 'string' },
    rails: { type: 'string' },
    root: { type: 'string' },
    seed: { type: 'string', default: '1' },
    backend: { type: 'string', default: 'native' },
  } as const
  try {
    const { values } = parseArgs({ options: texts })
    const { rails: version, root, backend } = values
    const [count, seed] = [Number(values.count), Number(values.seed)]
    const rewrites = Number(values.rewrites ?? count)
    if (![count, rewrites, seed].every(Number.isSafeInteger) || count < 1 || rewrites < 0) return null
    if (version !== undefined && !Object.hasOwn(RELEASES, version)) return null
    return backend === 'native' || backend === 'node' ? { count, rewrites, version, root, seed, backend } : null
  } catch {
    return null
  }
}

function usage(): number {
  const versions = Object.keys(RELEASES).join('|')
  process.stderr.write(
    `usage: npm run interop -- [--count N] [--rewrites N] [--rails ${versions}] [--root DIR] [--seed S] [--backend native|node]\n`,
  )
  return 2
}

const BATCH = 64
const MOST_SHOWN = 20
// Seen from build/__test__/interop, where this runs.
const SCRIPT = fileURLToPath(new URL('../../../__test__/interop/rails.rb', import.meta.url))

process.exitCode = await main()
