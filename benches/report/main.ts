import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { benchmarksChart } from './chart.ts'
import { collect, type Plan, type Results } from './collect.ts'
import { benchmarksMarkdown } from './markdown.ts'
import { withNumbers } from './readme.ts'

const FULL: Plan = { rounds: 61, milliseconds: 4, gatewayRounds: 21, requests: 4000, memoryCalls: 10_000_000 }
const QUICK: Plan = { rounds: 21, milliseconds: 2.5, gatewayRounds: 9, requests: 1500, memoryCalls: 500_000 }

const { values } = parseArgs({
  options: {
    /** Writes the documents again out of results that were kept. */
    from: { type: 'string' },
    quick: { type: 'boolean' },
  },
})

/** This program runs from build/benches/report. */
const root = new URL('../../../', import.meta.url)
const results =
  values.from === undefined
    ? await collect(root, values.quick ? QUICK : FULL, (what) => process.stderr.write(`${what}\n`))
    : (JSON.parse(readFileSync(values.from, 'utf8')) as Results)

const readme = readFileSync(new URL('README.md', root), 'utf8')
write(
  'build/report.json',
  JSON.stringify(results, (key, value: unknown) => (Array.isArray(value) && key === 'rounds' ? undefined : value)),
)
write('docs/BENCHMARKS.md', benchmarksMarkdown(results))
write('docs/benchmarks.svg', benchmarksChart(results))
write('README.md', withNumbers(readme, results))

function write(path: string, text: string): void {
  writeFileSync(new URL(path, root), text)
  process.stdout.write(`${path}\n`)
}
