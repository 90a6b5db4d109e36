import { Buffer } from 'node:buffer'
import type { Backend } from '../../src/backend/backend.ts'
import { parseCookies } from '../../src/cookies/cookie-header.ts'
import type { SetCookieOptions } from '../../src/cookies/cookie.ts'
import { formEscape } from '../../src/cookies/escape.ts'
import type { RailsOptions, SessionCookieOptions } from '../../src/rails/options.ts'
import { createRailsOn, type Rails } from '../../src/rails/rails.ts'
import { atLeast } from '../../src/rails/version.ts'
import { type Framework, NoSuchOption, sessionOptions } from './settings.ts'
import type { HeaderCase, VectorConfig } from './vectors.ts'

/** Cookies as the vectors list them: bytes that are not UTF-8 in base64. */
export type CookieList = ReadonlyArray<readonly [string, string | null | { readonly b64: string }]>

/** A Cookie header, as {@link parseCookies} reads it. */
export function cookiesOf(header: string): CookieList {
  return listed([...parseCookies(header)])
}

/** Cookies in the notation of the vectors. */
export function listed(cookies: ReadonlyArray<readonly [string, string | Uint8Array | null]>): CookieList {
  return cookies.map(([name, value]) => [
    name,
    value instanceof Uint8Array ? { b64: Buffer.from(value).toString('base64') } : value,
  ])
}

/** How Rack escapes the value of the case. */
export function escapedValue(vector: HeaderCase): string {
  return formEscape(vector.value ?? '')
}

/** The line of the case as we write it, or null where none is sent. Session lines come without their value. */
export function lineOf(backend: Backend, framework: Framework, vector: HeaderCase): string | null {
  const { https, host } = vector.request ?? { https: false, host: 'example.org' }
  const rails = railsFor(backend, framework, vector)
  if (vector.op === 'session_set_cookie') {
    const line = rails.session.setCookie({ session_id: '0'.repeat(32) }, { https, host })
    return line === null ? null : line.replace(/=[^;]*/, '=')
  }
  const given = vector.options ?? {}
  const cookie = (given['_permanent'] === true ? rails.cookies.permanent : rails.cookies).plain(
    vector.cookie_name ?? vector.name ?? '',
  )
  const options = cookieOptions(given)
  if (given['_delete'] === true) return cookie.delete({ ...options, https, host })
  return cookie.setCookie(vector.value ?? '', { ...options, https, host })
}

/** The line that Rails sent, likewise; null where it sent none. */
export function recordedLine(vector: HeaderCase): string | null {
  const line = vector.set_cookie?.[0]
  if (line === undefined) return null
  return vector.op === 'session_set_cookie' ? line.replace(/=[^;]*/, '=') : line
}

function railsFor(backend: Backend, { rails, rack }: Framework, vector: HeaderCase): Rails {
  const session: SessionCookieOptions = {
    ...sessionOptions(lowerCaseSameSite(vector.session_options ?? {})),
    key: vector.cookie_name ?? '_session_id',
  }
  const given = { ...vector.options, ...vector.session_options }
  const options: RailsOptions = {
    ...(atLeast(rails, '4.0') ? { secretKeyBase: '0'.repeat(128) } : { secretToken: '0'.repeat(128) }),
    loadDefaults: rails,
    railsVersion: rails,
    rackVersion: rack,
    cookiesSerializer: 'json',
    overflow: 'rails',
    session,
    now: () => NOW,
  }
  // Rails has that setting since 6.1; what was given to older ones did nothing.
  if ('_env_same_site' in given && atLeast(rails, '6.1')) {
    options.cookiesSameSiteProtection = given['_env_same_site'] as 'lax' | 'strict' | 'none' | null
  }
  return createRailsOn(backend, options)
}

function cookieOptions(given: VectorConfig): SetCookieOptions {
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(lowerCaseSameSite(given))) {
    if (name.startsWith('_')) continue
    const option = COOKIE_OPTIONS.get(name)
    if (option === undefined) throw new NoSuchOption('cookie option', name)
    options[option] = option === 'expires' ? new Date(String(value)) : value
  }
  return options as SetCookieOptions
}

/** Rack takes `Strict` as well, and true and false. */
function lowerCaseSameSite(given: VectorConfig): VectorConfig {
  const sameSite = given['same_site']
  if (typeof sameSite === 'boolean') return { ...given, same_site: sameSite ? 'strict' : null }
  return typeof sameSite === 'string' ? { ...given, same_site: sameSite.toLowerCase() } : given
}

/** When the lines were recorded. */
const NOW = Date.parse('2026-11-23T12:00:00.000Z')

const COOKIE_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['domain', 'domain'],
  ['tld_length', 'tldLength'],
  ['path', 'path'],
  ['max_age', 'maxAgeSeconds'],
  ['expires', 'expires'],
  ['secure', 'secure'],
  ['httponly', 'httpOnly'],
  ['same_site', 'sameSite'],
  ['partitioned', 'partitioned'],
])
