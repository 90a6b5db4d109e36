import type { Results } from './collect.ts'
import { judged } from './values.ts'

/** docs/benchmarks.svg: bars of the ratios at 250 B. Readable on light and on dark. */
export function benchmarksChart(results: Results): string {
  const values = new Map(judged(results).map(({ goal, value }) => [goal.name, value]))
  const bars = BARS.map(([name, label]) => ({ label, ratio: values.get(name)! }))
  const scale = (WIDTH - LEFT - 50) / Math.max(...bars.map(({ ratio }) => ratio))
  const height = TOP + STEP * bars.length + 14
  const text = bars.map(({ label, ratio }) => `${label}: ${shown(ratio)}`).join('; ')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">rails-session against the best node:crypto code, sessions of 250 bytes</title>
<desc id="desc">How many times as long the best node:crypto code takes. ${text}.</desc>
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.bar { fill: #b3261e } .one { stroke: #59636e; stroke-dasharray: 3 3 }
@media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .bar { fill: #ff8a80 } .one { stroke: #9198a1 } }
</style>
<text x="0" y="16" font-weight="600">The best node:crypto code takes so many times as long (sessions of 250 B)</text>
${bars.map(({ label, ratio }, index) => bar(label, ratio, TOP + STEP * index, scale)).join('\n')}
<line class="one" x1="${round(LEFT + scale)}" x2="${round(LEFT + scale)}" y1="${TOP - 6}" y2="${height - 8}"/>
</svg>
`
}

function bar(label: string, ratio: number, top: number, scale: number): string {
  const width = round(ratio * scale)
  return [
    `<text x="${LEFT - 8}" y="${top + 14}" text-anchor="end">${label}</text>`,
    `<rect class="bar" x="${LEFT}" y="${top}" width="${width}" height="18" rx="2"/>`,
    `<text x="${round(LEFT + width + 6)}" y="${top + 14}">${shown(ratio)}</text>`,
  ].join('\n')
}

function shown(ratio: number): string {
  return `${ratio.toFixed(1)}x`
}

function round(pixels: number): number {
  return Math.round(10 * pixels) / 10
}

const BARS: ReadonlyArray<readonly [name: string, label: string]> = [
  ['open gcm+envelope 250', 'open, AES-GCM'],
  ['open cbc 250', 'open, AES-CBC'],
  ['open+get gcm+envelope 250', 'read one key, AES-GCM'],
  ['open+get cbc 250', 'read one key, AES-CBC'],
  ['marshal gcm+envelope 250', 'open Marshal, AES-GCM'],
  ['seal gcm+envelope 250', 'seal, AES-GCM'],
  ['reject gcm+envelope 250', 'reject, AES-GCM'],
  ['derive SHA1 64', 'PBKDF2, SHA-1'],
  ['gateway http', 'server CPU, node:http'],
  ['gateway fastify', 'server CPU, Fastify'],
]
const WIDTH = 640
const LEFT = 170
const TOP = 34
const STEP = 25
