import { UnserializableValueError } from '../errors.ts'
import { payloadBytes, payloadFromBytes } from './payload.ts'
import type { CustomSerializer, Serializer } from './serializer.ts'

/** Wraps an application's own serializer. What its `load` throws is a damaged payload, as in Rails 7.1+. */
export function customSerializer(custom: CustomSerializer): Serializer {
  return {
    dump(value) {
      const dumped = custom.dump(value)
      if (typeof dumped === 'string') return { text: dumped, bytes: false }
      if (dumped instanceof Uint8Array) return payloadFromBytes(dumped)
      throw new UnserializableValueError(
        `cookiesSerializer.dump returned ${dumped === null ? 'null' : typeof dumped}; return a string or a Uint8Array`,
      )
    },
    load(payload) {
      try {
        return { ok: true, value: custom.load(payloadBytes(payload)), format: 'custom' }
      } catch {
        return { ok: false, reason: 'undecodable' }
      }
    },
    typed(payload) {
      return custom.load(payloadBytes(payload))
    },
    reserializes: () => false,
  }
}
