import { cpus } from 'node:os'
import type { Case, Role, Timing } from './harness.ts'
import { stagesOf } from './cases/stages.ts'

/** What was measured of one case. */
export interface Measured {
  readonly name: string
  readonly timings: readonly Timing[]
  /** How many times as long best node takes as we do; null where a case has no such contender. */
  readonly ratio: Ratio | null
}

/** Best node's time over ours. `bestNode` is the contender with the fastest round. */
export interface Ratio {
  readonly bestNode: string
  readonly min: number
  readonly p25: number
  readonly median: number
}

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

/** Puts the ratio beside the timings. */
export function judge({ name }: Case, timings: readonly Timing[]): Measured {
  const ours = timings.find(({ role }) => role === 'ours')
  const best = fastest(timings, 'node')
  if (ours === undefined || best === undefined) return { name, timings, ratio: null }
  const ratio = (of: 'min' | 'p25' | 'median'): number =>
    // The fastest at each measure: best node may be another one in the median than in the fastest round.
    Math.min(...timings.filter(({ role }) => role === 'node').map((timing) => timing[of])) / ours[of]
  return {
    name,
    timings,
    ratio: { bestNode: best.name, min: ratio('min'), p25: ratio('p25'), median: ratio('median') },
  }
}

/** The head of the table of {@link row}. */
export const HEAD: string = [
  `${'case'.padEnd(32)}${'ours us'.padStart(9)}${'node us'.padStart(9)}  ratio  (p25  med)`,
  `${'own node'.padStart(9)}${'canonical'.padStart(11)}${'JSON'.padStart(6)}  best node`,
].join('')

/**
 * One line: our time, best node's, the ratio of the two in the fastest rounds, the first quartiles and the medians;
 * then what our own node:crypto backend and canonical code take, as multiples of ours; the JSON share of our time.
 */
export function row({ name, timings, ratio }: Measured): string {
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
      ` (${ratio!.p25.toFixed(1)} ${ratio!.median.toFixed(1)})`.padEnd(12),
      multiple('fallback').padStart(9),
      multiple('canonical').padStart(11),
      (json === undefined ? '-' : percent(json.min / ours)).padStart(6),
      `  ${ratio!.bestNode}${ratio!.min < 1 ? '  LOSS' : ''}`,
    ].join(''),
  ]
  for (const aside of timings.filter(({ role }) => role === 'aside')) {
    lines.push(`  ${aside.name}: ${micros(aside.min)} us, ${(aside.min / ours).toFixed(1)}x`)
  }
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

function fastest(timings: readonly Timing[], role: Role): Timing | undefined {
  return timings.filter((timing) => timing.role === role).toSorted((a, b) => a.min - b.min)[0]
}

function micros(nanoseconds: number): string {
  return (nanoseconds / 1000).toFixed(2)
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
