import { type Keyring, OpenFlag } from '../backend/backend.ts'
import { ReportFlag, ReportWord, Status } from '../backend/report.ts'
import type { RejectionReason } from '../rejection.ts'
import type { Payload } from '../serializers/serializer.ts'
import { learnKeys } from '../serializers/tokens.ts'
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
  /** The backend's count of messages when it wrote tokens for this payload; 0 if it wrote none. */
  readonly tokens: number
}

/**
 * Opens a message text as {@link Keyring.open} does; `how` is as there, without `KNOWN_PUR` and `SINGLE_BYTES`.
 * `lenient(scheme)`: whether the base64 inside an envelope may be url-safe, as it may where Rails' verifier decodes it.
 */
export function openMessage(
  keyring: Keyring,
  text: string,
  how: number,
  lenient: (scheme: number) => boolean,
): Message | RejectionReason {
  const width = WIDE.test(text) ? 0 : OpenFlag.SINGLE_BYTES
  const returned = keyring.open(text, how | OpenFlag.KNOWN_PUR | width)
  const { report } = keyring
  const { words } = report
  if (words[ReportWord.STATUS] !== Status.OK) return REFUSED[words[ReportWord.STATUS]!]!
  const number = (report.count += 1)
  if (words[ReportWord.NEW_KEYS] !== 0) learnKeys(report, returned)
  const found = words[ReportWord.FLAGS]!
  const scheme = words[ReportWord.SCHEME]!
  const bytes = (found & ReportFlag.BYTES) !== 0
  const plainJson = (found & ReportFlag.PLAIN_JSON) !== 0
  const tokens = words[ReportWord.TOKENS] === 0 ? 0 : number
  let payload = returned
  let purpose: string | null = null
  let expiresAt: number | null = null
  if ((found & ReportFlag.ENVELOPE) !== 0) {
    const expLength = words[ReportWord.EXP]!
    const pur = (found & ReportFlag.KNOWN_PUR) === 0 ? returned.length - words[ReportWord.PUR]! : returned.length
    if (pur !== returned.length) report.pur = returned.slice(pur)
    purpose = words[ReportWord.PUR] === 0 ? '' : report.pur
    if (expLength !== 0) {
      expiresAt = expiryTime(returned.slice(pur - expLength, pur))
      if (Number.isNaN(expiresAt)) return 'undecodable'
    }
    const end = pur - expLength
    if (end !== returned.length) payload = returned.slice(0, end)
  } else if (returned.charCodeAt(2) === UNDERSCORE && returned.startsWith(ENVELOPE_HEAD)) {
    // The one character spares nearly every payload a call.
    return withoutEnvelope(returned, bytes, scheme, lenient(scheme))
  }
  return { text: payload, bytes, scheme, plainJson, purpose, expiresAt, tokens }
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
  return { text: payload.text, bytes: payload.bytes, scheme, plainJson: false, purpose, expiresAt, tokens: 0 }
}

/** The engine knows of nearly every string that it has no such character, and then looks at none. */
const WIDE = /[^\0-\xff]/
const UNDERSCORE = 0x5f

const REFUSED: readonly RejectionReason[] = (() => {
  const reasons: RejectionReason[] = []
  reasons[Status.MALFORMED] = 'malformed'
  reasons[Status.UNAUTHENTICATED] = 'unauthenticated'
  reasons[Status.UNDECODABLE] = 'undecodable'
  return reasons
})()
