import { bare } from '../ruby/bare.ts'
import { storedFlashes } from './stored-flash.ts'

/**
 * Rails' flash: messages for the next request. What came in is shown to this request and dropped afterwards, once any method
 * here was called; until then, it stays for the next one that asks.
 *
 * @example
 * session.flash.set('notice', 'Saved') // Rails: flash[:notice] = 'Saved'
 */
export interface Flash {
  /** A message for this request, of the previous one or of this one; undefined if there is none. */
  get(key: string): unknown
  /** Sets a message: this request sees it, and the next one. */
  set(key: string, value: unknown): void
  /** Sets a message that only this request sees. */
  now(key: string, value: unknown): void
  /** Shows a message of the previous request, or all of them, to the next one, too. */
  keep(key?: string): void
  /** Shows a message, or all of them, to this request only. */
  discard(key?: string): void
  /** Drops a message at once. Returns whether it was there. */
  delete(key: string): boolean
  /** Drops all messages at once. */
  clear(): void
  has(key: string): boolean
  keys(): string[]
  /** A copy of all messages, as an object without a prototype. */
  all(): Record<string, unknown>
}

/** What a flash asks of the session that it is in. */
export interface FlashSession {
  /** What the session has under `flash`. */
  stored(): unknown
  /** Throws if the session can no longer be changed; `call` is how. */
  checkOpen(call: string): void
}

/** The one implementation of {@link Flash}, after `ActionDispatch::Flash::FlashHash`. */
export class SessionFlash implements Flash {
  readonly #session: FlashSession
  /** All messages; null until somebody asks. */
  #flashes: Map<string, unknown> | null = null
  /** Those that are not for the next request. */
  #discarded = new Set<string>()

  constructor(session: FlashSession) {
    this.#session = session
  }

  get(key: string): unknown {
    return this.#load().get(key)
  }

  set(key: string, value: unknown): void {
    this.#change(`set('${key}')`).set(key, value)
    this.#discarded.delete(key)
  }

  now(key: string, value: unknown): void {
    this.#load().set(key, value)
    this.#discarded.add(key)
  }

  keep(key?: string): void {
    this.#change('keep()')
    if (key === undefined) this.#discarded.clear()
    else this.#discarded.delete(key)
  }

  discard(key?: string): void {
    const flashes = this.#change('discard()')
    for (const each of key === undefined ? flashes.keys() : [key]) this.#discarded.add(each)
  }

  delete(key: string): boolean {
    this.#discarded.delete(key)
    return this.#change(`delete('${key}')`).delete(key)
  }

  clear(): void {
    this.#change('clear()').clear()
    this.#discarded.clear()
  }

  has(key: string): boolean {
    return this.#load().has(key)
  }

  keys(): string[] {
    return [...this.#load().keys()]
  }

  all(): Record<string, unknown> {
    return bare(Object.fromEntries(this.#load()))
  }

  /** Keys only, as of the session. */
  toJSON(): { readonly keys: readonly string[] | null } {
    return { keys: this.#flashes === null ? null : this.keys() }
  }

  /** The messages for the next request; null while nobody has asked for any, so that what is stored stays as it is. */
  kept(): Map<string, unknown> | null {
    if (this.#flashes === null) return null
    return new Map([...this.#flashes].filter(([key]) => !this.#discarded.has(key)))
  }

  /** Begins anew, with what the session then has stored. */
  forget(): void {
    this.#flashes = null
    this.#discarded = new Set()
  }

  #load(): Map<string, unknown> {
    if (this.#flashes === null) {
      this.#flashes = storedFlashes(this.#session.stored())
      this.#discarded = new Set(this.#flashes.keys())
    }
    return this.#flashes
  }

  #change(call: string): Map<string, unknown> {
    this.#session.checkOpen(`flash.${call}`)
    return this.#load()
  }
}
