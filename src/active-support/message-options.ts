import { Buffer } from 'node:buffer'
import type { Digest } from '../backend/backend.ts'
import { ConfigError } from '../errors.ts'
import { parseDuration } from '../rails/duration.ts'
import { DIGESTS } from '../rails/names.ts'
import type { OptionReader } from '../rails/validate.ts'
import { type MessageSerializer, type MessageSerializerName, messageSerializer } from './message-serializer.ts'

/** Options that `MessageVerifier` and `MessageEncryptor` share, by their Rails names. */
export interface MessageOptions {
  /** How values are serialized. Default `'json_allow_marshal'`, as with `load_defaults` 7.1. */
  serializer?: MessageSerializerName
  /** HMAC digest. Default `'SHA1'`. */
  digest?: Digest
  /** Write `-_` for `+/`, without padding. Default false. */
  urlSafe?: boolean
  /** Write metadata in the layout of Rails below 7.1, whatever the serializer. Default false. */
  forceLegacyMetadataSerializer?: boolean
  /** `config.active_support.use_message_serializer_for_metadata`. Default true, as with `load_defaults` 7.1. */
  useMessageSerializerForMetadata?: boolean
  /** Default `'auto'`. */
  backend?: 'auto' | 'native' | 'node'
  /** The clock: milliseconds since 1970. Default `Date.now`; for tests. */
  now?: () => number
}

/** What a message carries besides its value. */
export interface MessageMetadata {
  /** Must be given alike when the message is read. */
  purpose?: string | undefined
  expiresAt?: Date | undefined
  /** Seconds, or a text such as `'2 hours'`. */
  expiresIn?: number | string | undefined
}

/** Validated {@link MessageOptions}. */
export interface MessageSettings {
  readonly serializer: MessageSerializer
  readonly digest: Digest
  readonly urlSafe: boolean
  readonly legacyMetadata: boolean
  readonly backend: 'auto' | 'native' | 'node'
  readonly now: () => number
}

/** Names that {@link readMessageSettings} knows. */
export const MESSAGE_OPTIONS: readonly string[] = [
  'serializer',
  'digest',
  'urlSafe',
  'forceLegacyMetadataSerializer',
  'useMessageSerializerForMetadata',
  'backend',
  'now',
]

/** Validates; what is not given is inherited from `parent`, as rotations do. */
export function readMessageSettings(reader: OptionReader, parent: MessageSettings | null): MessageSettings {
  const serializer = reader.has('serializer')
    ? (messageSerializer(reader.raw('serializer')) ??
      reader.fail(
        'serializer',
        "'json', 'json_allow_marshal', 'message_pack', 'JSON', 'ActiveSupport::JSON', 'null' or { dump, load }",
      ))
    : (parent?.serializer ?? messageSerializer('json_allow_marshal')!)
  const force = reader.boolean('forceLegacyMetadataSerializer')
  const use = reader.boolean('useMessageSerializerForMetadata')
  return {
    serializer,
    digest: reader.oneOf('digest', DIGESTS) ?? parent?.digest ?? 'SHA1',
    urlSafe: reader.boolean('urlSafe') ?? parent?.urlSafe ?? false,
    legacyMetadata:
      force === undefined && use === undefined ? (parent?.legacyMetadata ?? false) : force === true || use === false,
    backend: reader.oneOf('backend', ['auto', 'native', 'node']) ?? parent?.backend ?? 'auto',
    now: reader.function<() => number>('now') ?? parent?.now ?? Date.now,
  }
}

/** The secret of a verifier or encryptor as bytes; throws a `ConfigError` that does not show it. */
export function secretBytes(secret: unknown, where: string): Uint8Array {
  if (typeof secret === 'string' && secret !== '') return Buffer.from(secret)
  if (secret instanceof Uint8Array && secret.length > 0) return new Uint8Array(secret)
  throw new ConfigError(`${where}: the secret is no string and no Uint8Array, or empty; write the key`)
}

/** The expiry that metadata ask for; null for none. */
export function pickExpiry({ expiresAt, expiresIn }: MessageMetadata, now: number): Date | null {
  if (expiresAt !== undefined) {
    if (expiresAt instanceof Date && expiresAt.getUTCFullYear() >= 0 && expiresAt.getUTCFullYear() <= 9999)
      return expiresAt
    throw new ConfigError('expiresAt: write a valid Date (years 0 to 9999)')
  }
  if (expiresIn === undefined) return null
  const seconds = parseDuration(expiresIn)
  if (seconds === null)
    throw new ConfigError("expiresIn: write a positive number of seconds or a text such as '2 hours'")
  return new Date(now + seconds * 1000)
}
