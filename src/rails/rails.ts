import { inspect } from 'node:util'
import type { Backend, Derivation, Key } from '../backend/backend.ts'
import { selectBackend } from '../backend/select.ts'
import type { Cookie } from '../cookies/cookie.ts'
import { CookieLines } from '../cookies/cookie-lines.ts'
import type { JarKeys, JarSettings } from '../cookies/jar.ts'
import { PlainCookie, type PlainValue } from '../cookies/plain-cookie.ts'
import { SealedCookie } from '../cookies/sealed-cookie.ts'
import { ConfigError } from '../errors.ts'
import { keyCacheOf } from '../keys/key-cache.ts'
import type { RewritingSerializer } from '../serializers/serializer.ts'
import { cookiesSerializer } from '../serializers/cookies-serializer.ts'
import { customSerializer } from '../serializers/custom.ts'
import type { SessionData } from '../session/request-session.ts'
import { type Session, SessionCookie } from '../session/session-cookie.ts'
import { type Config, readConfig } from './config.ts'
import type { RailsOptions } from './options.ts'
import { type PlannedScheme, planEncrypted, planSigned } from './schemes.ts'
import { atLeast } from './version.ts'

/** The jars of `cookies`, each giving the cookie of a name. Keep the cookie: making one costs more than opening it. */
export interface Cookies {
  /** Unprotected text. */
  plain(name: string): Cookie<string | Uint8Array, PlainValue>
  signed(name: string): Cookie
  encrypted(name: string): Cookie
  /** The same cookies, set with an expiry in 20 years. */
  readonly permanent: Omit<Cookies, 'permanent'>
}

/** A Rails application's cookies, as `createRails` returns them. */
export interface Rails<Data = SessionData> {
  /** What does the cryptography: `'native'` is the Rust addon, `'node'` is `node:crypto`. */
  readonly backend: 'native' | 'node'
  readonly session: Session<Data>
  readonly cookies: Cookies
}

/**
 * Sets up the cookies of a Rails application. Derives the keys of the session cookie, which takes about a
 * millisecond, once; keys of other jars when they are first used; equal settings share their keys.
 *
 * @throws ConfigError for every mistake in the options.
 *
 * @example
 * import { createRails } from 'rails-session'
 *
 * const rails = createRails({
 *   secretKeyBase: 'c0ffee'.repeat(20),
 *   loadDefaults: '7.1',
 *   session: { key: '_shop_session' },
 * })
 * const value = rails.session.seal({ user_id: 1 })
 * const opened = rails.session.open(value)
 * if (opened.ok) console.log(opened.data['user_id']) // 1
 */
export function createRails<Data = SessionData>(options: RailsOptions<Data>): Rails<Data> {
  const config = readConfig(options)
  return applicationOn(selectBackend(config.backend), config)
}

/** {@link createRails} on a backend of the caller's, whatever `options.backend` says. For tests; not exported to users. */
export function createRailsOn<Data = SessionData>(backend: Backend, options: RailsOptions<Data>): Rails<Data> {
  return applicationOn(backend, readConfig(options))
}

function applicationOn<Data>(backend: Backend, config: Config): Rails<Data> {
  const cache = keyCacheOf(backend)
  cache.grow(config.cachedKeys)
  return new Application(config, backend, planKeys(config), (derivation) => cache.get(derivation))
}

/**
 * As {@link createRails}, with every key derived on other threads, so that the event loop is never blocked.
 *
 * @throws ConfigError (as a rejection) for every mistake in the options.
 *
 * @example
 * import { createRailsAsync } from 'rails-session'
 *
 * const rails = await createRailsAsync({ secretKeyBase: 'c0ffee'.repeat(20), loadDefaults: '8.0' })
 * console.log(rails.session.open(undefined)) // { ok: false, reason: 'absent', authenticated: false }
 */
export async function createRailsAsync<Data = SessionData>(options: RailsOptions<Data>): Promise<Rails<Data>> {
  const config = readConfig(options)
  const backend = selectBackend(config.backend)
  const cache = keyCacheOf(backend)
  cache.grow(config.cachedKeys)
  const plan = planKeys(config)
  const derived = new Map<Derivation, Key>()
  const sources = [...plan.signed, ...(plan.encrypted ?? [])].flatMap((scheme) => scheme.keys)
  const derive = async (derivation: Derivation): Promise<void> => {
    derived.set(derivation, await cache.getAsync(derivation))
  }
  await Promise.all(sources.map((source) => ('derive' in source ? derive(source.derive) : undefined)))
  return new Application(config, backend, plan, (derivation) => derived.get(derivation)!)
}

