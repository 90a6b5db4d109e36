import { isAscii } from './encoding.ts'
import { type Identities, withoutDuplicates } from './eql.ts'
import { RubyHash } from './hash.ts'
import { RubyString } from './string.ts'
import { RubySymbol } from './symbol.ts'

/**
 * What `ActiveSupport::HashWithIndifferentAccess.new` makes of a value: of a Hash one with the same pairs, in which Symbols are
 * Strings, and so for every Hash in it, inside of Arrays too. Anything else becomes the default of an empty one.
 *
 * Recurses as deep as Hashes and Arrays are in one another.
 */
export function withIndifferentAccess(value: unknown, identities: Identities): RubyHash {
  if (value === null) return new RubyHash([], { indifferentAccess: true })
  if (!(value instanceof RubyHash)) return new RubyHash([], { indifferentAccess: true, default: value })
  const isFalse = value.default === null || value.default === false
  const options = { indifferentAccess: true, default: isFalse ? undefined : value.default }
  if (value.indifferentAccess) return new RubyHash(value.pairs, options)
  const pairs = value.pairs.map(([key, each]): [unknown, unknown] => [indifferentKey(key), converted(each, identities)])
  const hasSymbols = value.pairs.some(([key]) => key instanceof RubySymbol)
  return new RubyHash(hasSymbols ? withoutDuplicates(pairs, identities) : pairs, options)
}

/** A key as such a Hash has it. */
export function indifferentKey(key: unknown): unknown {
  if (!(key instanceof RubySymbol)) return key
  const { string } = key
  // The name of a Symbol is US-ASCII wherever it can be.
  if (isAscii(string.binary)) return RubyString.fromBinary(string.binary, 'US-ASCII')
  return string.encoding === 'UTF-8' ? key.name : string
}

function converted(value: unknown, identities: Identities): unknown {
  if (value instanceof RubyHash) return value.indifferentAccess ? value : withIndifferentAccess(value, identities)
  return Array.isArray(value) ? value.map((each: unknown) => converted(each, identities)) : value
}
