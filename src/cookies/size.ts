/**
 * How Rails and browsers count the size of a cookie. Both draw the line at {@link COOKIE_MAX} and accept a cookie of
 * exactly that size.
 */

import { atLeast, type RailsVersion } from '../rails/version.ts'

/** Largest cookie, in bytes, by the count of {@link railsCookieSize} and of {@link browserCookieSize}. */
export const COOKIE_MAX = 4096

/** Bytes of the message inside a form-escaped value: its length less two for each `%XX`. */
export function railsMessageSize(escapedValue: string): number {
  let size = escapedValue.length
  for (let at = escapedValue.indexOf('%'); at !== -1; at = escapedValue.indexOf('%', at + 3)) size -= 2
  return size
}

/**
 * What Rails compares with the limit for a signed or encrypted cookie: the bytes of the message, from 8.1 on with the
 * bytes of the (unescaped) name. Rails does not check plain cookies.
 */
export function railsCookieSize(name: string, escapedValue: string, railsVersion: RailsVersion): number {
  const nameSize = atLeast(railsVersion, '8.1') ? new TextEncoder().encode(name).length : 0
  return nameSize + railsMessageSize(escapedValue)
}

/** What browsers compare with the limit: name and value as they are sent (RFC 6265bis), without `=` and attributes. */
export function browserCookieSize(escapedName: string, escapedValue: string): number {
  return escapedName.length + escapedValue.length
}
