import { type Keyring, OPEN_HEADER, OpenFlag, Status } from '../backend/backend.ts'
import type { RejectionReason } from '../rejection.ts'
import type { Payload } from '../serializers/serializer.ts'
import { ENVELOPE_HEAD, expiryTime, parseEnvelope, purposeText } from './metadata.ts'

/**
 * A message whose MAC or tag was right: its payload, with the legacy metadata envelope taken off.
 *
 * One flat object, since one is made for every cookie.
 */
export interface Message extends Payload {
  /** Number of the scheme that authenticated it. */
  readonly scheme: number
  /** `JSON.parse` and Ruby agree on the payload. */
  readonly plainJson: boolean
  /** Purpose that the envelope named, '' for none; null without an envelope. */
  readonly purpose: string | null
  /** Milliseconds since 1970; null for never. */
  readonly expiresAt: number | null
}

/**
 * Opens a message text under the first scheme that authenticates it, from scheme number `from` on.
 *
 * `lenient(scheme)`: whether the base64 inside an envelope may be url-safe, as it may where Rails' verifier decodes it.
 */
export function openMessage(
  keyring: Keyring,
  text: string,
  escaped: boolean,
  from: number,
  lenient: (scheme: number) => boolean,
): Message | RejectionReason {
  const packed = keyring.open(text, escaped, from)
  if (packed.length === 1) return REFUSED[packed.charCodeAt(0)]!
  const scheme = packed.charCodeAt(1)
  const flags = packed.charCodeAt(2)
  const bytes = (flags & OpenFlag.BYTES) !== 0
  const plainJson = (flags & OpenFlag.PLAIN_JSON) !== 0
  if ((flags & OpenFlag.ENVELOPE) !== 0) {
    const pur = packed.length - packed.charCodeAt(4)
    const exp = pur - packed.charCodeAt(3)
    const expiresAt = exp === pur ? null : expiryTime(packed.slice(exp, pur))
    if (Number.isNaN(expiresAt)) return 'undecodable'
    return { text: packed.slice(OPEN_HEADER, exp), bytes, scheme, plainJson, purpose: packed.slice(pur), expiresAt }
  }
  const plaintext = packed.slice(OPEN_HEADER)
  return plaintext.startsWith(ENVELOPE_HEAD)
    ? withoutEnvelope(plaintext, bytes, scheme, lenient(scheme))
    : { text: plaintext, bytes, scheme, plainJson, purpose: null, expiresAt: null }
}

/** An envelope in another layout than the one Rails writes. */
function withoutEnvelope(
  plaintext: string,
  bytes: boolean,
  scheme: number,
  lenient: boolean,
): Message | RejectionReason {
  // Rails reads an envelope with bytes that are not UTF-8 as JSON too, and fails.
  const envelope = bytes ? null : parseEnvelope(plaintext, lenient)
  if (envelope === null) return 'undecodable'
  const expiresAt = expiryTime(envelope.exp)
  if (Number.isNaN(expiresAt)) return 'undecodable'
  const { payload } = envelope
  const purpose = purposeText(envelope.pur)
  return { text: payload.text, bytes: payload.bytes, scheme, plainJson: false, purpose, expiresAt }
}

const REFUSED: readonly RejectionReason[] = (() => {
  const reasons: RejectionReason[] = []
  reasons[Status.MALFORMED] = 'malformed'
  reasons[Status.UNAUTHENTICATED] = 'unauthenticated'
  reasons[Status.UNDECODABLE] = 'undecodable'
  return reasons
})()
