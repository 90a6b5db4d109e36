import { scalingLine, MODE_NAMES } from '../gateway/table.ts'
import type { GatewayResult } from '../gateway/measure.ts'
import { quantity, reaches } from '../goals.ts'
import { fastest, type Measured } from '../ratio.ts'
import { added, stages } from '../table.ts'
import type { Results } from './collect.ts'
import { judged } from './values.ts'

/** docs/BENCHMARKS.md. */
export function benchmarksMarkdown(results: Results): string {
  const { date, about, effort, cases, impossible, gateway, scaling, blocks, memory } = results
  const of = (what: string): Measured[] => cases.filter(({ name }) => name.startsWith(`${what} `))
  const excluded = of('marshal')[0]?.excluded ?? []
  return [
    '# Benchmarks',
    `Written by \`npm run bench:report\` on ${date}; no number here was typed in. Every ratio is to **best node**: the fastest of`,
    'several hand-written `node:crypto` contenders with cached keys, in the same process.',
    '',
    '![Speed against the best node:crypto code](benchmarks.svg)',
    '## Machine',
    table(['what', 'value'], Object.entries(about)),
    '## Method',
    METHOD,
    `Here: ${effort.rounds} rounds of about ${effort.milliseconds} ms for each contender.`,
    '## Goals',
    'Ratios are medians of the ratios of single rounds. Gateway and memory rows are explained below.',
    '',
    goals(results),
    '## Open: cookie to plain object',
    comparison(of('open')),
    '## Open, and read one key',
    'What a gateway does: the library builds no more than that key, the contenders parse everything.',
    '',
    comparison(of('open+get')),
    '## Seal: object to cookie',
    'The library asks the operating system for random bytes for each cookie; the contenders take theirs out of a pool.',
    '',
    comparison(of('seal')),
    impossible.length === 0 ? '' : `\nLonger than browsers take, so not sealed: ${impossible.join(', ')}.`,
    '## Reject: one character changed',
    'GCM makes `node:crypto` throw. For an HMAC, best node returns `undefined`; the last column is best node throwing instead.',
    '',
    comparison(of('reject')),
    "## Marshal: cookie of Rails' Marshal serializer to plain object",
    'The sizes are those of the same session as JSON. Best node has the fastest npm reader that reads the whole corpus right.',
    excluded.length === 0 ? '' : '\nNot compared, with the first session that they read wrongly:\n',
    ...excluded.map((reader) => `- \`${reader}\``),
    '',
    comparison(of('marshal')),
    '## PBKDF2, 1000 iterations',
    comparison(of('derive')),
    '## Sessions of requests, and adapters',
    'A request that reads one key and changes nothing, answered without a socket: what they add, in the fastest rounds.\n',
    ...of('adapter').map((each) => `\`\`\`text\n${added(each)}\n\`\`\`\n`),
    '## Stages of one open',
    'By differences between the fastest rounds of runs that end after each stage. Data is built when it is touched: last.\n',
    ...of('stages').map((stage) => `\`\`\`text\n${stages(stage)}\n\`\`\`\n`),
    '## Gateway: server CPU for each request',
    'Each server is a process of its own, and what counts is the processor time that it reports itself, on all its threads.',
    'Every request has one of 2048 different sessions of 250 B. *Session* is the part that a server without one does not have.',
    ...gateway.map(gatewaySection),
    '### Opens in worker threads',
    'Best round; two threads can double it only where two cores are free.',
    '',
    ...scaling.map((line) => `- ${scalingLine(line)}`),
    '## Event loop',
    'The longest single call with the largest sessions of the corpus, each call by its fastest of several; and the longest turn of',
    'the event loop while `createRailsAsync` derives keys on other threads.',
    '',
    table(
      ['work', 'longest, ms'],
      blocks.map(({ work, milliseconds }) => [work, milliseconds.toFixed(3)]),
    ),
    '## Memory',
    `After ${memory.calls.toLocaleString('en')} opens and seals the resident memory had grown by ${memory.growth.rss.toFixed(2)} MB, the heap by ${memory.growth.heapUsed.toFixed(2)} MB and memory outside of it by ${memory.growth.external.toFixed(2)} MB. The garbage collector took ${memory.collecting.toFixed(1)} % of the time.`,
  ]
    .map((part) => (part.startsWith('#') ? `\n${part}\n` : part))
    .join('\n')
    .trimStart()
    .replaceAll(/\n{3,}/g, '\n\n')
    .concat('\n')
}

