import { inspect } from 'node:util'
import type { SetCookieOptions } from '../cookies/cookie.ts'
import { type Csrf, SessionCsrf } from '../csrf/csrf.ts'
import { HeadersSentError } from '../errors.ts'
import type { AcceptedMessage } from '../messages/accepted.ts'
import type { Rejected, RejectionReason } from '../rejection.ts'
import { bare } from '../ruby/bare.ts'
import type { Changes } from '../serializers/changes.ts'
import type { Payload } from '../serializers/serializer.ts'
import { type Flash, SessionFlash } from './flash.ts'
import type { LoadOptions, RequestSession, SessionData } from './request-session.ts'
import { sameValue } from './same-value.ts'
import { changesBetween, givenChanges, hasData } from './session-changes.ts'
import { newSessionId } from './session-id.ts'
import type { SessionStore } from './session-store.ts'
import { flashToStore } from './stored-flash.ts'
import { type SessionUser, wardenKey, wardenUser } from './warden.ts'
import { isDue, rolls } from './write-rule.ts'

/** The one implementation of {@link RequestSession}. One is made for every request, so it does nothing until asked. */
export class LoadedSession implements RequestSession<SessionData> {
  readonly #store: SessionStore
  readonly #header: string | undefined
  readonly #request: LoadOptions | undefined
  /** What the cookie held; null until somebody asks. */
  #incoming: AcceptedMessage<unknown> | Rejected | null = null
  /** The data as it is now, once somebody has asked for all of it or changed some. */
  #data: SessionData | null = null
  /** The data as it came, once there was something to compare with it. */
  #original: SessionData | null = null
  /** Keys whose values are objects that were given away before that, and may have been changed. */
  #lent: string[] | null = null
  #flash: SessionFlash | null = null
  #csrf: SessionCsrf | null = null
  /** A session_id that replaces the one of the cookie. */
  #newId: string | null = null
  #loaded = false
  #reset = false
  #expired = false
  #skipped = false
  /** Why nothing can be changed any more; null while it can. */
  #closed: string | null = null
  /** What was committed last. */
  #payload: string | null = null
  #line: string | null = null

  constructor(store: SessionStore, header: string | undefined, request: LoadOptions | undefined) {
    this.#store = store
    this.#header = header
    this.#request = request
  }

  get data(): SessionData {
    this.#read()
    return this.#all()
  }

