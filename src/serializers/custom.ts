import { UnserializableValueError } from '../errors.ts'
import { changedPairs } from './changes.ts'
import { payloadBytes, payloadFromBytes } from './payload.ts'
import { RubyHash } from '../ruby/hash.ts'
import { plain } from '../ruby/plain.ts'
import { typedTree } from '../ruby/typed-tree.ts'
import type { CustomSerializer, RewritingSerializer } from './serializer.ts'

/** Wraps an application's own serializer. What its `load` throws is a damaged payload, as in Rails 7.1+. */
export function customSerializer(custom: CustomSerializer): RewritingSerializer {
  const serializer: RewritingSerializer = {
    dump(value) {
      const dumped = custom.dump(value)
      if (typeof dumped === 'string') return { text: dumped, bytes: false }
      if (dumped instanceof Uint8Array) return payloadFromBytes(dumped)
      throw new UnserializableValueError(
        `cookiesSerializer.dump returned ${dumped === null ? 'null' : typeof dumped}; return a string or a Uint8Array`,
      )
    },
    draft: null,
    load(payload) {
      let value: unknown
      try {
        value = custom.load(payloadBytes(payload))
      } catch {
        return { ok: false, reason: 'undecodable' }
      }
      // It may have used the value classes of Ruby, which nobody expects in plain data.
      const viewed = plain(value)
      return viewed.ok ? { ok: true, value: viewed.value, format: 'custom' } : viewed
    },
    typed(payload) {
      const value = custom.load(payloadBytes(payload))
      try {
        return typedTree(value)
      } catch {
        // An object of the application's own, which has no tree.
        return value
      }
    },
    reserializes: () => false,
    writes: 'custom',
    reads: { json: false, marshal: false },
    update(payload, changes) {
      const value = custom.load(payloadBytes(payload))
      if (value instanceof RubyHash) return serializer.dump(new RubyHash(changedPairs(value.pairs, changes), value))
      return serializer.dump(
        Object.fromEntries(changedPairs(Object.entries(value as object), changes) as [string, unknown][]),
      )
    },
  }
  return serializer
}
