/**
 * Runs the conformance cases: `main.js [DIR] [--json] [--backend native|node]`. Exit code 0: no case failed; 1: some
 * did, or a backend does not load; 2: wrong use.
 */
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Backend } from '../../src/backend/backend.ts'
import { loadNative } from '../../src/backend/native.ts'
import { nodeBackend } from '../../src/backend/node-crypto.ts'
import { Digests } from './digests.ts'
import { report, sentence } from './report.ts'
import { merge, run } from './run.ts'
import { Twins } from './twins.ts'
import { readVectors } from './vectors.ts'

function main(args: readonly string[]): number {
  const given = read(args)
  if (given === null) return usage()
  const files = readVectors(given.folder ?? COMMITTED, (path) => process.stderr.write(`skipped ${path}: no cases\n`))
  if (files.length === 0) {
    process.stderr.write(`no vectors below ${given.folder ?? COMMITTED}\n`)
    return 1
  }
  // Where DIR does not hold what 8.1 made of a case, the committed files may.
  const witnesses = given.folder === undefined ? [] : readVectors(COMMITTED)
  const records = {
    twins: new Twins(files, witnesses),
    digests: Digests.read(join(COMMITTED, 'expectations.bin')),
  }
  const results = given.backends.map((backend) => {
    const result = run(backend(), files, records)
    process.stdout.write(`${report(result)}\n\n`)
    return result
  })
  const tally = merge(results)
  const backends = results.map(({ backend }) => backend).join(' and ')
  process.stdout.write(`${backends}: ${sentence(tally)}\n`)
  if (given.json) process.stdout.write(`${JSON.stringify(tally)}\n`)
  return tally.failed > 0 ? 1 : 0
}

interface Given {
  readonly folder: string | undefined
  readonly json: boolean
  readonly backends: ReadonlyArray<() => Backend>
}

function read(args: readonly string[]): Given | null {
  const options = { json: { type: 'boolean' }, backend: { type: 'string' } } as const
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const backends = BACKENDS.get(values.backend ?? '')
    if (backends === undefined || positionals.length > 1) return null
    return { folder: positionals[0], json: values.json === true, backends }
  } catch {
    return null
  }
}

function usage(): number {
  process.stderr.write('usage: npm run conformance -- [DIR] [--json] [--backend native|node]\n')
  return 2
}

/** Seen from where this file is compiled to. */
const COMMITTED = fileURLToPath(new URL('../../../__test__/vectors', import.meta.url))
const node = (): Backend => nodeBackend
const BACKENDS: ReadonlyMap<string, ReadonlyArray<() => Backend>> = new Map([
  ['', [node, loadNative]],
  ['node', [node]],
  ['native', [loadNative]],
])

try {
  process.exitCode = main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
