import { IANA_ZONES, RAILS_ZONES } from './time-zone-names.ts'

/** Whether `ActiveSupport::TimeZone[name]` finds a zone: one of Rails' own names, or one of the IANA database. */
export function isTimeZone(name: string): boolean {
  return formatter(name) !== null
}

/**
 * Seconds east of UTC in a zone at a time, in milliseconds since 1970; null where the platform does not know the zone.
 */
export function zoneOffset(name: string, time: number): number | null {
  const format = formatter(name)
  if (format === null || !Number.isFinite(time)) return null
  const text = format.formatToParts(withinRange(time)).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours = 0, minutes = 0, seconds = 0] = OFFSET.exec(text) ?? []
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return sign === '-' ? -size : size
}

/** Whether a zone is UTC itself and not one that happens to have the same time. */
export function isUtc(name: string): boolean {
  return UTC_ZONES.has(RAILS_ZONES.get(name) ?? name)
}

/** Rules for the future repeat with the calendar, every 400 years; before its first rule a zone has one offset. */
function withinRange(time: number): number {
  if (time < -LAST_MILLISECOND) return -LAST_MILLISECOND
  return time <= LAST_MILLISECOND ? time : time - Math.ceil((time - LAST_MILLISECOND) / CYCLE) * CYCLE
}

function formatter(name: string): Intl.DateTimeFormat | null {
  const known = FORMATTERS.get(name)
  if (known !== undefined) return known
  const format = createFormatter(RAILS_ZONES.get(name) ?? name)
  if (format === null) return null
  // There may be hundreds, each of some kilobytes.
  if (FORMATTERS.size === MOST_FORMATTERS) FORMATTERS.clear()
  FORMATTERS.set(name, format)
  return format
}

function createFormatter(zone: string): Intl.DateTimeFormat | null {
  // The platform takes names in any case, and offsets; and it may know of zones that are newer than the list.
  if (!IANA_ZONES.has(zone) && !Intl.supportedValuesOf('timeZone').includes(zone)) return null
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  } catch {
    return null
  }
}

const MOST_FORMATTERS = 64
const FORMATTERS = new Map<string, Intl.DateTimeFormat>()
/** In what `longOffset` gives, such as `GMT-04:56:02`; nothing stands there for UTC. */
const OFFSET = /([+-])(\d\d):(\d\d)(?::(\d\d))?$/
const LAST_MILLISECOND = 8.64e15
const CYCLE = 146_097 * 86_400_000
const UTC_ZONES: ReadonlySet<string> = new Set(
  'Etc/UTC Etc/UCT Etc/Universal Etc/Zulu UTC UCT Universal Zulu'.split(' '),
)
