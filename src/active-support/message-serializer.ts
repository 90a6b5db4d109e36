import { Buffer } from 'node:buffer'
import { cookiesSerializer, typedPayload } from '../serializers/cookies-serializer.ts'
import { customSerializer } from '../serializers/custom.ts'
import type { Format } from '../serializers/format.ts'
import { jsonFormat } from '../serializers/json/json.ts'
import { marshalFormat } from '../serializers/marshal/marshal.ts'
import { payloadBytes, payloadFromBytes } from '../serializers/payload.ts'
import type { CookiesSerializerName, CustomSerializer, Payload, Serializer } from '../serializers/serializer.ts'
import { decodeUtf8 } from '../ruby/encoding.ts'
import type { TypedString } from '../ruby/typed.ts'
import { SERIALIZERS } from '../rails/names.ts'
import { UnserializableValueError } from '../errors.ts'

/**
 * A serializer of messages: a symbol of Rails 7.1+ (`'json'`, `'json_allow_marshal'`, …), a module of Ruby (`'JSON'`,
 * `'ActiveSupport::JSON'`, `'Marshal'`), `'null'` for strings as they are, or an object of your own.
 */
export type MessageSerializerName =
  | CookiesSerializerName
  | 'JSON'
  | 'ActiveSupport::JSON'
  | 'Marshal'
  | 'null'
  | CustomSerializer

/** A serializer, and whether Rails 7.1+ lets it carry the metadata as a part of the value. */
export interface MessageSerializer extends Serializer {
  readonly wrapsMetadata: boolean
  /** Whether it carries the expiry among them as a Time, and not as text. */
  readonly hasTimes: boolean
  /** The lossless tree of a payload that stood in an envelope, where that differs from {@link Serializer.typed}. */
  typedInEnvelope?(payload: Payload): unknown
}

/** The serializer of a `serializer` option; undefined for anything that is none. */
export function messageSerializer(given: unknown): MessageSerializer | undefined {
  if (typeof given === 'string') {
    const module = MODULES.get(given)
    if (given === 'null') return nullSerializer
    if (module !== undefined) return { ...module, wrapsMetadata: true, hasTimes: false }
    const name = SERIALIZERS.find((each) => each === given)
    if (name === undefined) return undefined
    const hasTimes = name === 'message_pack' || name === 'message_pack_allow_marshal'
    return { ...cookiesSerializer(name, OPTIONS), wrapsMetadata: true, hasTimes }
  }
  if (typeof given !== 'object' || given === null) return undefined
  const { dump, load } = given as Partial<CustomSerializer>
  if (typeof dump !== 'function' || typeof load !== 'function') return undefined
  return {
    ...customSerializer({ dump: dump.bind(given), load: load.bind(given) }),
    wrapsMetadata: false,
    hasTimes: false,
  }
}

/** A module reads its own format only and detects nothing. */
function only(format: Format): Serializer {
  const { dump, load } = format
  return { dump, load, typed: (payload) => typedPayload(format, payload), reserializes: () => false }
}

const nullSerializer: MessageSerializer = {
  dump(value) {
    if (typeof value === 'string') return { text: value, bytes: false }
    if (value instanceof Uint8Array) return payloadFromBytes(value)
    throw new UnserializableValueError(`serializer 'null' takes a string or a Uint8Array, not ${typeof value}`)
  },
  load: (payload) => ({ ok: true, value: textOf(payload) ?? payloadBytes(payload), format: 'custom' }),
  typed: (payload) => textOf(payload) ?? binaryString(payload),
  // Rails decodes the base64 in the envelope, and says no more about the encoding.
  typedInEnvelope: binaryString,
  reserializes: () => false,
  wrapsMetadata: false,
  hasTimes: false,
}

/** A payload is text to Rails here wherever it is UTF-8, also where it starts as a format that counts bytes does. */
function textOf({ text, bytes }: Payload): string | null {
  return bytes ? decodeUtf8(text) : text
}

function binaryString(payload: Payload): TypedString {
  return { $: 'string', enc: 'ASCII-8BIT', b64: Buffer.from(payloadBytes(payload)).toString('base64') }
}

const ACTIVE_SUPPORT = { escapeHtmlEntities: true, escapeJsSeparators: true, dialect: 'active_support' } as const
const OPTIONS = { ...ACTIVE_SUPPORT, railsVersion: '8.1' } as const
const MODULES: ReadonlyMap<string, Serializer> = new Map([
  ['JSON', only(jsonFormat({ escapeHtmlEntities: false, escapeJsSeparators: false, dialect: 'json_gem' }))],
  ['ActiveSupport::JSON', only(jsonFormat(ACTIVE_SUPPORT))],
  ['Marshal', only(marshalFormat(OPTIONS))],
])
