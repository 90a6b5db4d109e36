import { RULES, type Rule } from './rules.ts'
import type { FileResult, Result, Tally } from './run.ts'

/** The report on one backend: a table of versions by layers, the rules, what is written again, what failed. */
export function report(result: Result): string {
  const { backend, tally, seconds } = result
  return [
    `Backend ${backend}, ${seconds.toFixed(1)} s`,
    '',
    ...table(result.files),
    '',
    'Deviations from the Rails that was recorded, all of them as Rails 8.1 answers:',
    ...Object.entries(RULES).map(
      ([rule, meaning]) => `${number(result.rules.get(rule as Rule) ?? 0)}  ${rule}: ${meaning}`,
    ),
    '',
    'Written again, byte for byte as Rails wrote it:',
    ...lines(result.written),
    '',
    'Not yet supported:',
    ...lines(result.unsupported),
    '',
    ...failures(result.files),
    `${backend}: ${sentence(tally)}`,
  ].join('\n')
}

/** A tally in words. */
export function sentence({ passed, failed, deviating, unsupported }: Tally): string {
  return `${passed} passed, ${failed} failed, ${deviating} deviating, ${unsupported} not yet supported`
}

function table(files: readonly FileResult[]): string[] {
  const layers = new Map<string, FileResult[]>()
  for (const result of files) {
    const found = layers.get(result.file.layer)
    if (found === undefined) layers.set(result.file.layer, [result])
    else found.push(result)
  }
  const heading = `${'layer'.padEnd(19)}${'Rails'.padEnd(9)}${COLUMNS.map((name) => name.padStart(12)).join('')}`
  return [
    heading,
    ...[...layers].flatMap(([layer, results]) => results.map(({ file, tally }) => row(layer, file.label, tally))),
  ]
}

function row(layer: string, label: string, tally: Tally): string {
  const { passed, failed, deviating, unsupported } = tally
  const cells = [passed, failed, deviating, unsupported].map((count) => String(count).padStart(12))
  return `${layer.padEnd(19)}${label.padEnd(9)}${cells.join('')}`
}

function lines(counts: ReadonlyMap<string, number>): string[] {
  if (counts.size === 0) return [`${number(0)}  nothing`]
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([what, count]) => `${number(count)}  ${what}`)
}

function failures(files: readonly FileResult[]): string[] {
  const found = files.flatMap(({ file, verdicts }) =>
    verdicts.flatMap(({ status, why }, i) =>
      status === 'failed' ? [`FAILED ${file.layer}/${file.label} ${file.cases[i]!.id}: ${oneLine(why)}`] : [],
    ),
  )
  return found.length === 0 ? [] : [...found, '']
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 400 ? `${line.slice(0, 400)}…` : line
}

function number(count: number): string {
  return String(count).padStart(8)
}

const COLUMNS = ['passed', 'failed', 'deviating', 'unsupported']
