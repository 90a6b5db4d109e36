/**
 * What Rails' cookie jar makes of the options of a cookie before Rack writes the line (`handle_options`,
 * `write_cookie?` and the session's own check).
 */

import { atLeast, type RailsVersion } from '../rails/version.ts'
import { cookieDomain, hostWithoutPort } from './cookie-domain.ts'
import type { CookieAttributes, SameSite } from './set-cookie.ts'

/** Attributes as an application asks for them. What is absent or `undefined` is left to the defaults. */
export interface CookieOptions {
  /** `'all'`, a list to choose from by host, or the domain itself; see `cookieDomain`. `null`: none. */
  readonly domain?: string | readonly string[] | null | undefined
  /** Labels of the host that `domain: 'all'` keeps. Default: two or three, by host. */
  readonly tldLength?: number | undefined
  /** `null` is `/`, as in Rails. */
  readonly path?: string | null | undefined
  /** Sent as it is. Rails does not make an expiry of it, except for sessions: see `sessionExpiry`. */
  readonly maxAgeSeconds?: number | undefined
  readonly expires?: Date | undefined
  /** `'auto'`: as the request that is answered. */
  readonly secure?: boolean | 'auto' | undefined
  readonly httpOnly?: boolean | undefined
  /** `null`: Rails 7.1 and later send none, Rails before that the default. */
  readonly sameSite?: SameSite | null | undefined
  readonly partitioned?: boolean | undefined
}

/** What a cookie's attributes depend on in the request that is answered. */
export interface RequestOrigin {
  readonly https: boolean
  /** The `Host` header, with or without a port. */
  readonly host?: string | undefined
}

/** Who sets a cookie: the session middleware or the application's cookie jar. */
export type CookieWriter = 'session' | 'jar'

/**
 * The attributes to send with a cookie, or `null` where Rails sends no cookie at all: a `secure` one over plain HTTP.
 * From Rails 7.0 on the jar (but not the session) takes a `.onion` host for secure.
 */
export function resolveAttributes(
  given: CookieOptions,
  defaults: CookieOptions,
  request: RequestOrigin,
  railsVersion: RailsVersion,
  writer: CookieWriter,
): CookieAttributes | null {
  const attributes = mergeAttributes(given, defaults, request, railsVersion)
  const withheld = attributes.secure === true && !request.https && !onionCounts(request, railsVersion, writer)
  return withheld ? null : attributes
}

/**
 * The attributes of `given` over `defaults`, with domain, path and SameSite as Rails settles them. For deletions,
 * which Rails sends over plain HTTP too; everything else goes through {@link resolveAttributes}.
 */
export function mergeAttributes(
  given: CookieOptions,
  defaults: CookieOptions,
  request: RequestOrigin,
  railsVersion: RailsVersion,
): CookieAttributes {
  const domain = given.domain === undefined ? defaults.domain : given.domain
  const tldLength = given.tldLength ?? defaults.tldLength
  const leadingDot = !atLeast(railsVersion, '7.1')
  return {
    domain:
      domain === undefined || domain === null
        ? undefined
        : cookieDomain(domain, request.host, { tldLength, leadingDot }),
    path: (given.path === undefined ? defaults.path : given.path) ?? '/',
    maxAgeSeconds: given.maxAgeSeconds ?? defaults.maxAgeSeconds,
    expires: given.expires ?? defaults.expires,
    secure: secureUnder(request, given.secure ?? defaults.secure),
    httpOnly: given.httpOnly ?? defaults.httpOnly,
    sameSite: settledSameSite(given.sameSite, defaults.sameSite, railsVersion),
    partitioned: given.partitioned ?? defaults.partitioned,
  }
}

function secureUnder(request: RequestOrigin, secure: boolean | 'auto' | undefined): boolean | undefined {
  return secure === 'auto' ? request.https : secure
}

function settledSameSite(
  given: SameSite | null | undefined,
  fallback: SameSite | null | undefined,
  railsVersion: RailsVersion,
): SameSite | undefined {
  const nilIsAnAnswer = atLeast(railsVersion, '7.1')
  if (given === undefined || (given === null && !nilIsAnAnswer)) return fallback ?? undefined
  return given ?? undefined
}

function onionCounts(request: RequestOrigin, railsVersion: RailsVersion, writer: CookieWriter): boolean {
  return writer === 'jar' && atLeast(railsVersion, '7.0') && hostWithoutPort(request.host).endsWith('.onion')
}