  get id(): string | null {
    if (this.#newId !== null) return this.#newId
    // As it came: of the data, anything may have been made, by the application and by a schema.
    const id = this.#kept()?.originalOf('session_id')
    return typeof id === 'string' ? id : null
  }

  get isNew(): boolean {
    return this.#kept() === null
  }

  get loaded(): boolean {
    return this.#loaded
  }

  get flash(): Flash {
    return (this.#flash ??= new SessionFlash({
      stored: () => this.get('flash'),
      checkOpen: (call) => this.#checkOpen(call),
    }))
  }

  get csrf(): Csrf {
    const { host, https = true } = this.#request ?? {}
    return (this.#csrf ??= new SessionCsrf(this, this.#store.settings.csrf, { host, https }))
  }

  get changed(): boolean {
    this.#saveFlash()
    const kept = this.#kept()
    if (this.#expired) return true
    if (kept === null) return hasData(this.#all()) || (this.#reset && this.#cameIn())
    return this.#newId !== null || kept.rewrite || this.#changes(kept).size > 0
  }

  get rejected(): RejectionReason | null {
    const incoming = this.#open()
    return incoming.ok || incoming.reason === 'absent' ? null : incoming.reason
  }

  get(key: string): unknown {
    if (this.#data === null) {
      const kept = this.#read()
      if (kept === null) return undefined
      const value = kept.get(key)
      if (typeof value === 'object' && value !== null) this.#lend(key)
      return value
    }
    return Object.hasOwn(this.#data, key) ? this.#data[key] : undefined
  }

  set(key: string, value: unknown): void {
    const data = this.#write(`set('${key}')`)
    if (value === undefined) delete data[key]
    else data[key] = value
  }

  delete(key: string): boolean {
    const data = this.#write(`delete('${key}')`)
    return Object.hasOwn(data, key) && delete data[key]
  }

  has(key: string): boolean {
    if (this.#data !== null) return Object.hasOwn(this.#data, key)
    return this.#read()?.get(key) !== undefined
  }

  keys(): string[] {
    return this.#read() === null && this.#data === null ? [] : Object.keys(this.#all())
  }

  update(changes: object | ((data: SessionData) => object)): void {
    const data = this.#write('update()')
    for (const [key, value] of Object.entries(givenChanges(changes, data))) this.set(key, value)
  }

  user(scope = 'user'): SessionUser | null {
    return wardenUser(this.get(wardenKey(scope)))
  }

  reset(): void {
    this.#checkOpen('reset()')
    this.#reset = true
    this.#loaded = true
    this.#expired = false
    this.#lent = null
    this.#flash?.forget()
    this.#data = bare({})
    this.#nameAnew(this.#data)
  }

  renew(): void {
    this.#nameAnew(this.#write('renew()'))
  }

  expire(): void {
    this.#checkOpen('expire()')
    this.reset()
    this.#expired = true
  }

  skip(): void {
    this.#checkOpen('skip()')
    this.#skipped = true
  }

  commit(options?: SetCookieOptions): string | null {
    if (this.#closed !== null) return this.#line
    this.#saveFlash()
    if (this.#skipped || !this.#isDue()) return this.#committed(null, null)
    const given = { ...this.#request, ...options }
    if (this.#expired && !hasData(this.#all())) return this.#committed(null, this.#store.delete(given))
    const payload = this.#serialize()
    if (payload.text === this.#payload && options === undefined) return this.#line
    return this.#committed(payload.text, this.#store.line(payload, this.#all(), this.#header, given))
  }

  /** Commits for the last time: whatever would change the session from now on throws. Returns the line to send. */
  close(why: string): string | null {
    // By the rule 'manual', what counts is whether somebody has committed before.
    if (this.#store.settings.write !== 'manual') this.commit()
    else if (this.#skipped) this.#line = null
    this.#closed = why
    if (this.#data !== null) Object.freeze(this.#data)
    return this.#line
  }

  toString(): string {
    return `[RequestSession ${this.#keysToShow()?.join(' ') ?? 'not loaded'}]`
  }

  /** Keys only, since values are nobody's business. */
  toJSON(): { readonly keys: readonly string[] | null } {
    return { keys: this.#keysToShow() }
  }

  static {
    // Not a method: isolated declarations have no room for a computed name.
    const value = function (this: LoadedSession): string {
      return `RequestSession ${inspect(this.toJSON())}`
    }
    Object.defineProperty(this.prototype, inspect.custom, { value })
  }

  /** Null where that would have to be looked up first. */
  #keysToShow(): string[] | null {
    if (this.#data !== null) return Object.keys(this.#data)
    return this.#incoming?.ok === true ? Object.keys(this.#all()) : null
  }

  #open(): AcceptedMessage<unknown> | Rejected {
    return (this.#incoming ??= this.#store.openRequest(this.#header))
  }

  /** The session that came in; null if there was none, or if it was reset. */
  #kept(): AcceptedMessage<unknown> | null {
    if (this.#reset) return null
    const incoming = this.#open()
    return incoming.ok ? incoming : null
  }

  /** To be called before something of the session is shown. */
  #read(): AcceptedMessage<unknown> | null {
    const kept = this.#kept()
    if (kept !== null) this.#loaded = true
    return kept
  }

  /** Whether there was a cookie, even one that was refused: a session that was reset must replace it. */
  #cameIn(): boolean {
    const incoming = this.#open()
    return incoming.ok || incoming.reason !== 'absent'
  }

  #all(): SessionData {
    if (this.#data === null) {
      const kept = this.#kept()
      this.#data = kept === null ? bare({}) : this.#store.dataOf(kept)
      if (this.#closed !== null) Object.freeze(this.#data)
    }
    return this.#data
  }

  /** The data, for a method that is going to change it. */
  #write(call: string): SessionData {
    this.#checkOpen(call)
    this.#loaded = true
    const data = this.#all()
    if (this.#newId === null && this.#kept() === null) this.#nameAnew(data)
    return data
  }

  #nameAnew(data: SessionData): void {
    this.#newId = newSessionId()
    data['session_id'] = this.#newId
  }

  #checkOpen(call: string): void {
    if (this.#closed !== null) throw new HeadersSentError(`session.${call}: ${this.#closed}`)
  }

  #lend(key: string): void {
    if (this.#lent === null) this.#lent = [key]
    else if (!this.#lent.includes(key)) this.#lent.push(key)
  }

  /** As Rails' `commit_flash`: puts the flash into the session, if anybody has asked for it. */
  #saveFlash(): void {
    const kept = this.#flash?.kept() ?? null
    if (kept === null || this.#closed !== null) return
    const stored = flashToStore(kept, this.#store.settings.railsVersion)
    if (stored !== undefined) this.#all()['flash'] = stored
    else if (this.has('flash')) delete this.#all()['flash']
  }

  /** Whether by the rules a cookie is to be sent. */
  #isDue(): boolean {
    const { settings } = this.#store
    if (settings.write === 'manual') return true
    if (settings.write === 'rails' && this.#loaded) return true
    const isTouched = this.#incoming !== null || this.#data !== null
    return (isTouched && this.changed) || (rolls(settings) && this.#rolls())
  }

  #rolls(): boolean {
    const kept = this.#kept()
    return kept !== null && isDue(this.#store.settings, kept.expiryTime, this.#store.now())
  }

  #changes(kept: AcceptedMessage<unknown>): Changes {
    const store = this.#store
    if (this.#data !== null) return changesBetween((this.#original ??= store.originalOf(kept)), this.#data)
    const changes = new Map<string, unknown>()
    for (const key of this.#lent ?? []) {
      const value = kept.get(key)
      if (!sameValue(value, store.originalValueOf(kept, key))) changes.set(key, value)
    }
    return changes
  }

  #serialize(): Payload {
    const kept = this.#kept()
    const data = this.#all()
    if (kept === null) {
      if (this.#newId === null) this.#nameAnew(data)
      return this.#store.created({ ...data, session_id: this.#newId })
    }
    const changes = new Map(this.#changes(kept))
    for (const key of Object.keys(data)) {
      if (key !== 'session_id' && (data[key] === null || data[key] === undefined)) changes.set(key, undefined)
    }
    if (this.#newId !== null) changes.set('session_id', this.#newId)
    return this.#store.updated(kept, changes)
  }

  #committed(payload: string | null, line: string | null): string | null {
    this.#payload = payload
    this.#line = line
    return line
  }
}