/** Rows of a case each. */
export function comparison(cases: readonly Measured[]): string {
  const rows = cases.map(({ name, timings, ratio, thrown }) => {
    const ours = fastest(timings, 'ours')!.min
    const canonical = fastest(timings, 'canonical')
    const share = fastest(timings, 'share')
    return [
      name.split(' ').slice(1).join(' '),
      micros(ours),
      micros(fastest(timings, 'node')!.min),
      marked(ratio!.min),
      marked(ratio!.median),
      canonical === undefined ? '–' : times(canonical.min / ours),
      share === undefined ? '–' : `${Math.round((100 * share.min) / ours)} %`,
      thrown === null ? '–' : times(thrown.median),
      ratio!.contender,
    ]
  })
  const head = ['case', 'ours, µs', 'best node, µs', 'ratio', 'median', 'canonical', 'JSON', 'thrown', 'best node is']
  const isUsed = head.map((_, column) => rows.some((row) => row[column] !== '–'))
  const used = (row: readonly string[]): string[] => row.filter((__, column) => isUsed[column])
  return table(used(head), rows.map(used))
}

/** A table of GitHub's Markdown. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Nanoseconds in microseconds. */
export function micros(nanoseconds: number): string {
  return (nanoseconds / 1000).toFixed(nanoseconds < 10_000 ? 2 : 1)
}

/** A ratio; one that is a loss says so. */
export function marked(ratio: number): string {
  return ratio < 1 ? `*${times(ratio)}, a loss*` : `**${times(ratio)}**`
}

function goals(results: Results): string {
  const rows = judged(results).map(({ goal, value }) => {
    const bound = (number: number): string =>
      `${goal.unit === 'x' ? '≥' : '≤'} ${number}${goal.unit === 'x' ? 'x' : ` ${goal.unit}`}`
    const outcome = reaches(value, goal, 'goal') ? 'goal' : reaches(value, goal, 'must') ? 'must' : '**missed**'
    return [goal.name, quantity(value, goal), bound(goal.must), bound(goal.goal), outcome]
  })
  return table(['measure', 'measured', 'must', 'goal', 'reached'], rows)
}

function gatewaySection({ framework, format, rounds, requests, modes }: GatewayResult): string {
  const rows = modes.map(({ mode, min, median, sessionShare, ratio }) => [
    MODE_NAMES[mode],
    min.toFixed(1),
    median.toFixed(1),
    `${Math.round(100 * sessionShare)} %`,
    `${ratio.toFixed(2)}x`,
  ])
  return [
    `### ${framework}, ${format}`,
    `\n${rounds} rounds of ${requests} requests to each server, in turns; session and ratio are medians over the rounds.\n`,
    table(['server', 'min, µs', 'median, µs', 'session', 'CPU to rails-session'], rows),
  ].join('\n')
}

function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 1 : 0)}x`
}

const METHOD = `- A case starts at the cookie as it stands in the header, goes through the public API and ends at a plain object, or the other
  way round. Everybody makes all checks that Rails makes: escapes, base64, MAC or tag, metadata, purpose, expiry.
- Contenders give equal results before and after they are timed, or the run ends.
- They run in turns in one process, each round starting with another one. *Ratio* is of the fastest rounds, *median* the middle
  of the ratios of single rounds. Times are of the fastest round; on another machine, only ratios say something.
- Each case has a process of its own, and the library on \`node:crypto\` runs there after all others: no application has many
  configurations or two backends, for which the compiler would make the same code.
- *Canonical* is code as people write it, with keys derived once: how many times our time it takes. *JSON* is what \`JSON.parse\`
  (or \`stringify\`) alone takes of the same data, as part of our time; it may be more than everything, where less is built.
- The corpus is fixed: 64 sessions of each size. *String-heavy* has few long strings; the other large ones are carts of many
  small objects.
`
