import type { Identities } from './eql.ts'
import { RubyDecimal } from './decimal.ts'
import { RubyDuration } from './duration.ts'
import { RubyFloat } from './float.ts'
import { RubyObject } from './object.ts'
import { RubyRational } from './rational.ts'
import { RubySafeBuffer } from './safe-buffer.ts'
import { RubyString } from './string.ts'
import { RubySymbol } from './symbol.ts'

/**
 * Whether Ruby's `<=>` has an answer for two values, which a Range asks of its ends. Values of one kind have an order (numbers,
 * times, Strings, Symbols; Arrays by their first elements that differ), and what is equal is in order with itself.
 */
export function areComparable(a: unknown, b: unknown, identities: Identities): boolean {
  let [left, right] = [a, b]
  for (;;) {
    ;[left, right] = [unwrapped(left), unwrapped(right)]
    const kind = kindOf(left)
    const other = kindOf(right)
    if (kind !== null && kind === other) return true
    // A date counts as its number of the Julian day, a number does not count as a date.
    if (kind === 'time' && other === 'number') return true
    if (identities.of(left) === identities.of(right)) return true
    if (!Array.isArray(left) || !Array.isArray(right)) return false
    const [first, second]: [unknown[], unknown[]] = [left, right]
    const at = first.findIndex(
      (element, i) => i >= second.length || identities.of(element) !== identities.of(second[i]),
    )
    // One of them is the beginning of the other.
    if (at === -1 || at >= second.length) return true
    ;[left, right] = [first[at], second[at]]
  }
}

/** Strings and Arrays compare alike, whatever their class. */
function unwrapped(value: unknown): unknown {
  return value instanceof RubyObject && (value.kind === 'string' || value.kind === 'array') ? value.value : value
}

function kindOf(value: unknown): 'number' | 'string' | 'symbol' | 'time' | null {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return 'number'
    case 'string':
      return 'string'
    default:
      if (value instanceof RubyFloat) return Number.isNaN(value.value) ? null : 'number'
      if (value instanceof RubyDecimal) return value.special === 'NaN' ? null : 'number'
      if (value instanceof RubyRational) return 'number'
      if (value instanceof RubyDuration) return kindOf(value.value) === 'number' ? 'number' : null
      if (value instanceof RubyString || value instanceof RubySafeBuffer) return 'string'
      if (value instanceof RubySymbol) return 'symbol'
      return value instanceof Date ? 'time' : null
  }
}
