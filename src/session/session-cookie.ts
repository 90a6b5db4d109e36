import type { Cookie, DeleteCookieOptions, SealOptions, SetCookieOptions } from '../cookies/cookie.ts'
import { findCookie } from '../cookies/cookie-header.ts'
import type { CookieLines } from '../cookies/cookie-lines.ts'
import { formUnescape } from '../cookies/escape.ts'
import { sessionExpiry } from '../cookies/expiry.ts'
import { expiryDate } from '../cookies/jar.ts'
import type { SealedCookie } from '../cookies/sealed-cookie.ts'
import { tellAccepted, tellRejected } from '../diagnostics.ts'
import { RailsSessionError, UnserializableValueError } from '../errors.ts'
import type { AcceptedMessage } from '../messages/accepted.ts'
import type { Accepted } from '../messages/opened.ts'
import { type Rejected, rejected, type RejectionReason } from '../rejection.ts'
import { bare, isPlainHash } from '../ruby/bare.ts'
import type { Changes } from '../serializers/changes.ts'
import type { Payload } from '../serializers/serializer.ts'
import type { SchemaResult, StandardSchema } from '../standard-schema.ts'
import { LoadedSession } from './loaded-session.ts'
import type { LoadOptions, RequestSession, SessionData } from './request-session.ts'
import { withRailsKeys } from './rails-keys.ts'
import { newSessionId } from './session-id.ts'
import type { SessionSettings, SessionStore } from './session-store.ts'

/** How the session cookie differs from any other. */
export interface SessionCookieSettings extends SessionSettings {
  readonly schema: StandardSchema | undefined
  readonly now: () => number
}

/** The session cookie of a Rails application. */
export interface Session<T> extends Cookie<T, Partial<T>> {
  /**
   * The session of a request, by its Cookie header. Nothing is opened before something is asked for.
   *
   * `request`: what the Set-Cookie line depends on, `https` (default true) and `host`.
   *
   * @example
   * const session = rails.session.load(request.headers.cookie)
   * session.set('visits', 1)
   * const line = session.commit()
   * if (line !== null) response.appendHeader('set-cookie', line)
   */
  load(header: string | null | undefined, request?: LoadOptions): RequestSession<T>

  /**
   * The value of a cookie for a session that was opened, with some of its keys changed. Every other key keeps its Ruby
   * value, class and encoding: `1.0` stays a Float, a Symbol a Symbol, a Time a Time. It is written in the configured
   * serializer, as Rails would write it.
   *
   * `changes`: new values by key; `null` and `undefined` drop a key. The `session_id` stays unless there is another.
   *
   * @throws CookieOverflowError when Rails or a browser would not take it.
   * @throws UnserializableValueError when the serializer has no representation for a new value.
   * @throws TypeError when `opened` is not what `open` or `openHeader` returned.
   *
   * @example
   * const opened = rails.session.openHeader(request.headers.cookie)
   * if (opened.ok) rails.session.update(opened, { visits: 3 })
   */
  update(opened: Accepted<T>, changes: SessionChanges<T>, options?: SealOptions): string

  /** The Set-Cookie line for {@link Session.update}; null where Rails sends none. Throws as `update`. */
  updateCookie(opened: Accepted<T>, changes: SessionChanges<T>, options?: SetCookieOptions): string | null
}

/** New values for keys of a session; `null` and `undefined` drop a key. */
export type SessionChanges<T> = { readonly [Key in keyof T]?: T[Key] | null | undefined }

/** The cookie of `ActionDispatch::Session::CookieStore`: a Hash with a `session_id`. */
export class SessionCookie<T> implements Session<T>, SessionStore {
  readonly #cookie: SealedCookie
  readonly #lines: CookieLines
  readonly #settings: SessionCookieSettings

  constructor(cookie: SealedCookie, lines: CookieLines, settings: SessionCookieSettings) {
    this.#cookie = cookie
    this.#lines = lines
    this.#settings = settings
  }

