/**
 * Writes `Set-Cookie` lines in the order and spelling of Rack (`Rack::Utils.set_cookie_header`).
 */

import { ConfigError } from '../errors.ts'
import { formEscape } from './escape.ts'

/** Spelling of a line: `'2'` is Rack 1.x and 2.x (`HttpOnly`), `'3'` Rack 3.x (`httponly`). */
export type RackVersion = '2' | '3'

/** Which cross-site requests carry a cookie. */
export type SameSite = 'lax' | 'strict' | 'none'

/** Attributes of one cookie, exactly as they are to be sent. */
export interface CookieAttributes {
  readonly domain?: string | undefined
  readonly path?: string | undefined
  /** Life in whole seconds from the moment the browser gets the cookie. */
  readonly maxAgeSeconds?: number | undefined
  /** Sent in whole seconds, rounded down. Years 1601 to 9999, the range that RFC 6265 can express. */
  readonly expires?: Date | undefined
  readonly secure?: boolean | undefined
  readonly httpOnly?: boolean | undefined
  readonly sameSite?: SameSite | undefined
  /** Left out in the spelling of Rack 2, which does not know it. */
  readonly partitioned?: boolean | undefined
}

/**
 * The text of one `Set-Cookie` header for a value that is form-escaped already.
 *
 * @throws {ConfigError} naming the attribute, when one cannot stand in a header: control characters, `;`, text that is
 * not ASCII, a number that is not whole, an invalid date; and when `escapedValue` is not form-escaped.
 */
export function setCookieLine(
  name: string,
  escapedValue: string,
  attributes: CookieAttributes,
  rackVersion: RackVersion,
): string {
  const { domain, path, maxAgeSeconds, expires, secure, httpOnly, sameSite, partitioned } = attributes
  if (!FORM_ESCAPED.test(escapedValue)) throw new ConfigError('value: must be form-escaped')
  const rack3 = rackVersion === '3'
  let line = `${cookieName(name, rackVersion)}=${escapedValue}`
  if (domain !== undefined) line += `; domain=${attributeText('domain', domain)}`
  if (path !== undefined) line += `; path=${attributeText('path', path)}`
  if (maxAgeSeconds !== undefined) line += `; max-age=${wholeSeconds(maxAgeSeconds)}`
  if (expires !== undefined) line += `; expires=${httpDate(expires)}`
  if (secure === true) line += '; secure'
  if (httpOnly === true) line += rack3 ? '; httponly' : '; HttpOnly'
  if (sameSite !== undefined) line += sameSiteText(sameSite, rack3)
  if (partitioned === true && rack3) line += '; partitioned'
  return line
}

/**
 * A `Set-Cookie` line that makes the browser forget the cookie. `attributes` must name the domain and path the cookie
 * was set with; expiry and maximal age in them are replaced.
 *
 * @throws {ConfigError} as {@link setCookieLine}.
 */
export function deleteCookieLine(name: string, attributes: CookieAttributes, rackVersion: RackVersion): string {
  return setCookieLine(name, '', { ...attributes, maxAgeSeconds: 0, expires: new Date(0) }, rackVersion)
}

/**
 * A cookie name as Rack sends it: Rack 2 form-escapes every name, Rack 3.0 and 3.1 only those that are not made of
 * RFC 9110 token characters. Rack 3.2 refuses the latter; here they are escaped still.
 */
export function cookieName(name: string, rackVersion: RackVersion): string {
  return rackVersion === '3' && TOKEN.test(name) ? name : formEscape(name)
}

function attributeText(option: 'domain' | 'path', text: string): string {
  if (!ATTRIBUTE_TEXT.test(text)) {
    throw new ConfigError(`${option}: must be printable ASCII text without ";"`)
  }
  return text
}

function wholeSeconds(seconds: number): number {
  if (!Number.isSafeInteger(seconds)) throw new ConfigError('maxAgeSeconds: must be a whole number')
  return seconds
}

function httpDate(date: Date): string {
  const year = date.getUTCFullYear()
  // NaN, the year of an invalid date, is not within either.
  if (!(year >= 1601 && year <= 9999)) throw new ConfigError('expires: must be a date from 1601 to 9999')
  return date.toUTCString()
}

function sameSiteText(sameSite: SameSite, rack3: boolean): string {
  const word = SAME_SITE.get(sameSite)
  if (word === undefined) throw new ConfigError("sameSite: must be 'lax', 'strict' or 'none'")
  return rack3 ? `; samesite=${sameSite}` : `; SameSite=${word}`
}

const FORM_ESCAPED = /^[A-Za-z0-9*\-._+%]*$/
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// RFC 6265 av-octet: ASCII without control characters and ";".
const ATTRIBUTE_TEXT = /^[\x20-\x3a\x3c-\x7e]*$/
const SAME_SITE: ReadonlyMap<string, string> = new Map([
  ['lax', 'Lax'],
  ['strict', 'Strict'],
  ['none', 'None'],
])
