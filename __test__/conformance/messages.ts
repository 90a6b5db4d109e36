import { Buffer } from 'node:buffer'
import { MessageEncryptor, MessageVerifier } from '../../src/active-support/index.ts'
import type { MessageMetadata, MessageOptions } from '../../src/active-support/message-options.ts'
import type { AeadCipher, CbcCipher, Digest, Scheme } from '../../src/backend/backend.ts'
import { RubyHash } from '../../src/ruby/hash.ts'
import { RubyString } from '../../src/ruby/string.ts'
import { nodeBackend } from '../../src/backend/node-crypto.ts'
import { type Answer, answerOf } from './answer.ts'
import { losslessValue, withoutEnvelope } from './payloads.ts'
import { NoSuchOption } from './settings.ts'
import { isCbc } from '../../src/rails/names.ts'
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'
import type { MessageCase, VectorConfig } from './vectors.ts'

/** What verifying or decrypting gave, and what the other ways of asking said. */
export interface MessageAnswer {
  readonly read: Answer
  /** `verified`: the value, null when refused; undefined for an encryptor. */
  readonly verified: unknown
  readonly validMessage: boolean | undefined
}

/** Reads the recorded message with the settings of the case. */
export function readMessage(backend: 'node' | 'native', vector: MessageCase, rails: RailsVersion): MessageAnswer {
  const { read } = vector
  const config = settingsKnown(vector.config, rails)
  // A message that is not UTF-8, as the one text that has such bytes.
  const text = vector.message_nil ? (undefined as unknown as string) : (vector.message ?? latin1(vector.message_base64))
  const options = messageOptions(config, vector.now, backend)
  if (config['kind'] === 'verifier') {
    const verifier = new MessageVerifier(hex(config['secret_hex']), { ...options, rotations: rotationsOf(config) })
    return {
      read: answerOf(verifier.verify(text, read), false),
      verified: verifier.verified(text, read),
      validMessage: verifier.validMessage(text),
    }
  }
  const encryptor = new MessageEncryptor(hex(config['secret_hex']), {
    ...options,
    ...encryption(config),
    rotations: rotationsOf(config),
  })
  return { read: answerOf(encryptor.decryptAndVerify(text, read), false), verified: undefined, validMessage: undefined }
}

/** Signed by us again with what the message says, under the settings it was written with; null where it cannot be. */
export function signAgain(
  backend: 'node' | 'native',
  vector: MessageCase,
  rails: RailsVersion,
  answer: Answer,
): string | null {
  const config = vector.written_with ?? vector.config
  if (config['kind'] !== 'verifier' || !answer.accepted || vector.message === undefined || vector.tamper) return null
  if (!isCanonical(vector.message, config['url_safe'] === true)) return null
  const written = writtenIn(vector.message, config, rails)
  if (written === undefined || written.metadata === null) return null
  // Below 7.1 there is one form of metadata; a message in the other form was written with settings that we are not told.
  const mayBeNew = atLeast(rails, '7.1') && !isLegacy(config)
  if (written.form !== 'none' && (written.form === 'new') !== mayBeNew) return null
  const verifier = new MessageVerifier(hex(config['secret_hex']), {
    ...messageOptions(config, vector.now, backend),
    useMessageSerializerForMetadata: mayBeNew,
  })
  return verifier.generate(written.value, written.metadata)
}

/** What was given to be signed, and in which form its metadata are. */
interface Written {
  readonly value: unknown
  /** Null for a purpose that was a Symbol, which Ruby makes a String in US-ASCII of. */
  readonly metadata: MessageMetadata | null
  readonly form: 'none' | 'legacy' | 'new'
}

function writtenIn(message: string, config: VectorConfig, rails: RailsVersion): Written | undefined {
  const plaintext = Buffer.from(message.split('--')[0]!, 'base64')
  const payload = withoutEnvelope(plaintext)
  const read = losslessValue(payload, config['serializer'], rails)
  if (read === undefined) return undefined
  if (payload !== plaintext) {
    const { _rails: envelope } = JSON.parse(plaintext.toString('utf8')) as { _rails: { exp: unknown; pur: unknown } }
    return { value: read.value, metadata: metadataOf(envelope.exp, envelope.pur), form: 'legacy' }
  }
  const inner = entry(read.value, '_rails')
  if (!(inner instanceof RubyHash)) return { value: read.value, metadata: {}, form: 'none' }
  const metadata = metadataOf(entry(inner, 'exp'), entry(inner, 'pur'))
  return { value: entry(inner, 'data'), metadata, form: 'new' }
}

function entry(hash: unknown, name: string): unknown {
  return hash instanceof RubyHash ? hash.pairs.find(([key]) => String(key) === name)?.[1] : undefined
}

