import { areComparable } from '../../ruby/comparable.ts'
import { Identities } from '../../ruby/eql.ts'
import { RubyRange } from '../../ruby/range.ts'
import { refuse } from './refusal.ts'

/** A Range from its variables. Ruby refuses one whose ends cannot be compared; without `excl` it takes none of them. */
export function rangeOf(variables: ReadonlyMap<string, unknown>): RubyRange {
  const exclude = variables.get('excl') ?? null
  if (exclude === null) return new RubyRange(null, null)
  const begin = variables.get('begin') ?? null
  const end = variables.get('end') ?? null
  if (begin !== null && end !== null && !areComparable(begin, end, new Identities())) return refuse()
  return new RubyRange(begin, end, exclude !== false)
}