/** The schemes of both jars; no `encrypted` where Rails has no such jar. Planning checks, and derives nothing. */
interface KeyPlan {
  readonly signed: readonly PlannedScheme[]
  readonly encrypted: readonly PlannedScheme[] | null
}

function planKeys(config: Config): KeyPlan {
  return { signed: planSigned(config), encrypted: config.secrets.length === 0 ? null : planEncrypted(config) }
}

class Application<Data> implements Rails<Data> {
  readonly backend: 'native' | 'node'
  readonly session: Session<Data>
  readonly cookies: Cookies

  constructor(config: Config, backend: Backend, plan: KeyPlan, derive: (derivation: Derivation) => Key) {
    const settings = jarSettings(config)
    const signed = once(() => jarKeys(backend, plan.signed, derive))
    const encrypted = once(() => {
      if (plan.encrypted !== null) return jarKeys(backend, plan.encrypted, derive)
      throw new ConfigError(
        'cookies.encrypted: needs a secretKeyBase; with secretToken alone, Rails only signs: use cookies.signed',
      )
    })
    this.backend = backend.name
    this.cookies = Object.freeze({
      ...jars(settings, signed, encrypted, false),
      permanent: Object.freeze(jars(settings, signed, encrypted, true)),
    })
    this.session = sessionCookie(config, settings, (config.encryptSession ? encrypted : signed)())
    Object.freeze(this)
  }

  [inspect.custom](): string {
    return `Rails { backend: '${this.backend}', session: '${this.session.name}' }`
  }
}

function jars(
  settings: JarSettings,
  signed: () => JarKeys,
  encrypted: () => JarKeys,
  permanent: boolean,
): Omit<Cookies, 'permanent'> {
  const lines = (name: string): CookieLines =>
    new CookieLines(checkedName(name), settings, 'jar', { sameSite: settings.sameSite })
  return {
    plain: (name) => new PlainCookie(name, settings, lines(name), permanent),
    signed: (name) => new SealedCookie(name, 'signed', settings, signed(), lines(name), permanent),
    encrypted: (name) => new SealedCookie(name, 'encrypted', settings, encrypted(), lines(name), permanent),
  }
}

function sessionCookie<Data>(config: Config, settings: JarSettings, keys: JarKeys): Session<Data> {
  const { key, expireAfterSeconds, sameSite, ...given } = config.session
  // A `same_site: nil` of the application: Rails 6.1 and 7.0 put their default in its place.
  const explicitNone = sameSite === null && atLeast(config.railsVersion, '7.1')
  const defaults = { ...given, sameSite: explicitNone ? null : (sameSite ?? settings.sameSite) }
  const lines = new CookieLines(key, settings, 'session', defaults)
  const cookie = new SealedCookie(key, 'session', settings, keys, lines, false)
  const { railsVersion, csrf, write, rolling, schema, now } = config
  return new SessionCookie(cookie, lines, { railsVersion, csrf, write, rolling, expireAfterSeconds, schema, now })
}

function jarKeys(backend: Backend, plan: readonly PlannedScheme[], derive: (derivation: Derivation) => Key): JarKeys {
  const schemes = plan.map((scheme) =>
    scheme.build(scheme.keys.map((source) => ('derive' in source ? derive(source.derive) : backend.key(source.bytes)))),
  )
  return {
    keyring: backend.keyring(schemes),
    schemes: plan.map(({ rotation }, i) => ({ rotation, signed: schemes[i]!.kind === 'signed' })),
  }
}

function jarSettings(config: Config): JarSettings {
  const { escapeHtmlEntities, escapeJsSeparators } = config
  const escapes = { escapeHtmlEntities, escapeJsSeparators }
  return {
    railsVersion: config.railsVersion,
    rackVersion: config.rackVersion,
    overflow: config.overflow,
    readBytes: config.readBytes,
    requirePurpose: config.requirePurpose,
    useCookiesWithMetadata: config.useCookiesWithMetadata,
    useAuthenticatedCookieEncryption: config.useAuthenticatedCookieEncryption,
    escapes,
    serializer: serializer(config),
    sameSite: config.cookiesSameSiteProtection,
    now: config.now,
  }
}

function serializer({
  cookiesSerializer: given,
  railsVersion,
  escapeHtmlEntities,
  escapeJsSeparators,
}: Config): RewritingSerializer {
  if (typeof given === 'object') return customSerializer(given)
  // 4.1 called the json gem itself; ActiveSupport's encoder came with 4.2.
  const dialect = railsVersion === '4.1' ? 'json_gem' : 'active_support'
  return cookiesSerializer(given, { escapeHtmlEntities, escapeJsSeparators, dialect, railsVersion })
}

function checkedName(name: unknown): string {
  if (typeof name === 'string' && name !== '') return name
  throw new ConfigError('cookies: the name of a cookie is a string that is not empty')
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