  get name(): string {
    return this.#cookie.name
  }

  load(header: string | null | undefined, request?: LoadOptions): RequestSession<T> {
    const session: unknown = new LoadedSession(this, header ?? undefined, request)
    // It takes and gives any data; what that is, `T` promises.
    return session as RequestSession<T>
  }

  open(value: string | undefined): AcceptedMessage<T> | Rejected {
    return this.#open(value, asItIs)
  }

  openRequest(header: string | undefined): AcceptedMessage<unknown> | Rejected {
    return this.#open(findCookie(header, this.name), withRailsKeys)
  }

  #open(
    value: string | undefined,
    complete: (validated: unknown, data: object) => unknown,
  ): AcceptedMessage<T> | Rejected {
    const cookie = this.#cookie
    const opened = cookie.read(value)
    if (!opened.ok) return tellRejected(cookie, value, opened)
    // Rails shows the application an empty session for a cookie without an id.
    if (!opened.holds('session_id')) return this.#withoutId(value, opened)
    const { schema } = this.#settings
    if (schema === undefined) return tellAccepted(cookie, value, opened as AcceptedMessage<T>)
    return this.#validate(value, opened, schema, complete)
  }

  #validate(
    value: string | undefined,
    opened: AcceptedMessage<unknown>,
    schema: StandardSchema,
    complete: (validated: unknown, data: object) => unknown,
  ): AcceptedMessage<T> | Rejected {
    const result = validated(schema, opened.data)
    if (result.issues !== undefined) return this.#refuse(value, 'schema_invalid')
    return tellAccepted(this.#cookie, value, opened.with(complete(result.value, opened.data as object) as T))
  }

  #withoutId(value: string | undefined, opened: AcceptedMessage<unknown>): Rejected {
    return this.#refuse(value, opened.isHash() ? 'no_session_id' : 'not_a_session')
  }

  #refuse(value: string | undefined, reason: RejectionReason): Rejected {
    return tellRejected(this.#cookie, value, rejected(reason))
  }

  openHeader(header: string | undefined): AcceptedMessage<T> | Rejected {
    return this.open(findCookie(header, this.name))
  }

  /** As Rails saves a session: top-level nulls are dropped, and a `session_id` is there (a new one where none was). */
  seal(data: Partial<T>, options: SealOptions = {}): string {
    return this.#cookie.seal(sessionHash(data), { expires: this.#expires(options) })
  }

  setCookie(data: Partial<T>, options: SetCookieOptions = {}): string | null {
    const expires = this.#expires(options)
    return this.#lines.set(options, expires ?? null, () => this.#cookie.seal(sessionHash(data), { expires }))
  }

  update(opened: Accepted<T>, changes: SessionChanges<T>, options: SealOptions = {}): string {
    return this.#cookie.update(opened, changesOf(changes), { expires: this.#expires(options) })
  }

  updateCookie(opened: Accepted<T>, changes: SessionChanges<T>, options: SetCookieOptions = {}): string | null {
    const expires = this.#expires(options)
    return this.#lines.set(options, expires ?? null, () => this.#cookie.update(opened, changesOf(changes), { expires }))
  }

  delete(options: DeleteCookieOptions = {}): string {
    return this.#lines.delete(options)
  }

  get settings(): SessionSettings {
    return this.#settings
  }

  now(): number {
    return this.#settings.now()
  }

  dataOf(opened: AcceptedMessage<unknown>): SessionData {
    return bareData(opened.data)
  }

  originalOf(opened: AcceptedMessage<unknown>): SessionData {
    const { schema } = this.#settings
    if (schema === undefined) return bareData(opened.original())
    const data = opened.original()
    const result = validated(schema, data)
    // One that accepted the same data before decides by something else, too: then all counts as changed.
    return result.issues === undefined ? bareData(withRailsKeys(result.value, data as object)) : bare({})
  }

  originalValueOf(opened: AcceptedMessage<unknown>, key: string): unknown {
    return this.#settings.schema === undefined ? opened.originalOf(key) : this.originalOf(opened)[key]
  }

  updated(opened: AcceptedMessage<unknown>, changes: Changes): Payload {
    return this.#cookie.updated(opened, changes)
  }

  created(data: SessionData): Payload {
    return this.#cookie.serialize(sessionHash(data))
  }

  line(payload: Payload, data: SessionData, header: string | undefined, options: SetCookieOptions): string | null {
    const expires = this.#expires(options)
    let isSent = true
    const line = this.#lines.set(options, expires ?? null, () => {
      const sealed = this.#cookie.sealPayload(payload, data, { expires })
      isSent = expires !== undefined || this.#settings.write !== 'rails' || !this.#holds(header, sealed)
      return sealed
    })
    return isSent ? line : null
  }

  /** Whether a cookie came in with the same value: then Rails' jar sends none, unless it expires. */
  #holds(header: string | undefined, sealed: string): boolean {
    const value = findCookie(header, this.name)
    return value !== undefined && formUnescape(value) === formUnescape(sealed)
  }

  #expires({ expires, maxAgeSeconds }: SetCookieOptions): Date | undefined {
    const expireAfterSeconds = this.#settings.expireAfterSeconds ?? undefined
    if (expires === undefined && maxAgeSeconds === undefined && expireAfterSeconds === undefined) return undefined
    const now = this.now()
    return sessionExpiry({ expires: expiryDate(expires, now) ?? undefined, maxAgeSeconds, expireAfterSeconds }, now)
  }
}

