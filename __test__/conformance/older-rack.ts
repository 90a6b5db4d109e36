/**
 * Spellings of other racks than those that we write for: 1.x and 2.0, which came with Rails 3.2 to 5.1, and 3.2.
 */
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'
import { formUnescape } from '../../src/cookies/escape.ts'

/** The rack that a Rails was recorded with, for files that do not tell. */
export function rackBeside(rails: RailsVersion): string {
  if (atLeast(rails, '7.1')) return '3.1'
  return atLeast(rails, '5.2') ? '2.2' : (OLDER_RACKS.get(rails) ?? '2.0')
}

/** The Set-Cookie line of a cookie as that rack spells ours; null where it raises instead. */
export function rackLine(name: string, ours: string, rack: string): string | null {
  const version = Number.parseFloat(rack)
  if (version >= 3.2) return TOKEN.test(name) ? ours : null
  if (version >= 2.1) return ours
  const [pair = '', ...attributes] = ours.split('; ')
  const deletes = pair.endsWith('=')
  const spelled: string[] = []
  for (const attribute of attributes) {
    const [key = '', value = ''] = attribute.split('=')
    switch (key.toLowerCase()) {
      case 'max-age':
        if (version === 1.4) continue
        // It appended an Integer to a String.
        if (version === 1.5 && !deletes) return null
        spelled.push(attribute)
        break
      case 'samesite':
        if (version < 1.6) continue
        if (version === 1.6 && value === 'None') return null
        spelled.push(attribute)
        break
      case 'expires':
        spelled.push(`expires=${version === 1.4 ? dashed(value) : value.replace('GMT', '-0000')}`)
        break
      default:
        spelled.push(attribute)
    }
  }
  return [pair, ...spelled].join('; ')
}

/** `Mon, 07 Dec 2026` → `Mon, 07-Dec-2026`. */
function dashed(date: string): string {
  return date.replace(/(\d\d) (\w{3}) (\d{4})/, '$1-$2-$3')
}

/** The Cookie header as racks up to 2.0 read it: split at commas, too, and with names that are unescaped. */
export function rackCookies(header: string): Array<[string, string | Uint8Array | null]> {
  const cookies = new Map<string, string | Uint8Array | null>()
  for (const part of header.split(/[;,] */)) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = formUnescape(equals === -1 ? part : part.slice(0, equals))
    if (typeof name !== 'string' || cookies.has(name)) continue
    cookies.set(name, equals === -1 ? null : formUnescape(part.slice(equals + 1)))
  }
  return [...cookies]
}

/** Whether that rack reads headers by {@link rackCookies}. */
export function readsCommas(rack: string): boolean {
  return rack !== '' && Number.parseFloat(rack) <= 2.0
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const OLDER_RACKS: ReadonlyMap<RailsVersion, string> = new Map([
  ['3.2', '1.4'],
  ['4.0', '1.5'],
  ['4.1', '1.5'],
  ['4.2', '1.6'],
])
