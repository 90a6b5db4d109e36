import { describe, expect, it } from 'vitest'
import type { AeadCipher, CbcCipher, Digest, Opened, RejectionReason } from '../../../index.ts'
import {
  MessageEncryptor,
  type MessageEncryptorOptions,
  type MessageMetadata,
  type MessageSerializerName,
  MessageVerifier,
} from '../../../src/active-support/index.ts'
import type { TypedTree } from '../../../src/ruby/typed.ts'
import { backendNames } from '../../support/application.ts'
import { writable } from '../../support/typed.ts'
import { jsonLines } from '../../support/recorded.ts'

interface RailsMessage {
  id: string
  config: RailsSettings & {
    kind: 'verifier' | 'encryptor'
    secret_hex: string
    sign_secret_hex?: string
    rotations?: Rotation[]
  }
  message: string
  purpose?: string
  foreign?: true
  expected: Accepted | { refused: string }
  valid_message?: boolean
}

interface Accepted {
  typed: TypedTree
  rotated?: true
  refused?: undefined
}

interface RailsSettings {
  serializer?: MessageSerializerName
  digest?: Digest | null
  cipher?: AeadCipher | CbcCipher
  url_safe?: boolean
  force_legacy_metadata_serializer?: boolean
  use_message_serializer_for_metadata?: boolean
}

interface Rotation {
  secrets_hex?: string[]
  options: RailsSettings
}

const [{ now }, ...messages] = jsonLines(new URL('rails-messages.jsonl', import.meta.url)) as [
  { now: string },
  ...RailsMessage[],
]
const NOW = Date.parse(now)

type Options = Omit<MessageEncryptorOptions, 'rotations'>

function options(settings: RailsSettings): Options {
  const {
    serializer,
    digest,
    cipher,
    url_safe,
    force_legacy_metadata_serializer,
    use_message_serializer_for_metadata,
  } = settings
  return {
    ...(serializer !== undefined && { serializer }),
    ...(digest !== undefined && digest !== null && { digest }),
    ...(cipher !== undefined && { cipher }),
    ...(url_safe !== undefined && { urlSafe: url_safe }),
    ...(force_legacy_metadata_serializer !== undefined && {
      forceLegacyMetadataSerializer: force_legacy_metadata_serializer,
    }),
    ...(use_message_serializer_for_metadata !== undefined && {
      useMessageSerializerForMetadata: use_message_serializer_for_metadata,
    }),
  }
}

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex')

/** The object that read the message in Rails, and what writes a message with its settings. */
function codec(
  { config }: RailsMessage,
  backend: 'native' | 'node',
): {
  open(message: string, purpose?: string): Opened
  seal(value: unknown, metadata: MessageMetadata): string
  valid?(message: string): boolean
} {
  const shared = { ...options(config), backend, now: () => NOW }
  const rotations = (config.rotations ?? []).map(({ secrets_hex = [], options: settings }) => {
    const [secret, signSecret] = secrets_hex.map(bytes)
    return {
      ...options(settings),
      ...(secret !== undefined && { secret }),
      ...(signSecret !== undefined && { signSecret }),
    }
  })
  const secret = bytes(config.secret_hex)
  const reading = (purpose?: string): { purpose?: string } => (purpose === undefined ? {} : { purpose })
  if (config.kind === 'verifier') {
    const verifier = new MessageVerifier(secret, { ...shared, rotations })
    return {
      open: (message, purpose) => verifier.verify(message, reading(purpose)),
      seal: verifier.generate.bind(verifier),
      valid: (message) => verifier.validMessage(message),
    }
  }
  const signSecret = config.sign_secret_hex === undefined ? {} : { signSecret: bytes(config.sign_secret_hex) }
  const encryptor = new MessageEncryptor(secret, { ...shared, ...signSecret, rotations })
  return {
    open: (message, purpose) => encryptor.decryptAndVerify(message, reading(purpose)),
    seal: encryptor.encryptAndSign.bind(encryptor),
  }
}

