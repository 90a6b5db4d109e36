/**
 * Opens cookies that were good and have been changed, through the public API and on each backend: bit flips,
 * truncation, splices, padding, case, escapes, separators, noise. None may be accepted unless its form-decoded text
 * is that of a good cookie, nothing may be thrown, and the backends must give the same reason.
 *
 * node build/__test__/mutation/main.js [--count 1000000] [--seed 1] [--backend native|node|both]
 */
import { parseArgs } from 'node:util'
import { type BackendName, formats } from './formats.ts'
import { run, type Tally } from './run.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    backend: { type: 'string', default: 'both' },
  },
})
const count = wholeNumber('count', values.count)
const seed = wholeNumber('seed', values.seed)
const before = prototypeOfEverything()
const sums = { run: 0, acceptedWrongly: 0, refusedWrongly: 0, thrown: 0, disagreements: 0 }

for (const [i, format] of formats(backends(values.backend)).entries()) {
  const start = performance.now()
  const tally = run(format, count, seed + i)
  const seconds = (performance.now() - start) / 1000
  const good = failed(tally) === 0
  print(`${good ? 'ok' : 'not ok'} ${format.name}: ${count} mutations in ${seconds.toFixed(1)} s: ${summary(tally)}`)
  for (const failure of tally.failures) print(`    ${failure}`)
  sums.run += count
  sums.acceptedWrongly += tally.acceptedWrongly
  sums.refusedWrongly += tally.refusedWrongly
  sums.thrown += tally.thrown
  sums.disagreements += tally.disagreements
}

const untouched = prototypeOfEverything() === before
if (!untouched) print('not ok Object.prototype was changed')
if (sums.refusedWrongly > 0) print(`${sums.refusedWrongly} refused wrongly`)
if (sums.disagreements > 0) print(`${sums.disagreements} answered differently by the backends`)
print(`mutations: ${sums.run} run, ${sums.acceptedWrongly} accepted wrongly, ${sums.thrown} thrown`)
process.exitCode = untouched && failed(sums) === 0 ? 0 : 1

function failed(tally: Pick<Tally, 'acceptedWrongly' | 'refusedWrongly' | 'thrown' | 'disagreements'>): number {
  return tally.acceptedWrongly + tally.refusedWrongly + tally.thrown + tally.disagreements
}

function summary({ outcomes }: Tally): string {
  return [...outcomes]
    .toSorted(([, a], [, b]) => b - a)
    .map(([outcome, found]) => `${found} ${outcome}`)
    .join(', ')
}

function backends(choice: string): BackendName[] {
  if (choice === 'both') return ['native', 'node']
  if (choice === 'native' || choice === 'node') return [choice]
  return usage(`--backend is ${choice}; write native, node or both`)
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  return Number.isSafeInteger(number) && number > 0 ? number : usage(`--${name} is ${text}; write a whole number`)
}

function usage(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

/** All that `{}` inherits, as text. */
function prototypeOfEverything(): string {
  return Reflect.ownKeys(Object.prototype).map(String).join(' ')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