function validated(schema: StandardSchema, data: unknown): SchemaResult<unknown> {
  const result = schema['~standard'].validate(data)
  if ('then' in result) {
    // Nobody waits for it any more, so its failure must not end the process.
    Promise.resolve(result).catch(() => undefined)
    throw new RailsSessionError(
      'ERR_RAILS_SESSION_SCHEMA',
      'schema: validates asynchronously, and a session is opened synchronously; write a synchronous schema',
    )
  }
  return result
}

/** A session's data as an object that takes any key. Of other keys than texts and numbers Rails makes texts of its own. */
function bareData(data: unknown): SessionData {
  if (typeof data !== 'object' || data === null) return bare({})
  if (Object.getPrototypeOf(data) === null) return data as SessionData
  const named = data instanceof Map ? [...data].filter(([key]) => typeof key !== 'object') : Object.entries(data)
  return bare(Object.fromEntries(named))
}

/** As Rails saves a session: nulls are dropped, and the id is not. */
function changesOf(changes: object): Map<string, unknown> {
  if (!isPlainHash(changes)) {
    throw new UnserializableValueError('session: changes is not a plain object; write { key: value, … }')
  }
  const entries = Object.entries(changes).map(([key, value]): [string, unknown] => [key, value ?? undefined])
  return new Map(entries.filter(([key, value]) => key !== 'session_id' || value))
}

/** Whether it is what would be saved: with its id first, and without nulls. */
function isSaved(data: Record<string, unknown>): boolean {
  let isFirst = true
  for (const key of Object.keys(data)) {
    const value = data[key]
    if (value === null || value === undefined || (isFirst && (key !== 'session_id' || !value))) return false
    isFirst = false
  }
  return !isFirst
}

function sessionHash(data: unknown): Record<string, unknown> {
  if (!isPlainHash(data))
    throw new UnserializableValueError('session: data is not a plain object; write { key: value, … }')
  if (isSaved(data)) return data
  // Not Object.create(null), which makes a hash table: writing that takes half as long again.
  const hash: Record<string, unknown> = bare({})
  hash['session_id'] = data['session_id'] || newSessionId()
  for (const key of Object.keys(data)) {
    const value = data[key]
    if (key !== 'session_id' && value !== null && value !== undefined) hash[key] = value
  }
  return hash
}

/** Made once: a closure for each cookie would be another thing to collect. */
const asItIs = (data: unknown): unknown => data
