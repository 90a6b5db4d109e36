import type { RequestOptions, SetCookieOptions } from '../cookies/cookie.ts'
import type { Csrf } from '../csrf/csrf.ts'
import type { RejectionReason } from '../rejection.ts'
import type { Flash } from './flash.ts'
import type { SessionChanges } from './session-cookie.ts'
import type { SessionUser } from './warden.ts'

/** Data of a session when nothing types it. */
export type SessionData = Record<string, unknown>

/**
 * The keys of your sessions, for request types that cannot be given a type argument. Empty: augment it, and adapters'
 * `request.session` knows your keys. While it is empty, every key is taken, and its value is `unknown`.
 *
 * @example
 * declare module 'rails-session' {
 *   interface RailsSessionData {
 *     user_id: number
 *   }
 * }
 */
// oxlint-disable-next-line typescript/no-empty-interface, typescript/no-empty-object-type
export interface RailsSessionData {}

/** The data of a `RequestSession<T>`: anything while T has no keys. */
export type DataOf<T> = keyof T extends never ? SessionData : T

/** What the session's Set-Cookie line depends on in the request: `secure` cookies on https, `domain: 'all'` on the host. */
export type LoadOptions = RequestOptions

/**
 * The session of one request: what came in with its cookie, and what shall go out. Nothing is opened before something is
 * asked for. Data never shares an object with methods, so that any key may be called anything.
 *
 * What was not touched is written back as Ruby had it, in value, class and encoding. As in Rails, keys whose value is null
 * are not saved, and a session that is saved has a `session_id`, which stays until {@link RequestSession.reset}: what is
 * set under that key is not saved.
 *
 * Methods that change it throw a `HeadersSentError` once the headers of the response went out.
 */
export interface RequestSession<T = RailsSessionData> {
  /**
   * The session's data as an object without a prototype. It may be changed, at any depth: what is different when the
   * session is saved is written. Empty for a new session.
   */
  readonly data: Partial<DataOf<T>>
  /** The `session_id`; null for a new session that has not been written yet. */
  readonly id: string | null
  /** Whether no acceptable cookie came in, or the session was reset. */
  readonly isNew: boolean
  /** As Rails' `session.loaded?`: a session that came in was read, or a session was written to. */
  readonly loaded: boolean
  /** Whether what goes out differs from what came in, or would be sealed otherwise (`meta.rewrite`). */
  readonly changed: boolean
  /** Why the cookie was refused; null if it was accepted, and if there was none. For logs, not for clients. */
  readonly rejected: RejectionReason | null

  /** The value of a key; undefined if there is no such key. An object may be changed, and is saved if it was. */
  get<K extends keyof DataOf<T> & string>(key: K): DataOf<T>[K] | undefined
  get(key: string): unknown
  /** Sets a key. `null` and `undefined` are not saved, as in Rails. */
  set<K extends keyof DataOf<T> & string>(key: K, value: DataOf<T>[K] | null | undefined): void
  /** Drops a key. Returns whether it was there. */
  delete(key: string): boolean
  has(key: string): boolean
  /** All keys, `session_id` included if there is one. */
  keys(): string[]
  /**
   * Sets several keys; a function is given the data and returns what to set.
   *
   * @example
   * session.update((data) => ({ visits: (data.visits ?? 0) + 1 }))
   */
  update(changes: SessionChanges<DataOf<T>> | ((data: Partial<DataOf<T>>) => SessionChanges<DataOf<T>>)): void

  /** Messages for the next request. */
  readonly flash: Flash
  /** Tokens against forged requests, made and checked with the session's `_csrf_token`. */
  readonly csrf: Csrf

  /**
   * Who is signed in through Devise (Warden), by scope; null for nobody, and for what Devise would not have written.
   *
   * The cookie alone cannot tell whether that is still so: Rails compares `salt` with the first 29 characters of the
   * user's `encrypted_password`, and so notices a new password; it asks the model whether the account is locked or
   * unconfirmed, and Timeoutable looks at `last_request_at` in the key `warden.user.SCOPE.session`.
   */
  user(scope?: string): SessionUser | null

  /** Rails' `reset_session`: a new session_id, and all data and flash gone. Call it at login and at logout. */
  reset(): void
  /** A new session_id for the same data: Rails' `session.options[:renew]`, which Devise sets at login. */
  renew(): void
  /** Makes the browser forget the cookie, unless the session is written to afterwards. */
  expire(): void
  /** Writes no cookie for this request, whatever else happens. */
  skip(): void
  /**
   * The Set-Cookie line; null where none is to be sent. A second call gives the same line, unless something changed.
   *
   * @throws CookieOverflowError when Rails or a browser would not take it.
   * @throws UnserializableValueError when the serializer has no representation for a value.
   */
  commit(options?: SetCookieOptions): string | null
}
