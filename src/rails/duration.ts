/**
 * Seconds of a duration given as a number of seconds or as text such as `'14 days'`; null for anything else, and for
 * more than 3000 years, after which no date can be written any more.
 */
export function parseDuration(value: unknown): number | null {
  const seconds = typeof value === 'number' ? value : typeof value === 'string' ? parseText(value) : 0
  return seconds > 0 && seconds <= LONGEST ? seconds : null
}

function parseText(text: string): number {
  const match = /^(\d{1,9}) (second|minute|hour|day|week)s?$/.exec(text)
  return match === null ? 0 : Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS]
}

const LONGEST = 94_672_800_000
const SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 }
