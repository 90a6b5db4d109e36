import { Buffer } from 'node:buffer'
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'
import type { CookieCase, MessageCase, VectorConfig } from './vectors.ts'

/** The layers that are answered; what is in others counts as unsupported. */
export const LAYERS_IN_SCOPE: readonly string[] = ['cookies', 'app', 'cross', 'messages', 'keys', 'headers']

/** How a payload is serialized. `other`: in no format of Rails. */
type Format = 'json' | 'marshal' | 'message_pack' | 'other'

/**
 * Why a cookie case is not answered yet; null when it is. Decided by what was recorded (setting and payload), never by
 * what we make of it.
 */
export function unsupportedCookie(vector: CookieCase, rails: RailsVersion): string | null {
  const { config } = vector
  if (vector.jar.endsWith('plain')) return null
  // Before the setting there was nothing but Marshal.
  if (!atLeast(rails, '4.1')) return NEEDS.marshal
  const setting = settingOf(config['cookies_serializer'])
  if (vector.op === 'write')
    return setting.writes === 'json' || setting.writes === 'other' ? null : NEEDS[setting.writes]
  const format = cookieFormat(vector)
  return format === 'json' || format === 'other' || !setting.reads.includes(format) ? null : NEEDS[format]
}

/** Whether a serializer setting writes a format that is written here already. */
export function canWrite(serializer: unknown): boolean {
  const { writes } = settingOf(serializer)
  return writes === 'json' || writes === 'other'
}

function cookieFormat(vector: CookieCase): Format {
  if (vector.payload_base64 !== undefined) return formatOf(Buffer.from(vector.payload_base64, 'base64'))
  if (vector.sealed_bytes_base64 !== undefined) {
    return formatOf(withoutEnvelope(Buffer.from(vector.sealed_bytes_base64, 'base64')))
  }
  return settingOf((vector.written_with ?? vector.config)['cookies_serializer']).writes
}

/** Why a message case is not answered yet; null when it is. As {@link unsupportedCookie}. */
export function unsupportedMessage(vector: MessageCase): string | null {
  const read = [vector.config, ...rotations(vector.config)].map((config) => settingOf(config['serializer']))
  if (vector.config['serializer'] === 'Marshal') return NEEDS.marshal
  const format = settingOf((vector.written_with ?? vector.config)['serializer']).writes
  if (format === 'json' || format === 'other') return null
  return read.some(({ reads }) => reads.includes(format)) ? NEEDS[format] : null
}

function rotations(config: VectorConfig): VectorConfig[] {
  const given = (config['rotations'] ?? []) as ReadonlyArray<{ readonly options?: VectorConfig }>
  return given.map(({ options }) => ({ serializer: config['serializer'], ...options }))
}

/** What Rails 8.1 writes and reads under a serializer setting; a setting that is not there is Marshal. */
function settingOf(name: unknown): { readonly writes: Format; readonly reads: readonly Format[] } {
  switch (name) {
    case 'json':
      return { writes: 'json', reads: ['json', 'message_pack'] }
    case 'hybrid':
    case 'json_allow_marshal':
      return { writes: 'json', reads: ['json', 'message_pack', 'marshal'] }
    case 'message_pack':
      return { writes: 'message_pack', reads: ['json', 'message_pack'] }
    case 'message_pack_allow_marshal':
      return { writes: 'message_pack', reads: ['json', 'message_pack', 'marshal'] }
    case 'JSON':
    case 'ActiveSupport::JSON':
      return { writes: 'json', reads: ['json'] }
    case 'null':
    case 'custom:prefixed_json':
      return { writes: 'other', reads: ['other'] }
    default:
      return { writes: 'marshal', reads: ['json', 'message_pack', 'marshal'] }
  }
}

function formatOf(payload: Buffer): Format {
  if (payload[0] === 0xcc && payload[1] === 0x80) return 'message_pack'
  // Up to 7.0, other minor versions of Marshal counted too.
  if (payload[0] === 0x04) return 'marshal'
  return JSON_START.test(payload.toString('latin1')) ? 'json' : 'other'
}

/** The payload inside a metadata envelope as Rails 8.1 recognises it; any other plaintext is the payload. */
export function withoutEnvelope(plaintext: Buffer): Buffer {
  const text = plaintext.toString('utf8')
  if (!text.startsWith('{"_rails":{"message":')) return plaintext
  const message = /^\{"_rails":\{"message":"([^"\\]*)"/.exec(text)?.[1]
  return message === undefined ? plaintext : Buffer.from(message, 'base64')
}

const JSON_START = /^(?:[{["]|-?\d|true|false|null)/
const NEEDS = { marshal: 'needs Marshal', message_pack: 'needs MessagePack' } as const
