import { type Keyring, OpenFlag } from '../backend/backend.ts'
import { type Report, ReportFlag, ReportWord, Status } from '../backend/report.ts'
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
  const returned = keyring.open(text, how | (WIDE.test(text) ? OpenFlag.KNOWN_PUR : NARROW))
  const { report } = keyring
  const { words } = report
  if (words[STATUS] !== OK) return REFUSED[words[STATUS]!]!
  report.count += 1
  if (words[NEW_KEYS] !== 0) learnKeys(report, returned)
  if ((words[FLAGS]! & ENVELOPE) !== 0) return fromEnvelope(report, returned)
  // The one character spares nearly every payload a call.
  if (returned.charCodeAt(2) === UNDERSCORE && returned.startsWith(ENVELOPE_HEAD)) {
    return fromUnusualEnvelope(report, returned, lenient)
  }
  return message(report, returned, null, null)
}

function message({ words, count }: Report, text: string, purpose: string | null, expiresAt: number | null): Message {
  const found = words[FLAGS]!
  return {
    text,
    bytes: (found & BYTES) !== 0,
    scheme: words[SCHEME]!,
    plainJson: (found & PLAIN_JSON) !== 0,
    purpose,
    expiresAt,
    tokens: words[TOKENS] === 0 ? 0 : count,
  }
}

/** What the backend took out of an envelope: the payload, and behind it the expiry and a purpose that is not known. */
function fromEnvelope(report: Report, returned: string): Message | RejectionReason {
  const { words } = report
  const expLength = words[EXP]!
  let end = returned.length
  if ((words[FLAGS]! & KNOWN_PUR) === 0 && words[PUR] !== 0) {
    end -= words[PUR]!
    report.pur = returned.slice(end)
  }
  const purpose = words[PUR] === 0 ? '' : report.pur
  const start = end - expLength
  const expiresAt = expLength === 0 ? null : expiryTime(returned.slice(start, end))
  if (Number.isNaN(expiresAt)) return 'undecodable'
  return message(report, start === returned.length ? returned : returned.slice(0, start), purpose, expiresAt)
}

/** An envelope in another layout than the one Rails writes. */
function fromUnusualEnvelope(
  { words }: Report,
  plaintext: string,
  lenient: (scheme: number) => boolean,
): Message | RejectionReason {
  const scheme = words[SCHEME]!
  const bytes = (words[FLAGS]! & BYTES) !== 0
  // Rails reads an envelope with bytes that are not UTF-8 as JSON too, and fails.
  const envelope = bytes ? null : parseEnvelope(plaintext, lenient(scheme))
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

const NARROW = OpenFlag.KNOWN_PUR | OpenFlag.SINGLE_BYTES

// Constants, not properties: the shorter a function, the more of what it calls an engine puts into it.
const { OK } = Status
const { BYTES, ENVELOPE, PLAIN_JSON, KNOWN_PUR } = ReportFlag
const { STATUS, SCHEME, FLAGS, EXP, PUR, TOKENS, NEW_KEYS } = ReportWord

const REFUSED: readonly RejectionReason[] = (() => {
  const reasons: RejectionReason[] = []
  reasons[Status.MALFORMED] = 'malformed'
  reasons[Status.UNAUTHENTICATED] = 'unauthenticated'
  reasons[Status.UNDECODABLE] = 'undecodable'
  return reasons
})()
