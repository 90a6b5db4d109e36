import { OpenFlag, SealFlag } from '../backend/backend.ts'
import { type CookieKind, tellAccepted, tellRejected, tellSealed } from '../diagnostics.ts'
import { AcceptedMessage, type Origin } from '../messages/accepted.ts'
import { type Message, openMessage } from '../messages/message.ts'
import { envelopeTail } from '../messages/metadata.ts'
import type { Accepted, Opened } from '../messages/opened.ts'
import { atLeast } from '../rails/version.ts'
import { notText, type Rejected, rejected } from '../rejection.ts'
import type { Changes } from '../serializers/changes.ts'
import type { Payload } from '../serializers/serializer.ts'
import type { Cookie, DeleteCookieOptions, SealOptions, SetCookieOptions } from './cookie.ts'
import { findCookie } from './cookie-header.ts'
import type { CookieLines } from './cookie-lines.ts'
import { permanentExpiry } from './expiry.ts'
import { expiryDate, type JarKeys, type JarSettings } from './jar.ts'
import { checkOverflow, safeLength } from './overflow.ts'

const OPEN_FLAGS = OpenFlag.ESCAPED | OpenFlag.TOKENS

/** A cookie of `cookies.signed` or `cookies.encrypted`, or of `cookies.permanent` before one of them. */
export class SealedCookie implements Cookie {
  readonly name: string
  readonly kind: CookieKind
  #purpose: string
  readonly #settings: JarSettings
  readonly #keys: JarKeys
  readonly #lines: CookieLines
  readonly #permanent: boolean
  /** A verifier reads url-safe base64 inside the envelope too, an encryptor does not. */
  readonly #lenient = (scheme: number): boolean => this.#keys.schemes[scheme]!.signed
  /** Of what is read from tokens, by number of the scheme; null where the serializer has other rules. */
  readonly #json: readonly Origin[] | null
  readonly #marshal: readonly Origin[] | null
  /** The envelope's tail for a cookie that does not expire, which is nearly every one. */
  readonly #tail: string
  readonly #safeLength: number

  constructor(
    name: string,
    kind: CookieKind,
    settings: JarSettings,
    keys: JarKeys,
    lines: CookieLines,
    permanent: boolean,
  ) {
    this.name = name
    this.kind = kind
    this.#lines = lines
    this.#purpose = `cookie.${name}`
    this.#settings = settings
    this.#keys = keys
    this.#permanent = permanent
    this.#tail = this.#envelopeTail(null)
    this.#safeLength = safeLength(name, settings)
    this.#json = this.#origins('json')
    this.#marshal = this.#origins('marshal')
  }

  open(value: string | undefined): AcceptedMessage<unknown> | Rejected {
    const opened = this.read(value)
    return opened.ok ? tellAccepted(this, value, opened) : tellRejected(this, value, opened)
  }