/** `exp` is a time where the serializer has one. */
function metadataOf(exp: unknown, pur: unknown): MessageMetadata | null {
  if (pur instanceof RubyString && pur.encoding !== 'UTF-8') return null
  return {
    expiresAt: exp === undefined || exp === null ? undefined : exp instanceof Date ? exp : new Date(String(exp)),
    purpose: pur === undefined || pur === null ? undefined : String(pur),
  }
}

/** Whether Rails 7.1 and later write the metadata of such a message as JSON around it. */
function isLegacy(config: VectorConfig): boolean {
  return (
    config['force_legacy_metadata_serializer'] === true ||
    config['use_message_serializer_for_metadata'] !== true ||
    config['serializer'] === 'null'
  )
}

/** The schemes of the case's verifier or encryptor, the current one first. */
export function schemesOf({ config }: MessageCase): Scheme[] {
  const rotations = (config['rotations'] ?? []) as readonly RecordedRotation[]
  return [config, ...rotations.map((rotation) => rotated(config, rotation))].map((each) => {
    const urlSafe = each['url_safe'] === true
    const digest = (each['digest'] ?? 'SHA1') as Digest
    const key = nodeBackend.key(hex(each['secret_hex']))
    if (each['kind'] === 'verifier') return { kind: 'signed', digest, key, urlSafe }
    const { cipher, signSecret } = encryption(each)
    if (!isCbc(cipher)) return { kind: 'aead', cipher, key, urlSafe }
    const signKey = signSecret === undefined ? key : nodeBackend.key(signSecret)
    return { kind: 'cbc', cipher, key, signKey, digest, urlSafe }
  })
}

/** One entry of recorded `rotations`; what it does not name is inherited. */
interface RecordedRotation {
  readonly secrets_hex?: readonly string[]
  readonly options: VectorConfig
}

function rotated(config: VectorConfig, { secrets_hex: secrets = [], options }: RecordedRotation): VectorConfig {
  const [secret, signSecret] = secrets
  return {
    ...config,
    ...options,
    ...(secret === undefined ? {} : { secret_hex: secret }),
    ...(signSecret === undefined ? {} : { sign_secret_hex: signSecret }),
  }
}

function rotationsOf(config: VectorConfig): Array<Record<string, never>> {
  const rotations = (config['rotations'] ?? []) as readonly RecordedRotation[]
  return rotations.map(({ secrets_hex: secrets = [], options }) => {
    const [secret, signSecret] = secrets
    return {
      ...named(options),
      ...(secret === undefined ? {} : { secret: hex(secret) }),
      ...(signSecret === undefined ? {} : { signSecret: hex(signSecret) }),
    } as Record<string, never>
  })
}

function messageOptions(config: VectorConfig, now: string, backend: 'node' | 'native'): MessageOptions {
  // The bare class's default.
  return { serializer: 'Marshal', ...named(config), backend, now: () => Date.parse(now) }
}

/** Without the digest, which no encryptor had below 4.2: what was recorded was written and read without it. */
function settingsKnown(config: VectorConfig, rails: RailsVersion): VectorConfig {
  if (config['kind'] === 'verifier' || atLeast(rails, '4.2')) return config
  return Object.fromEntries(Object.entries(config).filter(([name]) => name !== 'digest'))
}

/** Settings of a message by our names. Throws {@link NoSuchOption}. */
function named(config: VectorConfig): MessageOptions {
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(config)) {
    const option = OPTIONS.get(name)
    if (option === undefined) throw new NoSuchOption('message setting', name)
    if (option !== '' && value !== null) options[option] = value
  }
  return options as MessageOptions
}

function encryption(config: VectorConfig): { cipher: AeadCipher | CbcCipher; signSecret?: Uint8Array } {
  const signSecret = config['sign_secret_hex']
  return {
    // The bare class's default.
    cipher: (config['cipher'] ?? 'aes-256-cbc') as AeadCipher | CbcCipher,
    ...(typeof signSecret === 'string' ? { signSecret: hex(signSecret) } : {}),
  }
}

function isCanonical(message: string, urlSafe: boolean): boolean {
  const [data = ''] = message.split('--')
  const encoding = urlSafe ? 'base64url' : 'base64'
  return Buffer.from(data, 'base64').toString(encoding) === data
}

function hex(value: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(String(value), 'hex'))
}

function latin1(base64: string | undefined): string {
  return Buffer.from(base64 ?? '', 'base64').toString('latin1')
}

const OPTIONS: ReadonlyMap<string, string> = new Map([
  ['serializer', 'serializer'],
  ['digest', 'digest'],
  ['url_safe', 'urlSafe'],
  ['force_legacy_metadata_serializer', 'forceLegacyMetadataSerializer'],
  ['use_message_serializer_for_metadata', 'useMessageSerializerForMetadata'],
  ['cipher', ''],
  ['kind', ''],
  ['rotations', ''],
  ['secret_hex', ''],
  ['sign_secret_hex', ''],
])
