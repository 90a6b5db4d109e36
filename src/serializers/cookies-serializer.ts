import type { RailsVersion } from '../rails/version.ts'
import { RubyHash } from '../ruby/hash.ts'
import { RubyObject } from '../ruby/object.ts'
import type { TypedTree } from '../ruby/typed.ts'
import { typedTree } from '../ruby/typed-tree.ts'
import { type Changes, changedPairs } from './changes.ts'
import type { Format } from './format.ts'
import { jsonFormat } from './json/json.ts'
import type { JsonWriteOptions } from './json/writer.ts'
import { marshalFormat } from './marshal/marshal.ts'
import { messagePackFormat } from './message-pack/message-pack.ts'
import type { CookiesSerializerName, Payload, RewritingSerializer } from './serializer.ts'

/** What the formats depend on. */
export interface CookiesSerializerOptions extends JsonWriteOptions {
  /** The Rails on the other side. */
  readonly railsVersion: RailsVersion
}

/** The serializer that Rails 8.1 makes of a `cookies_serializer` setting: one format to write, several to read. */
export function cookiesSerializer(name: CookiesSerializerName, options: CookiesSerializerOptions): RewritingSerializer {
  const formats = {
    json: jsonFormat(options),
    marshal: marshalFormat(options),
    message_pack: messagePackFormat(options),
  }
  const { writes, reads, assumesJson } = SETTINGS[name]
  const own = formats[writes]
  const readable = new Set<Format>(reads.map((format) => formats[format]))
  // In Rails' order of detection: the signatures are told apart by it.
  const all: readonly Format[] = [formats.message_pack, formats.marshal, formats.json]
  const formatOf = (payload: Payload): Format | undefined => {
    // What nearly every cookie starts with, and no signature does. Every setting reads JSON.
    if (payload.text.charCodeAt(0) === OPENING_BRACE) return formats.json
    const found = all.find((format) => format.recognises(payload)) ?? (assumesJson ? formats.json : undefined)
    return found !== undefined && readable.has(found) ? found : undefined
  }
  return {
    dump: own.dump,
    draft: own.draft,
    load: (payload, plainJson) =>
      formatOf(payload)?.load(payload, plainJson) ?? { ok: false, reason: 'unsupported_serializer' },
    writes,
    reads: { json: reads.includes('json'), marshal: reads.includes('marshal') },
    typed: (payload) => typedPayload(formatOf(payload), payload),
    // Rails does not rewrite under :marshal, which reads everything.
    reserializes: (payload) => own !== formats.marshal && !own.recognises(payload),
    update: (payload, changes) => {
      const found = formatOf(payload)
      if (found === undefined) throw new TypeError('update: the payload is in no format that is read here')
      return found === own ? own.update(payload, changes) : own.dump(changedHash(found, payload, changes))
    },
  }
}

/** The lossless tree of a payload; undefined where it cannot be read. */
export function typedPayload(format: Format | undefined, payload: Payload): TypedTree | undefined {
  const read = format?.read(payload)
  return read?.ok ? typedTree(read.value) : undefined
}

/** The Hash in a payload of another format, with the changes made: what Rails would hand to its serializer. */
function changedHash(format: Format, payload: Payload, changes: Changes): RubyHash {
  const read = format.read(payload)
  const { value } = read.ok ? read : { value: undefined }
  const hash = value instanceof RubyObject ? value.value : value
  if (!(hash instanceof RubyHash)) throw new TypeError('update: the payload holds no Hash')
  return new RubyHash(changedPairs(hash.pairs, changes))
}

const OPENING_BRACE = 0x7b

interface Setting {
  readonly writes: 'json' | 'marshal' | 'message_pack'
  readonly reads: ReadonlyArray<'json' | 'marshal' | 'message_pack'>
  /** A payload of no recognisable format is tried as JSON. */
  readonly assumesJson: boolean
}

const SETTINGS: Readonly<Record<CookiesSerializerName, Setting>> = {
  json: { writes: 'json', reads: ['json', 'message_pack'], assumesJson: true },
  hybrid: { writes: 'json', reads: ['json', 'message_pack', 'marshal'], assumesJson: true },
  json_allow_marshal: { writes: 'json', reads: ['json', 'message_pack', 'marshal'], assumesJson: true },
  marshal: { writes: 'marshal', reads: ['marshal', 'message_pack', 'json'], assumesJson: false },
  message_pack: { writes: 'message_pack', reads: ['message_pack', 'json'], assumesJson: false },
  message_pack_allow_marshal: {
    writes: 'message_pack',
    reads: ['message_pack', 'json', 'marshal'],
    assumesJson: false,
  },
}
