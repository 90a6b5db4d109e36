import { randomBytes } from 'node:crypto'
import type { Cookie, DeleteCookieOptions, SealOptions, SetCookieOptions } from '../cookies/cookie.ts'
import { findCookie } from '../cookies/cookie-header.ts'
import type { CookieLines } from '../cookies/cookie-lines.ts'
import { sessionExpiry } from '../cookies/expiry.ts'
import { expiryDate } from '../cookies/jar.ts'
import type { SealedCookie } from '../cookies/sealed-cookie.ts'
import { RailsSessionError, UnserializableValueError } from '../errors.ts'
import type { AcceptedMessage } from '../messages/accepted.ts'
import type { Opened } from '../messages/opened.ts'
import { rejected } from '../rejection.ts'
import type { StandardSchema } from '../standard-schema.ts'

/** How the session cookie differs from any other. */
export interface SessionCookieSettings {
  readonly expireAfterSeconds: number | null
  readonly schema: StandardSchema | undefined
  readonly now: () => number
}

/** The cookie of `ActionDispatch::Session::CookieStore`: a Hash with a `session_id`. */
export class SessionCookie<T> implements Cookie<T, Partial<T>> {
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

  open(value: string | undefined): Opened<T> {
    const opened = this.#cookie.open(value)
    if (!opened.ok) return opened
    const { data } = opened
    if (!isHash(data)) return rejected('not_a_session')
    // Rails shows the application an empty session for a cookie without an id.
    if (!Object.hasOwn(data, 'session_id') || data['session_id'] === null || data['session_id'] === false) {
      return rejected('no_session_id')
    }
    return this.#settings.schema === undefined ? (opened as Opened<T>) : this.#validated(opened as AcceptedMessage<T>)
  }

  openHeader(header: string | undefined): Opened<T> {
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

  delete(options: DeleteCookieOptions = {}): string {
    return this.#lines.delete(options)
  }

  #expires({ expires, maxAgeSeconds }: SetCookieOptions): Date | undefined {
    const now = this.#settings.now()
    const expireAfterSeconds = this.#settings.expireAfterSeconds ?? undefined
    return sessionExpiry({ expires: expiryDate(expires, now) ?? undefined, maxAgeSeconds, expireAfterSeconds }, now)
  }

  #validated(opened: AcceptedMessage<T>): Opened<T> {
    const result = this.#settings.schema!['~standard'].validate(opened.data)
    if ('then' in result) {
      // Nobody waits for it any more, so its failure must not end the process.
      Promise.resolve(result).catch(() => undefined)
      throw new RailsSessionError(
        'ERR_RAILS_SESSION_SCHEMA',
        'schema: validates asynchronously, and a session is opened synchronously; write a synchronous schema',
      )
    }
    return result.issues === undefined ? opened.with(result.value as T) : rejected('schema_invalid')
  }
}

/** A new session id as `SecureRandom.hex(16)` makes it. */
export function newSessionId(): string {
  return randomBytes(16).toString('hex')
}

function isHash(data: unknown): data is Record<string, unknown> {
  if (typeof data !== 'object' || data === null) return false
  const prototype: unknown = Object.getPrototypeOf(data)
  return prototype === null || prototype === Object.prototype
}

function sessionHash(data: unknown): Record<string, unknown> {
  if (!isHash(data)) throw new UnserializableValueError('session: data is not a plain object; write { key: value, … }')
  // Not Object.create(null), which makes a hash table: writing that takes half as long again.
  const hash = Object.setPrototypeOf({}, null) as Record<string, unknown>
  hash['session_id'] = data['session_id'] || newSessionId()
  for (const key of Object.keys(data)) {
    const value = data[key]
    if (key !== 'session_id' && value !== null && value !== undefined) hash[key] = value
  }
  return hash
}