  /**
   * As {@link SealedCookie.open}, for who is not done with it yet, and tells the outcome.
   *
   * V8 compiles it by itself, with all that it calls. In shorter pieces it ends up in its callers, and what it calls not.
   */
  read(value: string | undefined): AcceptedMessage<unknown> | Rejected {
    if (typeof value !== 'string') return notText(value)
    if (value.length > this.#settings.readBytes) return rejected('too_large')
    const message = openMessage(this.#keys.keyring, value, OPEN_FLAGS, this.#lenient)
    if (typeof message === 'string') return rejected(message)
    const { purpose, expiresAt } = message
    if (expiresAt !== null && this.#settings.now() >= expiresAt) return rejected('expired')
    // Rails reads twice: with the purpose, then without. So a cookie that carries no purpose is accepted under any name,
    // one with another purpose under none.
    if (purpose === this.#purpose) {
      // The very string, which the next message very likely comes with: then nobody compares characters.
      this.#purpose = purpose
    } else if (purpose !== null && purpose !== '') {
      return rejected('wrong_purpose')
    } else if (this.#settings.requirePurpose) {
      return rejected('no_purpose')
    }
    const origins = message.bytes ? this.#marshal : this.#json
    if (message.tokens === 0 || origins === null) return this.#load(message)
    return new AcceptedMessage(message, origins[message.scheme]!)
  }

  /** What no tokens were made for, or those of a format that is not read here. */
  #load(message: Message): AcceptedMessage<unknown> | Rejected {
    const { serializer } = this.#settings
    const loaded = serializer.load(message, message.plainJson)
    if (!loaded.ok) return rejected(loaded.reason)
    const { rotation } = this.#keys.schemes[message.scheme]!
    return new AcceptedMessage(message, { serializer, format: loaded.format, rotation, report: null }, loaded.value)
  }

  openHeader(header: string | undefined): Opened {
    return this.open(findCookie(header, this.name))
  }

  seal(value: unknown, options: SealOptions = {}): string {
    const { expires } = options
    return this.#seal(value, expires === undefined ? null : expiryDate(expires, this.#settings.now()))
  }

  setCookie(value: unknown, options: SetCookieOptions = {}): string | null {
    const now = this.#settings.now()
    const expires = expiryDate(options.expires, now)
    // `permanent` sets the attribute only: Rails' jar has sealed the value by then.
    const sent = this.#permanent ? permanentExpiry(now) : expires
    return this.#lines.set(options, sent, () => this.#seal(value, expires))
  }

  delete(options: DeleteCookieOptions = {}): string {
    return this.#lines.delete(options)
  }

  /**
   * Seals what was opened with other values for some top-level keys of its Hash; all others stay as Ruby had them.
   * `undefined` drops a key. Throws as {@link SealedCookie.seal}, and a `TypeError` for what no cookie gave.
   */
  update(opened: Accepted, changes: Changes, options: SealOptions = {}): string {
    const payload = this.updated(opened, changes)
    return this.sealPayload(payload, { ...(opened.data as object), ...Object.fromEntries(changes) }, options)
  }

  /** What {@link SealedCookie.update} seals. */
  updated(opened: Accepted, changes: Changes): Payload {
    const message = AcceptedMessage.messageOf(opened)
    if (message === null) throw new TypeError(`cookie ${this.name}: update takes what open or openHeader returned`)
    return this.#settings.serializer.update(message, changes)
  }

  /** What {@link SealedCookie.seal} seals. */
  serialize(value: unknown): Payload {
    return this.#settings.serializer.dump(value)
  }

  /** Seals what was serialized. `value`: what that was made of, for the error when it is too long. */
  sealPayload(payload: Payload, value: unknown, { expires }: SealOptions = {}): string {
    return this.#sealPayload(payload, value, expiryDate(expires, this.#settings.now()))
  }

  #seal(value: unknown, expires: Date | null): string {
    const { serializer } = this.#settings
    const { keyring } = this.#keys
    const { draft } = keyring
    if (draft !== null && serializer.draft?.(value, draft) === true) {
      const { text } = draft
      draft.text = ''
      const sealed = keyring.sealDraft(text, this.#tailFor(expires), SealFlag.ESCAPE | draft.escapes, draft.length)
      if (sealed !== '') return this.#checked(sealed, value)
    }
    return this.#sealPayload(this.serialize(value), value, expires)
  }

  #sealPayload(payload: Payload, value: unknown, expires: Date | null): string {
    const flags = payload.bytes ? SealFlag.ESCAPE | SealFlag.BYTES : SealFlag.ESCAPE
    return this.#checked(this.#keys.keyring.seal(payload.text, this.#tailFor(expires), flags), value)
  }

  #checked(sealed: string, value: unknown): string {
    if (sealed.length > this.#safeLength) checkOverflow(this.name, sealed, value, this.#settings)
    return tellSealed(this, sealed, this.#settings.serializer)
  }

  #tailFor(expires: Date | null): string {
    return expires === null ? this.#tail : this.#envelopeTail(expires)
  }

  #origins(format: 'json' | 'marshal'): readonly Origin[] | null {
    const { serializer } = this.#settings
    const { keyring, schemes } = this.#keys
    if (!serializer.reads[format]) return null
    return schemes.map(({ rotation }) => ({ serializer, format, rotation, report: keyring.report }))
  }

  /** The end of the envelope that this Rails writes around the payload; '' for no envelope. */
  #envelopeTail(expires: Date | null): string {
    const { railsVersion, useCookiesWithMetadata, useAuthenticatedCookieEncryption, escapes } = this.#settings
    if (atLeast(railsVersion, '6.0')) {
      if (useCookiesWithMetadata) return envelopeTail(expires, this.#purpose, escapes)
      return expires === null ? '' : envelopeTail(expires, null, escapes)
    }
    const expiresIn52 = railsVersion === '5.2' && useAuthenticatedCookieEncryption && expires !== null
    return expiresIn52 ? envelopeTail(expires, null, escapes) : ''
  }
}
