import { cpus } from 'node:os'
import { stagesOf } from './cases/stages.ts'
import type { Role } from './harness.ts'
import { addedToBase, fastest, type Measured } from './ratio.ts'

/** Machine and versions that the numbers belong to. */
export function environment(): Readonly<Record<string, string>> {
  const { node, v8, openssl } = process.versions
  return {
    cpu: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    platform: `${process.platform} ${process.arch}`,
    node,
    v8,
    openssl: openssl ?? 'unknown',
  }
}

/** The head of the table of {@link row}. */
export const HEAD: string = [
  `${'case'.padEnd(32)}${'ours us'.padStart(9)}${'node us'.padStart(9)}  ratio  (median)`,
  `${'own node'.padStart(9)}${'canonical'.padStart(11)}${'JSON'.padStart(6)}  best node`,
].join('')

/**
 * One line: our time, best node's, the ratio of the two in the fastest rounds and the median of the rounds' ratios;
 * then what our own node:crypto backend and canonical code take, as multiples of ours; the JSON share of our time.
 */
export function row({ name, timings, ratio, thrown }: Measured): string {
  const ours = timings.find(({ role }) => role === 'ours')!.min
  const multiple = (role: Role): string => {
    const other = fastest(timings, role)
    return other === undefined ? '-' : `${(other.min / ours).toFixed(1)}x`
  }
  const json = fastest(timings, 'share')
  const lines = [
    [
      name.padEnd(32),
      micros(ours).padStart(9),
      micros(fastest(timings, 'node')!.min).padStart(9),
      `${ratio!.min.toFixed(2)}x`.padStart(7),
      ` (${ratio!.median.toFixed(2)}x)`.padEnd(10),
      multiple('fallback').padStart(9),
      multiple('canonical').padStart(11),
      (json === undefined ? '-' : percent(json.min / ours)).padStart(6),
      `  ${ratio!.contender}${ratio!.min < 1 ? '  LOSS' : ''}`,
    ].join(''),
  ]
  for (const aside of timings.filter(({ role }) => role === 'aside')) {
    lines.push(`  ${aside.name}: ${micros(aside.min)} us, ${(aside.min / ours).toFixed(1)}x`)
  }
  if (thrown !== null) lines.push(`  ${thrown.contender}: ${thrown.min.toFixed(1)}x (${thrown.median.toFixed(1)}x)`)
  return lines.join('\n')
}

/** The stages of one open, with their shares. */
export function stages({ name, timings }: Measured): string {
  const all = timings.findLast(({ role }) => role === 'share')!.min
  const line = (stage: string, nanoseconds: number): string =>
    `  ${stage.padEnd(40)}${nanoseconds.toFixed(0).padStart(6)} ns${percent(nanoseconds / all).padStart(7)}`
  const lines = stagesOf(timings).map((stage) => line(stage.name, stage.nanoseconds))
  return [name, ...lines.slice(0, -1), line('all', all), ...lines.slice(-1)].join('\n')
}

/** What each way adds to the one that the others are compared with. */
export function added({ name, timings }: Measured): string {
  const base = timings.find(({ role }) => role === 'base')!
  const line = (way: string, nanoseconds: string): string => `  ${way.padEnd(40)}${nanoseconds.padStart(6)} ns`
  const lines = [...addedToBase(timings)].map(([way, more]) => line(way, `+${more.toFixed(0)}`))
  return [name, line(base.name, base.min.toFixed(0)), ...lines].join('\n')
}

function micros(nanoseconds: number): string {
  return (nanoseconds / 1000).toFixed(2)
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
