import type { RailsVersion } from '../../rails/version.ts'
import { encodeUtf8 } from '../../ruby/encoding.ts'
import { Identities } from '../../ruby/eql.ts'
import { indifferentKey } from '../../ruby/indifferent-access.ts'
import { plainKey } from '../../ruby/plain.ts'
import type { Changes } from '../changes.ts'
import type { Payload } from '../serializer.ts'
import { encodeExtension, encodeText, mapHead } from './encode.ts'
import { ExtensionType } from './extension-type.ts'
import { payloadBuffer } from './reader.ts'
import { SIGNATURE } from './signature.ts'
import { Unpacker } from './unpacker.ts'
import { writeMember } from './writer.ts'

/**
 * The Hash in a payload with other values for some of its keys, one character a byte. The bytes of every other key and value
 * stay as they are; a replaced key keeps its place; new ones come last. The payload has been read before and is known to
 * hold a Hash.
 */
export function updateMessagePack(payload: Payload, changes: Changes, rails: RailsVersion): string {
  const { indifferentAccess, entries } = entriesOf(payload, rails)
  const added = new Map(changes)
  const pairs: string[] = []
  for (const { name, key, value } of entries) {
    if (name === undefined || !changes.has(name)) pairs.push(key + value)
    // Of keys with the same text, plain data shows one.
    else if (added.has(name)) {
      const changed = added.get(name)
      added.delete(name)
      if (changed !== undefined) pairs.push(key + writeMember(name, changed, rails))
    }
  }
  for (const [name, value] of added) {
    if (value !== undefined) pairs.push(encodeText(encodeUtf8(name)) + writeMember(name, value, rails))
  }
  const map = mapHead(pairs.length) + pairs.join('')
  return SIGNATURE + (indifferentAccess ? encodeExtension(ExtensionType.HASH_WITH_INDIFFERENT_ACCESS, map) : map)
}

interface Entry {
  /** The key as plain data has it; undefined for one that is no scalar. */
  readonly name: string | undefined
  /** Bytes, one character each. */
  readonly key: string
  value: string
}

/** The pairs of the Hash in order; of equal keys, the first place and the last value count, as in Ruby. */
function entriesOf(payload: Payload, rails: RailsVersion): { indifferentAccess: boolean; entries: Iterable<Entry> } {
  const bytes = payloadBuffer(payload)
  const unpacker = new Unpacker(bytes, rails)
  unpacker.read()
  const { indifferentAccess, length } = unpacker.enterHash()
  const identities = new Identities()
  const entries = new Map<string, Entry>()
  const step = (): { object: unknown; text: string } => {
    const start = unpacker.at
    const object = unpacker.read()
    return { object, text: bytes.toString('latin1', start, unpacker.at) }
  }
  for (let i = 0; i < length; i++) {
    const key = step()
    const value = step()
    const identity = identities.of(indifferentAccess ? indifferentKey(key.object) : key.object)
    const known = entries.get(identity)
    if (known === undefined) entries.set(identity, { name: plainKey(key.object), key: key.text, value: value.text })
    else known.value = value.text
  }
  return { indifferentAccess, entries: entries.values() }
}
