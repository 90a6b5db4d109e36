import { atLeast, type RailsVersion } from '../rails/version.ts'
import { bare, isPlainHash } from '../ruby/bare.ts'
import { RubyObject } from '../ruby/object.ts'
import { RubySymbol } from '../ruby/symbol.ts'
import { FLASH_HASH, flashHash } from '../serializers/marshal/flash-hash.ts'

/**
 * The messages that a request gets to see of what stands under `flash` in its session: `FlashHash.from_session_value`. From 4.0
 * on that is a Hash with the messages and the names of those that have been seen; 3.2 has an object with both.
 */
export function storedFlashes(stored: unknown): Map<string, unknown> {
  const isObject = stored instanceof RubyObject && stored.className === FLASH_HASH
  const fields = isObject ? Object.fromEntries(stored.fields) : isPlainHash(stored) ? stored : {}
  const [flashes, seen] = isObject ? [fields['@flashes'], fields['@used']] : [fields['flashes'], fields['discard']]
  const shown = new Map(isPlainHash(flashes) ? Object.entries(flashes) : [])
  if (Array.isArray(seen) || seen instanceof Set) for (const key of seen) shown.delete(String(key))
  return shown
}

/** What to put under `flash` for the next request: `FlashHash#to_session_value`; undefined for nothing. */
export function flashToStore(flashes: ReadonlyMap<string, unknown>, railsVersion: RailsVersion): unknown {
  if (flashes.size === 0) return undefined
  if (!atLeast(railsVersion, '4.0')) return flashHash(flashes)
  // `flash[:notice]` of 4.0 looks for a Symbol, that of later versions for a String.
  const kept = atLeast(railsVersion, '4.1')
    ? bare(Object.fromEntries(flashes))
    : new Map([...flashes].map(([key, value]) => [new RubySymbol(key), value]))
  return bare({ discard: [], flashes: kept })
}
