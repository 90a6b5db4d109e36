import type { Opened } from '../messages/opened.ts'
import type { CookieOptions } from './attributes.ts'

/** Options of sealing a value. */
export interface SealOptions {
  /** When the cookie expires: a date, or a time from now on such as `'14 days'`. Default: it does not. */
  expires?: Date | string | undefined
}

/** What a Set-Cookie line depends on in the request that is answered. */
export interface RequestOptions {
  /** Whether the request came over https. Default true: over http, a `secure` cookie is not sent. */
  https?: boolean | undefined
  /** The request's Host header, for `domain: 'all'` and lists of domains. */
  host?: string | undefined
}

/** Options of a Set-Cookie line, by Rails' names. */
export interface SetCookieOptions extends SealOptions, RequestOptions, Omit<CookieOptions, 'expires'> {}

/** Options of deleting a cookie: the domain and path it was set with. */
export interface DeleteCookieOptions extends RequestOptions, Omit<CookieOptions, 'expires' | 'maxAgeSeconds'> {}

/** One cookie of a Rails application: opens, seals and sets it as Rails does. */
export interface Cookie<Read = unknown, Written = Read> {
  readonly name: string

  /**
   * Opens the cookie's value as it stands in the Cookie header, that is, still escaped.
   *
   * Never throws; whatever was sent, the answer is a result. `undefined` is reason `absent`.
   */
  open(value: string | undefined): Opened<Read>

  /** Finds the cookie in a whole Cookie header, as Rack does, and opens it. */
  openHeader(header: string | undefined): Opened<Read>

  /**
   * The value for a Set-Cookie line, escaped: append it as it is, without encoding it again.
   *
   * @throws CookieOverflowError when Rails or a browser would not take it.
   * @throws UnserializableValueError when the serializer has no representation for the value.
   */
  seal(value: Written, options?: SealOptions): string

  /** The Set-Cookie line as Rails would write it; null where Rails sends none. Throws as `seal`. */
  setCookie(value: Written, options?: SetCookieOptions): string | null

  /** The Set-Cookie line that makes browsers forget the cookie. */
  delete(options?: DeleteCookieOptions): string
}
