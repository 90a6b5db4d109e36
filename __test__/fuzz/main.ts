/**
 * Reads payloads that hostile or broken writers may have sealed: recorded ones that have been changed (bits, bytes, cuts,
 * splices, lengths, nesting), and JSON texts and Marshal dumps that are made anew. Each goes through the plain and the typed
 * reader of its format, and through a sealed cookie on both backends, by tokens where there are any. All ways must give the
 * same, in less than five milliseconds, and throw nothing.
 *
 * node build/__test__/fuzz/main.js [--count 200000] [--seed 1] [--only json,marshal,message_pack,tokens] [--input base64]
 *
 * `--count 0` goes on until it is stopped, each round with the next seed. `--input` probes that one payload.
 */
import { Buffer } from 'node:buffer'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { applications } from './cookies.ts'
import { recordedPayloads } from './payloads.ts'
import { examine, run, type SectionName, type Sources } from './run.ts'

const SECTIONS: readonly SectionName[] = ['json', 'marshal', 'message_pack', 'tokens']
/** Inputs of a section before the next one has its turn, where there is no end. */
const ROUND = 10_000

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: SECTIONS.join() },
    input: { type: 'string' },
  },
})
const count = wholeNumber('count', values.count)
const firstSeed = wholeNumber('seed', values.seed)
const chosen = SECTIONS.filter((section) => values.only.split(',').includes(section))
if (chosen.length === 0) usage(`--only is ${values.only}; write some of ${SECTIONS.join()}`)
// The program is compiled to another place than the recorded cases.
const folder = fileURLToPath(new URL('../../../__test__/vectors', import.meta.url))
const totals = { passed: 0, failed: 0 }

if (values.input === undefined) {
  const sources: Sources = { payloads: recordedPayloads(folder), applications: applications() }
  const each = count === 0 ? ROUND : Math.ceil(count / chosen.length)
  const last = count === 0 ? Number.POSITIVE_INFINITY : firstSeed
  for (let seed = firstSeed; seed <= last; seed++) {
    for (const section of chosen) probeSection(section, sources, each, seed)
  }
} else {
  probeInput(Buffer.from(values.input, 'base64'))
}
print(`${totals.passed} passed, ${totals.failed} failed`)
process.exitCode = totals.failed > 0 ? 1 : 0

function probeSection(section: SectionName, sources: Sources, inputs: number, seed: number): void {
  const start = performance.now()
  const tally = run(section, sources, inputs, seed)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const verdict = settle(tally.failed === 0)
  const found = `${tally.accepted} accepted, ${tally.fromTokens} of them from tokens, ${tally.failed} wrong`
  print(`${verdict} ${section}: ${inputs} inputs of seed ${seed} in ${seconds} s: ${found}`)
  for (const failure of tally.failures) print(`    seed ${seed}, ${failure}`)
}

function probeInput(payload: Buffer): void {
  for (const application of applications()) {
    try {
      const { plain, fromTokens } = examine(payload, application)
      print(
        `${settle(true)} ${application.name}: ${plain.ok ? 'accepted' : plain.reason}${fromTokens ? ', tokens' : ''}`,
      )
    } catch (error) {
      print(`${settle(false)} ${application.name}: ${String(error)}`)
    }
  }
}

function settle(isRight: boolean): string {
  if (isRight) totals.passed += 1
  else totals.failed += 1
  return isRight ? 'ok' : 'not ok'
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  return text !== '' && Number.isSafeInteger(number) && number >= 0
    ? number
    : usage(`--${name} is ${text}; write a whole number`)
}

function usage(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
