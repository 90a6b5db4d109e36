import { type Channel, channel } from 'node:diagnostics_channel'
import type { Accepted } from './messages/opened.ts'
import type { Rejected, RejectionReason } from './rejection.ts'
import type { PayloadFormat, RewritingSerializer } from './serializers/serializer.ts'

/** Where a cookie belongs: it is the session's, or one of `rails.cookies`; `permanent` ones are in their jar. */
export type CookieKind = 'session' | 'encrypted' | 'signed' | 'plain'

/** What messages of all channels say. None has a value, a key or text of a cookie. */
export interface CookieMessage {
  /** Name of the cookie, as the application calls it. */
  readonly cookie: string
  readonly kind: CookieKind
  /** Length of the value as it stands in the header, escaped; 0 if there is none. */
  readonly bytes: number
}

/** A cookie was opened and accepted. */
export interface OpenMessage extends CookieMessage {
  /** Format of the payload; null where nothing is serialized (plain cookies). */
  readonly serializer: PayloadFormat | null
  /** As `meta.rotation`: index into `cookiesRotations`, `'legacy'`, or null for the current scheme. */
  readonly rotation: number | 'legacy' | null
}

/** A cookie was accepted under older settings; it is on the channel `rails-session:open` as well. */
export interface RotationMessage extends OpenMessage {
  readonly rotation: number | 'legacy'
}

/** A cookie was opened and refused, or there was none. */
export interface RejectMessage extends CookieMessage {
  readonly reason: RejectionReason
  /** Whether a MAC or tag had been accepted before. */
  readonly authenticated: boolean
}

/** A value was sealed, or a plain one escaped. */
export interface SealMessage extends CookieMessage {
  /** Format of the payload; null where nothing is serialized (plain cookies). */
  readonly serializer: PayloadFormat | null
}

/**
 * Messages by channel of `node:diagnostics_channel`. Every cookie that is opened gives one of `open` and `reject`, and
 * `rotation` besides where that applies; every value that is sealed gives a `seal`. Nothing is made while nobody listens.
 *
 * Subscribers are called before `open`, `seal` and the like return. What they throw disturbs none of these: as always with
 * such channels, it is raised afterwards as an uncaught exception, which ends a process that does not handle those.
 *
 * @example
 * import { subscribe } from 'node:diagnostics_channel'
 * import type { DiagnosticsMessages } from 'rails-session'
 *
 * subscribe('rails-session:reject', (message) => {
 *   const { cookie, reason } = message as DiagnosticsMessages['rails-session:reject']
 *   if (reason !== 'absent') console.warn(`${cookie}: ${reason}`)
 * })
 */
export interface DiagnosticsMessages {
  'rails-session:open': OpenMessage
  'rails-session:reject': RejectMessage
  'rails-session:rotation': RotationMessage
  'rails-session:seal': SealMessage
}

/** The cookie that a message is about. */
interface Subject {
  readonly name: string
  readonly kind: CookieKind
}

/** What is to be known of a serializer. */
type Writing = Pick<RewritingSerializer, 'writes'>

// Kept here: it would cost more to look one up by its name, for every cookie, than to ask whether somebody listens.
const opens = channel('rails-session:open')
const rejects = channel('rails-session:reject')
const rotations = channel('rails-session:rotation')
const seals = channel('rails-session:seal')

// What runs for every cookie is small enough for engines to inline, so that it costs next to nothing while nobody listens.
// (Workerd of an older compatibility date has `hasSubscribers()`, a method: there, messages are made in any case.)

/** Tells who listens that a cookie was accepted. `value`: its text. Returns `opened`. */
export function tellAccepted<T extends Accepted>(cookie: Subject, value: unknown, opened: T): T {
  if (opens.hasSubscribers || rotations.hasSubscribers) publishAccepted(cookie, value, opened)
  return opened
}

/** Tells who listens that a cookie was refused. `value`: what came, whatever it is. Returns `refused`. */
export function tellRejected(cookie: Subject, value: unknown, refused: Rejected): Rejected {
  if (rejects.hasSubscribers) publishRejected(cookie, value, refused)
  return refused
}

/** Tells who listens that a value was sealed. `serializer`: null where there is none. Returns `sealed`. */
export function tellSealed(cookie: Subject, sealed: string, serializer: Writing | null): string {
  if (seals.hasSubscribers) publishSealed(cookie, sealed, serializer)
  return sealed
}

function publishAccepted({ name, kind }: Subject, value: unknown, { meta: { serializer, rotation } }: Accepted): void {
  const bytes = length(value)
  publish<OpenMessage>(opens, { cookie: name, kind, bytes, serializer, rotation })
  if (rotation !== null) publish<RotationMessage>(rotations, { cookie: name, kind, bytes, serializer, rotation })
}

function publishRejected({ name, kind }: Subject, value: unknown, { reason, authenticated }: Rejected): void {
  publish<RejectMessage>(rejects, { cookie: name, kind, bytes: length(value), reason, authenticated })
}

function publishSealed({ name, kind }: Subject, sealed: string, serializer: Writing | null): void {
  publish<SealMessage>(seals, { cookie: name, kind, bytes: sealed.length, serializer: serializer?.writes ?? null })
}

/** Node lets nothing through that a subscriber throws, and raises it on the next tick. Workerd lets it through. */
function publish<Message extends CookieMessage>(to: Channel, message: Message): void {
  try {
    to.publish(message)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

function length(value: unknown): number {
  return typeof value === 'string' ? value.length : 0
}
