import { fastest, type Measured } from '../ratio.ts'
import type { Results } from './collect.ts'
import { marked, micros, table } from './markdown.ts'

/** The README with the numbers between its two marks replaced. */
export function withNumbers(readme: string, results: Results): string {
  const start = readme.indexOf(START)
  const end = readme.indexOf(END)
  if (start < 0 || end < start) throw new Error(`README.md has no ${START} … ${END}`)
  return `${readme.slice(0, start + START.length)}\n\n${numbers(results)}\n\n${readme.slice(end)}`
}

function numbers({ about, cases, gateway }: Results): string {
  const named = (name: string): Measured => cases.find((each) => each.name === name)!
  const cell = (name: string): string => {
    const { timings, ratio } = named(name)
    return `${micros(fastest(timings, 'ours')!.min)} / ${micros(fastest(timings, 'node')!.min)}, ${marked(ratio!.min)}`
  }
  const rows = FORMATS.map(([format, label]) => [label, ...SAMPLES.map((sample) => cell(`open ${format} ${sample}`))])
  const more = MORE.map(([name, label]) => [label, cell(name)])
  const servers = gateway
    .filter(({ format }) => format === 'gcm+envelope')
    .map(({ framework, modes }) => {
      const node = modes.find(({ mode }) => mode === 'node')!
      const ours = modes.find(({ mode }) => mode === 'ours')!
      const share = (part: number): string => `${Math.round(100 * part)} %`
      return `${framework}: ${node.ratio.toFixed(1)}x less CPU for a whole request; the session's share falls from ${share(node.sessionShare)} to ${share(ours.sessionShare)}`
    })
  return [
    `Node ${about['node']}, ${about['cpu']}. Ours / best node in µs, and the ratio:`,
    table(['open', '60 B', '250 B', '1 KB, many objects', '2.5 KB, many objects', '2.5 KB, long strings'], rows),
    table(['250 B', 'ours / best node, µs'], more),
    `In a gateway: ${servers.join('. ')}.`,
  ].join('\n\n')
}

const START = '<!-- benchmarks: written by npm run bench:report -->'
const END = '<!-- benchmarks end -->'
const SAMPLES = ['60', '250', '1024', '2560', '2560 string-heavy']
const FORMATS = [
  ['gcm+envelope', 'AES-GCM, metadata'],
  ['gcm', 'AES-GCM'],
  ['cbc', 'AES-CBC'],
  ['signed', 'signed, SHA-1'],
] as const
const MORE = [
  ['open+get gcm+envelope 250', 'open and read one key, AES-GCM, metadata'],
  ['open+get cbc 250', 'open and read one key, AES-CBC'],
  ['marshal gcm+envelope 250', 'open a Marshal session, AES-GCM, metadata'],
  ['seal gcm+envelope 250', 'seal, AES-GCM, metadata'],
  ['reject gcm+envelope 250', 'refuse a tampered cookie, AES-GCM, metadata'],
  ['derive SHA1 64', 'derive a key of 64 bytes, SHA-1'],
] as const
