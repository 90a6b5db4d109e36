import type { Backend, Keyring, Scheme } from '../backend/backend.ts'
import { OPEN_FROM_SHIFT, SealFlag } from '../backend/backend.ts'
import { ReportWord, Status } from '../backend/report.ts'
import { AcceptedMessage } from '../messages/accepted.ts'
import { type Message, openMessage } from '../messages/message.ts'
import { envelopeTail, expiryTime, purposeText } from '../messages/metadata.ts'
import type { Opened } from '../messages/opened.ts'
import { notText, rejected, type RejectionReason } from '../rejection.ts'
import type { Loaded } from '../serializers/serializer.ts'
import { type MessageMetadata, type MessageSettings, pickExpiry } from './message-options.ts'
import type { MessageSerializer } from './message-serializer.ts'

/** One way of reading a message: how it is protected, and how its value is serialized. */
export interface Variant {
  readonly scheme: Scheme
  readonly settings: MessageSettings
}

/** What `MessageVerifier` and `MessageEncryptor` do alike, once their schemes are there. */
export class MessageCodec {
  readonly #keyring: Keyring
  readonly #ownKeyring: Keyring
  readonly #variants: readonly Variant[]

  /** The first variant writes; all of them read, in order. */
  constructor(backend: Backend, variants: readonly [Variant, ...Variant[]]) {
    this.#variants = variants
    this.#keyring = backend.keyring(variants.map(({ scheme }) => scheme))
    this.#ownKeyring = variants.length === 1 ? this.#keyring : backend.keyring([variants[0].scheme])
  }

  seal(value: unknown, metadata: MessageMetadata): string {
    const { settings } = this.#variants[0]!
    const { serializer } = settings
    const expires = pickExpiry(metadata, settings.now())
    const purpose = metadata.purpose ?? null
    const hasMetadata = expires !== null || purpose !== null
    const wraps = hasMetadata && serializer.wrapsMetadata && !settings.legacyMetadata
    const payload = serializer.dump(wraps ? wrapped(value, expires, purpose, serializer) : value)
    const tail = hasMetadata && !wraps ? envelopeTail(expires, purpose, ESCAPES) : ''
    return this.#keyring.seal(payload.text, tail, payload.bytes ? SealFlag.BYTES : 0)
  }

  open(text: unknown, purpose: string | null): Opened {
    if (typeof text !== 'string') return notText(text)
    let reason: RejectionReason | null = null
    // A payload that one serializer cannot read may be that of a rotation under the same key.
    for (let from = 0; from < this.#variants.length;) {
      const message = openMessage(
        this.#keyring,
        text,
        from << OPEN_FROM_SHIFT,
        (scheme) => this.#variants[scheme]!.scheme.kind === 'signed',
      )
      if (typeof message === 'string') return rejected(reason ?? message)
      const { serializer, now } = this.#variants[message.scheme]!.settings
      if (message.purpose !== null) {
        const refusal = refuses(message.expiresAt, message.purpose, purpose, now())
        if (refusal !== null) return rejected(refusal)
      }
      const loaded = serializer.load(message, message.plainJson)
      if (loaded.ok) {
        const rotation = message.scheme === 0 ? null : message.scheme - 1
        const accept = (value: unknown, found: Message, by: MessageSerializer): Opened =>
          new AcceptedMessage(found, { serializer: by, format: loaded.format, rotation, report: null }, value)
        if (message.purpose !== null) return accept(loaded.value, message, withinEnvelope(serializer))
        const inner = metadataIn(loaded)
        if (inner === null) return purpose === null ? accept(loaded.value, message, serializer) : rejected('no_purpose')
        const expiresAt = expiryTime(inner['exp'])
        if (Number.isNaN(expiresAt)) return rejected('undecodable')
        const found = purposeText(inner['pur'])
        const refusal = refuses(expiresAt, found, purpose, now())
        if (refusal !== null) return rejected(refusal)
        return accept(inner['data'] ?? null, { ...message, purpose: found, expiresAt }, withinMetadata(serializer))
      }
      reason = loaded.reason
      from = message.scheme + 1
    }
    return rejected(reason ?? 'unauthenticated')
  }

  /** Whether the first variant's MAC is right, whatever it covers. Rails does not ask its rotations here. */
  authenticates(text: unknown): boolean {
    if (typeof text !== 'string') return false
    this.#ownKeyring.open(text, 0)
    const status = this.#ownKeyring.report.words[ReportWord.STATUS]
    return status === Status.OK || status === Status.UNDECODABLE
  }
}

/** Rails compares purposes as text, nil as ''. */
function refuses(
  expiresAt: number | null,
  found: string,
  expected: string | null,
  now: number,
): RejectionReason | null {
  if (expiresAt !== null && now >= expiresAt) return 'expired'
  return found === (expected ?? '') ? null : 'wrong_purpose'
}

/** Rails 7.1+: the metadata are a Hash around the value, serialized with it. Absent fields are left out. */
function wrapped(
  value: unknown,
  expires: Date | null,
  purpose: string | null,
  { hasTimes }: MessageSerializer,
): unknown {
  const inner: Record<string, unknown> = { data: value }
  if (expires !== null) inner['exp'] = hasTimes ? expires : expires.toISOString()
  if (purpose !== null) inner['pur'] = purpose
  return { _rails: inner }
}

/** The Hash that {@link wrapped} makes, if the value is one. As in Rails, any Hash with a key `_rails` is taken for it. */
function metadataIn({ value, format }: Loaded & { ok: true }): Record<string, unknown> | null {
  if (format === 'custom' || typeof value !== 'object' || value === null || !Object.hasOwn(value, '_rails')) return null
  const inner: unknown = (value as Record<string, unknown>)['_rails']
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    ? (inner as Record<string, unknown>)
    : EMPTY
}

function withinEnvelope(serializer: MessageSerializer): MessageSerializer {
  const { typedInEnvelope } = serializer
  return typedInEnvelope === undefined ? serializer : { ...serializer, typed: typedInEnvelope }
}

function withinMetadata(serializer: MessageSerializer): MessageSerializer {
  return {
    ...serializer,
    typed: (payload) => member(member(serializer.typed(payload), '_rails'), 'data') ?? null,
  }
}

/** The value of a key in a typed tree; undefined if the tree is no Hash or has no such key. */
function member(tree: unknown, key: string): unknown {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return undefined
  const { $, v } = tree as { $?: unknown; v?: ReadonlyArray<readonly [unknown, unknown]> }
  // A Hash with a key that an ordinary object of the tree cannot hold.
  if ($ === 'hash') return v?.findLast(([name]) => name === key)?.[1]
  return (tree as Record<string, unknown>)[key]
}

const ESCAPES = { escapeHtmlEntities: true, escapeJsSeparators: true }
const EMPTY: Record<string, unknown> = Object.freeze(Object.create(null) as Record<string, unknown>)
