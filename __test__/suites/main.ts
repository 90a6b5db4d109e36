/**
 * Runs the test data of other projects: `main.js DIR`. DIR has what was collected of them: `cookies`, `marshal`, `msgpack`
 * and `json`, each as its project has it. Their licences are theirs; none of it is part of this one.
 *
 * Exit code 0: all passed or is explained; 1: something did not; 2: wrong use.
 */
import { existsSync } from 'node:fs'
import process from 'node:process'
import { cookieSuite } from './cookies.ts'
import { jsonSuite } from './json.ts'
import { marshalSuite } from './marshal.ts'
import { messagePackSuite } from './message-pack.ts'
import type { Outcome } from './outcome.ts'

const SUITES: ReadonlyArray<readonly [string, (folder: string) => Outcome[]]> = [
  ['cookies', cookieSuite],
  ['marshal', marshalSuite],
  ['msgpack', messagePackSuite],
  ['json', jsonSuite],
]

function main([folder]: readonly string[]): number {
  if (folder === undefined || !existsSync(folder)) {
    process.stderr.write('usage: npm run suites -- DIR\n')
    return 2
  }
  let passed = 0
  let failed = 0
  for (const [name, suite] of SUITES) {
    const outcomes = suite(folder)
    const wrong = outcomes.filter(({ problem }) => problem !== null)
    const explained = new Map<string, number>()
    for (const { explanation } of outcomes) {
      if (explanation !== null) explained.set(explanation, (explained.get(explanation) ?? 0) + 1)
    }
    process.stdout.write(`${name}: ${outcomes.length - wrong.length} of ${outcomes.length} as they should be\n`)
    for (const [explanation, count] of explained) process.stdout.write(`  ${count} otherwise: ${explanation}\n`)
    for (const { id, problem } of wrong) process.stdout.write(`  not ok ${id}: ${problem}\n`)
    passed += outcomes.length - wrong.length
    failed += wrong.length
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return failed > 0 ? 1 : 0
}

process.exitCode = main(process.argv.slice(2))
