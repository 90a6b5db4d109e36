import { Buffer } from 'node:buffer'
import type { RailsVersion } from '../../src/rails/version.ts'
import type { Format } from '../../src/serializers/format.ts'
import { jsonFormat } from '../../src/serializers/json/json.ts'
import { marshalFormat } from '../../src/serializers/marshal/marshal.ts'
import { readNodes } from '../../src/serializers/marshal/reader.ts'
import { writeNodes } from '../../src/serializers/marshal/writer.ts'
import { messagePackFormat } from '../../src/serializers/message-pack/message-pack.ts'
import { payloadBytes, payloadFromBytes } from '../../src/serializers/payload.ts'
import { PREFIXED_JSON } from './settings.ts'

/** What to seal so that a payload comes out again: its value, or, where no value says all that is in a dump, the bytes. */
export type Sealable = { readonly value: unknown } | { readonly bytes: Buffer }

/** As {@link Sealable}; undefined for what cannot be read, and for a dump that is not carried. */
export function sealablePayload(payload: Buffer, serializer: unknown, rails: RailsVersion): Sealable | undefined {
  const found = losslessValue(payload, serializer, rails)
  if (found === undefined || payload[0] !== 0x04) return found
  const again = marshalFormat({ railsVersion: rails }).dump(found.value)
  if (payload.equals(payloadBytes(again))) return found
  return isCarried(payload) ? { bytes: payload } : undefined
}

/** The lossless value in a payload of any serializer of the vectors; undefined for what cannot be read. */
export function losslessValue(
  payload: Buffer,
  serializer: unknown,
  rails: RailsVersion,
): { readonly value: unknown } | undefined {
  if (serializer === 'null') return { value: text(payload) }
  if (serializer === 'custom:prefixed_json') return { value: PREFIXED_JSON.load(payload) }
  const read = formatOf(payload, rails).read(payloadFromBytes(payload))
  return read.ok ? { value: read.value } : undefined
}

/** Whether Marshal carries all that it read to where it writes: the same bytes, if they were Ruby's own. */
export function isCarried(dump: Buffer): boolean {
  const binary = dump.toString('latin1')
  return writeNodes(readNodes(binary)) === binary
}

/** The format that a payload begins as. Up to 7.0, other minor versions of Marshal counted, too. */
function formatOf(payload: Buffer, railsVersion: RailsVersion): Format {
  if (payload[0] === 0xcc && payload[1] === 0x80) return messagePackFormat({ railsVersion })
  return payload[0] === 0x04 ? marshalFormat({ railsVersion }) : JSON_FORMAT
}

/** The payload inside a metadata envelope as Rails 8.1 recognises it; any other plaintext is the payload. */
export function withoutEnvelope(plaintext: Buffer): Buffer {
  const envelope = plaintext.toString('latin1')
  if (!envelope.startsWith('{"_rails":{"message":')) return plaintext
  const message = /^\{"_rails":\{"message":"([^"\\]*)"/.exec(envelope)?.[1]
  return message === undefined ? plaintext : Buffer.from(message, 'base64')
}

function text(payload: Buffer): string | Uint8Array {
  const { text: characters, bytes } = payloadFromBytes(payload)
  return bytes ? new Uint8Array(payload) : characters
}

const JSON_FORMAT = jsonFormat({ escapeHtmlEntities: true, escapeJsSeparators: true, dialect: 'active_support' })