/** What the ids say about the metadata of a message; undefined where they do not tell. */
function metadata(id: string): MessageMetadata | undefined {
  const [, group = '', reading = ''] = /^metadata\/[^/]+\/[^/]+\/[^/]+\/([^/]+)\/(.*)$/.exec(id) ?? []
  if (/^(serializer|digest|digest_cbc|cipher|cbc_without_sign_secret)(\/|$)/.test(id) || group === 'none') return {}
  if (/^url_safe\/.*\/\d$/.test(id)) return {}
  if (reading !== 'right') return undefined
  const expiry = { exp_future: 1500, both: 100_000, exp_past: -1000, exp_now: 0, exp_1ms: 1, both_past: -100_000 }[
    group
  ]
  const purpose = { purpose: 'login', both: 'login', both_past: 'login', purpose_empty: '' }[group]
  if (expiry === undefined && purpose === undefined) return undefined
  return {
    ...(purpose !== undefined && { purpose }),
    ...(expiry !== undefined && { expiresAt: new Date(NOW + expiry) }),
  }
}

const title = (each: RailsMessage): [string, RailsMessage, Accepted] => [each.id, each, each.expected as Accepted]
const accepted = messages.filter(({ expected }) => expected.refused === undefined)
const refused = messages.filter((each) => each.expected.refused !== undefined && !isStoredNil(each))

const REASONS: ReadonlyArray<[id: RegExp, reasons: readonly RejectionReason[]]> = [
  [/exp_past|exp_now|exp_500us|both_past/, ['expired']],
  [/none\/(empty_)?purpose_expected$/, ['no_purpose']],
  [/purpose/, ['wrong_purpose', 'no_purpose']],
  [/^tamper|^url_safe|^rotation/, ['malformed', 'unauthenticated', 'undecodable']],
]

it('the recorded messages are of every serializer that can be read', () => {
  const serializers = new Set(messages.map(({ config }) => config.serializer))
  expect([...serializers].toSorted()).toEqual(['ActiveSupport::JSON', 'JSON', 'json', 'json_allow_marshal', 'null'])
  expect(messages.length).toBeGreaterThan(250)
})

describe.each(backendNames)('on %s, Rails and we agree on', (backend) => {
  it.each(accepted.map(title))('%s', (_, recorded, expected) => {
    const opened = codec(recorded, backend).open(recorded.message, recorded.purpose)
    if (!opened.ok) throw new Error(`refused: ${opened.reason}`)
    expect(JSON.parse(JSON.stringify(opened.typed()))).toEqual(expected.typed)
    expect(opened.meta.rotation).toBe(expected.rotated === true ? 0 : null)
    expect(opened.meta.purpose ?? '').toBe(recorded.purpose ?? '')
  })

  it.each(refused.map(title))('%s: refused', (id, recorded) => {
    const opened = codec(recorded, backend).open(recorded.message, recorded.purpose)
    expect(REASONS.find(([pattern]) => pattern.test(id))?.[1]).toContain(!opened.ok && opened.reason)
  })

  it.each(messages.filter(isStoredNil).map(title))('%s: null', (_, recorded) => {
    expect(codec(recorded, backend).open(recorded.message, recorded.purpose)).toMatchObject({ ok: true, data: null })
  })

  it.each(messages.filter((each) => each.valid_message !== undefined).map(title))('%s: valid?', (_, recorded) => {
    expect(codec(recorded, backend).valid?.(recorded.message)).toBe(recorded.valid_message)
  })

  const own = messages.filter(({ id, foreign }) => foreign === undefined && metadata(id) !== undefined)

  it.each(own.map(title))('%s: written by us', (id, recorded) => {
    const { seal, open } = codec(recorded, backend)
    const message = seal(valueOf(recorded), metadata(id) ?? {})
    // An IV makes each encrypted message another one.
    const comparable = recorded.config.kind === 'verifier' ? (text: string) => text : (text: string) => text.length
    expect(comparable(message)).toBe(comparable(recorded.message))
    expect(open(message, recorded.purpose)).toEqual(open(recorded.message, recorded.purpose))
  })
})

/** Rails answers with nil to a stored nil, which here is a value. */
function isStoredNil({ id }: RailsMessage): boolean {
  return /^serializer\/.*\/nil$|^rotation\/.*old_nil$/.test(id)
}

/** What Rails was given; for a message that it refused again, what stands in it. */
function valueOf({ id, expected, config: { serializer } }: RailsMessage): unknown {
  if (expected.refused === undefined && serializer !== 'null') return writable(expected.typed)
  if (serializer === 'null') return 'raw text'
  if (id.startsWith('serializer/')) return null
  if (id.includes('/none/')) return { m: 0 }
  return { m: /\/([^/]+)\/[^/]+$/.exec(id)?.[1] }
}
