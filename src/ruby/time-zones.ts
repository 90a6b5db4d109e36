/** Rails' names of time zones, and what the platform knows about zones. */

import { isIanaName } from './iana-names.ts'

/** Whether `ActiveSupport::TimeZone[name]` finds a zone: one of Rails' own names, or one of the IANA database. */
export function isTimeZone(name: string): boolean {
  return RAILS_ZONES.has(name) || isIanaName(name)
}

/**
 * Seconds east of UTC in a zone at a time, in milliseconds since 1970; null where the platform does not know the zone, or
 * the time is outside of the range of `Date`.
 */
export function zoneOffset(name: string, time: number): number | null {
  const format = formatter(name)
  if (format === null || !Number.isFinite(time)) return null
  const fields: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(time)) if (type !== 'literal') fields[type] = Number(value)
  const { year, month, day, hour, minute, second } = fields
  const local = Date.UTC(year!, month! - 1, day, hour, minute, second)
  return Math.round((local - Math.floor(time / 1000) * 1000) / 1000)
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
  // The platform takes names in any case, and offsets.
  if (!isIanaName(zone)) return null
  try {
    return new Intl.DateTimeFormat('en-US', { ...FIELDS, timeZone: zone, hourCycle: 'h23', era: undefined })
  } catch {
    return null
  }
}

const MOST_FORMATTERS = 64
const FORMATTERS = new Map<string, Intl.DateTimeFormat>()
const FIELDS = {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const

/** `ActiveSupport::TimeZone::MAPPING`: a zone of the IANA database, and Rails' names for it. */
const MAPPING = `
Etc/GMT+12=International Date Line West
Pacific/Midway=Midway Island
Pacific/Pago_Pago=American Samoa
Pacific/Honolulu=Hawaii
America/Juneau=Alaska
America/Los_Angeles=Pacific Time (US & Canada)
America/Tijuana=Tijuana
America/Denver=Mountain Time (US & Canada)
America/Phoenix=Arizona
America/Chihuahua=Chihuahua
America/Mazatlan=Mazatlan
America/Chicago=Central Time (US & Canada)
America/Regina=Saskatchewan
America/Mexico_City=Guadalajara;Mexico City
America/Monterrey=Monterrey
America/Guatemala=Central America
America/New_York=Eastern Time (US & Canada)
America/Indiana/Indianapolis=Indiana (East)
America/Bogota=Bogota
America/Lima=Lima;Quito
America/Halifax=Atlantic Time (Canada)
America/Caracas=Caracas
America/La_Paz=La Paz
America/Santiago=Santiago
America/St_Johns=Newfoundland
America/Sao_Paulo=Brasilia
America/Argentina/Buenos_Aires=Buenos Aires
America/Montevideo=Montevideo
America/Guyana=Georgetown
America/Puerto_Rico=Puerto Rico
America/Godthab=Greenland
Atlantic/South_Georgia=Mid-Atlantic
Atlantic/Azores=Azores
Atlantic/Cape_Verde=Cape Verde Is.
Europe/Dublin=Dublin
Europe/London=Edinburgh;London
Europe/Lisbon=Lisbon
Africa/Casablanca=Casablanca
Africa/Monrovia=Monrovia
Etc/UTC=UTC
Europe/Belgrade=Belgrade
Europe/Bratislava=Bratislava
Europe/Budapest=Budapest
Europe/Ljubljana=Ljubljana
Europe/Prague=Prague
Europe/Sarajevo=Sarajevo
Europe/Skopje=Skopje
Europe/Warsaw=Warsaw
Europe/Zagreb=Zagreb
Europe/Brussels=Brussels
Europe/Copenhagen=Copenhagen
Europe/Madrid=Madrid
Europe/Paris=Paris
Europe/Amsterdam=Amsterdam
Europe/Berlin=Berlin
Europe/Zurich=Bern;Zurich
Europe/Rome=Rome
Europe/Stockholm=Stockholm
Europe/Vienna=Vienna
Africa/Algiers=West Central Africa
Europe/Bucharest=Bucharest
Africa/Cairo=Cairo
Europe/Helsinki=Helsinki
Europe/Kiev=Kyiv
Europe/Riga=Riga
Europe/Sofia=Sofia
Europe/Tallinn=Tallinn
Europe/Vilnius=Vilnius
Europe/Athens=Athens
Europe/Istanbul=Istanbul
Europe/Minsk=Minsk
Asia/Jerusalem=Jerusalem
Africa/Harare=Harare
Africa/Johannesburg=Pretoria
Europe/Kaliningrad=Kaliningrad
Europe/Moscow=Moscow;St. Petersburg
Europe/Volgograd=Volgograd
Europe/Samara=Samara
Asia/Kuwait=Kuwait
Asia/Riyadh=Riyadh
Africa/Nairobi=Nairobi
Asia/Baghdad=Baghdad
Asia/Tehran=Tehran
Asia/Muscat=Abu Dhabi;Muscat
Asia/Baku=Baku
Asia/Tbilisi=Tbilisi
Asia/Yerevan=Yerevan
Asia/Kabul=Kabul
Asia/Yekaterinburg=Ekaterinburg
Asia/Karachi=Islamabad;Karachi
Asia/Tashkent=Tashkent
Asia/Kolkata=Chennai;Kolkata;Mumbai;New Delhi
Asia/Kathmandu=Kathmandu
Asia/Dhaka=Astana;Dhaka
Asia/Colombo=Sri Jayawardenepura
Asia/Almaty=Almaty
Asia/Novosibirsk=Novosibirsk
Asia/Rangoon=Rangoon
Asia/Bangkok=Bangkok;Hanoi
Asia/Jakarta=Jakarta
Asia/Krasnoyarsk=Krasnoyarsk
Asia/Shanghai=Beijing
Asia/Chongqing=Chongqing
Asia/Hong_Kong=Hong Kong
Asia/Urumqi=Urumqi
Asia/Kuala_Lumpur=Kuala Lumpur
Asia/Singapore=Singapore
Asia/Taipei=Taipei
Australia/Perth=Perth
Asia/Irkutsk=Irkutsk
Asia/Ulaanbaatar=Ulaanbaatar
Asia/Seoul=Seoul
Asia/Tokyo=Osaka;Sapporo;Tokyo
Asia/Yakutsk=Yakutsk
Australia/Darwin=Darwin
Australia/Adelaide=Adelaide
Australia/Melbourne=Canberra;Melbourne
Australia/Sydney=Sydney
Australia/Brisbane=Brisbane
Australia/Hobart=Hobart
Asia/Vladivostok=Vladivostok
Pacific/Guam=Guam
Pacific/Port_Moresby=Port Moresby
Asia/Magadan=Magadan
Asia/Srednekolymsk=Srednekolymsk
Pacific/Guadalcanal=Solomon Is.
Pacific/Noumea=New Caledonia
Pacific/Fiji=Fiji
Asia/Kamchatka=Kamchatka
Pacific/Majuro=Marshall Is.
Pacific/Auckland=Auckland;Wellington
Pacific/Tongatapu=Nuku'alofa
Pacific/Fakaofo=Tokelau Is.
Pacific/Chatham=Chatham Is.
Pacific/Apia=Samoa`

const RAILS_ZONES: ReadonlyMap<string, string> = new Map(
  MAPPING.trim()
    .split('\n')
    .flatMap((line) => {
      const [zone = '', names = ''] = line.split('=')
      return names.split(';').map((name): [string, string] => [name, zone])
    }),
)
