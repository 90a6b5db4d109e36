import { type Keyring, OPEN_HEADER, OpenFlag, Status } from '../backend/backend.ts'
import type { Payload } from '../serializers/serializer.ts'
import { ENVELOPE_HEAD, expiryTime, parseEnvelope, purposeText } from './metadata.ts'
import type { RejectionReason } from '../rejection.ts'

/** A message whose MAC or tag was right: the plaintext, with its legacy metadata envelope taken off. */
export interface Message {
  /** Number of the scheme that authenticated it. */
  readonly scheme: number
  readonly payload: Payload
  /** `JSON.parse` and Ruby agree on the payload. */
  readonly plainJson: boolean
  readonly metadata: Metadata | null
}

/** What an envelope said. */
export interface Metadata {
  /** Purpose as text; '' for none. */
  readonly purpose: string
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
    return {
      scheme,
      payload: { text: packed.slice(OPEN_HEADER, exp), bytes },
      plainJson,
      metadata: { purpose: packed.slice(pur), expiresAt },
    }
  }
  const plaintext = packed.slice(OPEN_HEADER)
  if (!plaintext.startsWith(ENVELOPE_HEAD))
    return { scheme, payload: { text: plaintext, bytes }, plainJson, metadata: null }
  // Rails reads an envelope with bytes that are not UTF-8 as JSON too, and fails.
  const envelope = bytes ? null : parseEnvelope(plaintext, lenient(scheme))
  if (envelope === null) return 'undecodable'
  const expiresAt = expiryTime(envelope.exp)
  if (Number.isNaN(expiresAt)) return 'undecodable'
  const metadata = { purpose: purposeText(envelope.pur), expiresAt }
  return { scheme, payload: envelope.payload, plainJson: false, metadata }
}

const REFUSED: readonly RejectionReason[] = (() => {
  const reasons: RejectionReason[] = []
  reasons[Status.MALFORMED] = 'malformed'
  reasons[Status.UNAUTHENTICATED] = 'unauthenticated'
  reasons[Status.UNDECODABLE] = 'undecodable'
  return reasons
})()
