/** What the serializers of Rails 3.2 to 7.0 make of a payload, which they do not look at before they load it. */
import type { Buffer } from 'node:buffer'
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'
import { readOlderJson } from './older-json.ts'
import { loadOlderMarshal } from './older-marshal.ts'
import { PREFIXED_JSON } from './settings.ts'

/** A value, as a typed tree, or how loading failed: what becomes of an exception hangs on its class. */
export type Deserialized =
  | { readonly typed: unknown }
  | { readonly raised: 'TypeError' | 'JSON::ParserError' | 'another exception' }

/** `serializer`: a setting of cookies, or the name of a module. */
export function deserialize(payload: Buffer, serializer: unknown, rails: RailsVersion): Deserialized {
  switch (serializer) {
    case 'null':
      return { typed: payload.toString('utf8') }
    case 'custom:prefixed_json':
      return loadCustom(payload)
    case 'json':
    case 'JSON':
    case 'ActiveSupport::JSON':
      return loadJson(payload)
    case 'hybrid':
      return isMarshal(payload) ? loadOlderMarshal(payload, rails) : loadJson(payload)
    default: {
      const loaded = loadOlderMarshal(payload, rails)
      // With 6.1 came a second try, for what does not begin as Marshal.
      if (!('raised' in loaded) || loaded.raised !== 'TypeError' || !atLeast(rails, '6.1')) return loaded
      const json = loadJson(payload)
      return 'raised' in json ? loaded : json
    }
  }
}

/** Whether a payload begins as Marshal 4.8 does. */
export function isMarshal(payload: Buffer): boolean {
  return payload[0] === 4 && payload[1] === 8
}

function loadJson(payload: Buffer): Deserialized {
  const typed = readOlderJson(payload)
  return typed === undefined ? { raised: 'JSON::ParserError' } : { typed }
}

function loadCustom(payload: Buffer): Deserialized {
  try {
    return { typed: PREFIXED_JSON.load(payload) }
  } catch {
    return { raised: 'another exception' }
  }
}
