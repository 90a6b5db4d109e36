import type { GatewayResult, ModeResult } from './measure.ts'
import type { Mode } from './modes.ts'
import type { Scaling } from './scaling.ts'

/** What the modes are called in tables. */
export const MODE_NAMES: Readonly<Record<Mode, string>> = {
  none: 'no session',
  canonical: 'canonical node:crypto',
  node: 'best node:crypto',
  ours: 'rails-session',
}

/** Server CPU by mode, as text. */
export function gatewayTable({ framework, format, rounds, requests, modes }: GatewayResult): string {
  const line = ({ mode, min, median, sessionShare, ratio }: ModeResult): string =>
    [
      MODE_NAMES[mode].padEnd(24),
      min.toFixed(1).padStart(8),
      median.toFixed(1).padStart(8),
      `${Math.round(100 * sessionShare)} %`.padStart(9),
      `${ratio.toFixed(2)}x`.padStart(9),
    ].join('')
  return [
    `${framework}, ${format}, 250 B; ${rounds} rounds of ${requests} requests to each server, in turns`,
    `${'server CPU us / request'.padEnd(24)}${'min'.padStart(8)}${'median'.padStart(8)}${'session'.padStart(9)}${'to ours'.padStart(9)}`,
    ...modes.map(line),
    '',
  ].join('\n')
}

/** What a second thread adds, as text. */
export function scalingLine({ mode, one, two, ratio }: Scaling): string {
  const speed = (opened: number): string => `${Math.round(1000 * opened).toLocaleString('en')}/s`
  return `${MODE_NAMES[mode]}: one thread ${speed(one)}, two ${speed(two)}, ${ratio.toFixed(2)}x`
}
