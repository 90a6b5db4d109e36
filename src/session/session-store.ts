import type { DeleteCookieOptions, SetCookieOptions } from '../cookies/cookie.ts'
import type { CsrfSettings } from '../csrf/csrf.ts'
import type { AcceptedMessage } from '../messages/accepted.ts'
import type { RailsVersion } from '../rails/version.ts'
import type { Rejected } from '../rejection.ts'
import type { Changes } from '../serializers/changes.ts'
import type { Payload } from '../serializers/serializer.ts'
import type { SessionData } from './request-session.ts'
import type { WriteSettings } from './write-rule.ts'

/** How sessions are read and written. */
export interface SessionSettings extends WriteSettings {
  /** The Rails on the other side. */
  readonly railsVersion: RailsVersion
  readonly csrf: CsrfSettings
}

/** What the sessions of all requests have in common: the cookie that they are kept in. */
export interface SessionStore {
  readonly settings: SessionSettings
  /** Milliseconds since 1970. */
  now(): number
  /** Opens the session in a Cookie header, with the keys of Rails that a schema has dropped. */
  openRequest(header: string | undefined): AcceptedMessage<unknown> | Rejected

  /** The session's data, in an object without a prototype. */
  dataOf(opened: AcceptedMessage<unknown>): SessionData
  /** The same data as it came, in objects that nobody else has. */
  originalOf(opened: AcceptedMessage<unknown>): SessionData
  /** One key of that. */
  originalValueOf(opened: AcceptedMessage<unknown>, key: string): unknown

  /** What is sealed for a session that was opened, with changes made; throws for values that cannot be written. */
  updated(opened: AcceptedMessage<unknown>, changes: Changes): Payload
  /** What is sealed for a new session; throws for values that cannot be written. */
  created(data: SessionData): Payload
  /**
   * The Set-Cookie line for a payload; null where Rails sends none. `data`: what it was made of, for errors. `header`: the
   * Cookie header that came in.
   */
  line(payload: Payload, data: SessionData, header: string | undefined, options: SetCookieOptions): string | null
  /** The Set-Cookie line that makes browsers forget the cookie. */
  delete(options: DeleteCookieOptions): string
}
