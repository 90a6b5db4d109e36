import { RubyDecimal } from '../../ruby/decimal.ts'
import { RubyDuration } from '../../ruby/duration.ts'
import { Identities } from '../../ruby/eql.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { RubyRange } from '../../ruby/range.ts'
import { RubyRational } from '../../ruby/rational.ts'
import { RubySymbol } from '../../ruby/symbol.ts'
import { isInteger } from './rational.ts'
import { refuse } from './refusal.ts'
import { arrayOf, textOf } from './text.ts'

/** A Range from its variables. Ruby refuses one whose ends cannot be compared; without `excl` it takes none of them. */
export function rangeOf(variables: ReadonlyMap<string, unknown>): RubyRange {
  const exclude = variables.get('excl') ?? null
  if (exclude === null) return new RubyRange(null, null)
  const begin = variables.get('begin') ?? null
  const end = variables.get('end') ?? null
  if (begin !== null && end !== null && !isComparable(begin, end)) return refuse()
  return new RubyRange(begin, end, exclude !== false)
}

/** Whether Ruby's `<=>` gives a number. */
function isComparable(begin: unknown, end: unknown): boolean {
  const identities = new Identities()
  let [a, b] = [begin, end]
  // Arrays are compared by the first elements that differ.
  for (;;) {
    const [these, those] = [arrayOf(a), arrayOf(b)]
    if (these === null || those === null) break
    const differs = (element: unknown, i: number): boolean => identities.of(element) !== identities.of(those[i])
    const at = these.slice(0, those.length).findIndex(differs)
    if (at === -1) return true
    ;[a, b] = [these[at], those[at]]
  }
  if (isNaN(a) || isNaN(b)) return false
  const family = familyOf(a)
  if (family !== undefined && family === familyOf(b)) return true
  // A day is a number too, from its own point of view.
  if (family === 'time' && familyOf(b) === 'number') return true
  // What has no order is at least equal to itself.
  return identities.of(a) === identities.of(b)
}

function familyOf(value: unknown): 'number' | 'text' | 'symbol' | 'time' | undefined {
  if (isInteger(value) || NUMBERS.some((numberClass) => value instanceof numberClass)) return 'number'
  if (textOf(value) !== null) return 'text'
  if (value instanceof RubySymbol) return 'symbol'
  return value instanceof Date ? 'time' : undefined
}

function isNaN(value: unknown): boolean {
  return (
    (value instanceof RubyFloat && Number.isNaN(value.value)) ||
    (value instanceof RubyDecimal && value.special === 'NaN')
  )
}

const NUMBERS = [RubyFloat, RubyRational, RubyDecimal, RubyDuration]
