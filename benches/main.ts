import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { allCases } from './cases/all.ts'
import { gate } from './gate.ts'
import { measureCase } from './measure-case.ts'
import { reportMemory } from './memory.ts'
import type { Measured } from './ratio.ts'
import { added, environment, HEAD, row, stages } from './table.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '10000000' },
    gate: { type: 'boolean' },
    json: { type: 'string', default: 'build/bench.json' },
    list: { type: 'boolean' },
    milliseconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '61' },
    verbose: { type: 'boolean', short: 'v' },
  },
})

const chosen = allCases().filter(({ name }) => positionals.every((word) => ` ${name} `.includes(` ${word} `)))
const effort = { rounds: Number(values.rounds), milliseconds: Number(values.milliseconds) }

if (values.gate) {
  process.exitCode = await gate(positionals)
} else if (positionals.join() === 'memory') {
  process.exitCode = (await reportMemory(Number(values.count))) ? 0 : 1
} else if (chosen.length === 0) {
  process.stderr.write('no case has all these words in its name; --list shows the names\n')
  process.exitCode = 2
} else if (values.list) {
  process.stdout.write(chosen.map(({ name }) => `${name}\n`).join(''))
} else {
  await run()
}

async function run(): Promise<void> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const about = { 'rails-session': version, ...environment() }
  print(
    Object.entries(about)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  )
  print(
    `${effort.rounds} rounds, contenders in turns in one process for each case; times of the fastest round, ratios to best node\n`,
  )
  const all: Measured[] = []
  let group = ''
  for (const { name } of chosen) {
    // oxlint-disable-next-line no-await-in-loop -- things that are measured must not overlap
    const measured = await measureCase(name, effort)
    if (measured === null) {
      print(`${name.padEnd(32)}  longer than browsers take`)
      continue
    }
    all.push(measured)
    const [what = ''] = name.split(' ')
    if (what !== group && measured.ratio !== null) {
      print(`${group === '' ? '' : '\n'}${HEAD}`)
      for (const reader of measured.excluded) print(`  not compared, as it is wrong: ${reader}`)
    }
    group = what
    const isAdded = measured.timings.some(({ role }) => role === 'base')
    print(measured.ratio === null ? `\n${isAdded ? added(measured) : stages(measured)}` : row(measured))
    if (values.verbose) {
      for (const { min, p25, median, ...contender } of measured.timings) {
        print(
          `    ${contender.name.padEnd(34)}${[min, p25, median].map((time) => time.toFixed(0).padStart(10)).join('')}`,
        )
      }
    }
  }
  const results = { date: new Date().toISOString(), about, effort, cases: all }
  writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
  print(`\nresults in ${values.json}`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
