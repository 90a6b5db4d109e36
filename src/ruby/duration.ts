import { RubyFloat } from './float.ts'

/** A unit of {@link RubyDuration}. */
export type DurationUnit = 'years' | 'months' | 'weeks' | 'days' | 'hours' | 'minutes' | 'seconds'

/** Units by size, as ActiveSupport orders them; the seconds of each are those of ActiveSupport 5.1 and later. */
export const DURATION_UNITS: ReadonlyMap<DurationUnit, number> = new Map([
  ['years', 31_556_952],
  ['months', 2_629_746],
  ['weeks', 604_800],
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
  ['seconds', 1],
])

/**
 * An `ActiveSupport::Duration`: so many of each unit.
 *
 * @example
 * Number(new RubyDuration({ hours: 1, minutes: 30 })) // 5400
 */
export class RubyDuration {
  /** Length in seconds: a number, or a Ruby number that a number cannot say. */
  readonly value: unknown
  /** How many of which unit, in the order in which Ruby has them. */
  readonly parts: ReadonlyArray<readonly [unit: string, count: unknown]>

  /** `parts`: how many of each unit. Throws a `TypeError` for other units, and for counts that are not finite. */
  constructor(parts: Readonly<Partial<Record<DurationUnit, number>>>)
  /** `parts` and the length that Ruby has computed from them. */
  constructor(parts: ReadonlyArray<readonly [string, unknown]>, value: unknown)
  constructor(
    parts: Readonly<Partial<Record<DurationUnit, number>>> | ReadonlyArray<readonly [string, unknown]>,
    value?: unknown,
  ) {
    if (value === undefined) {
      const counts = Object.entries(parts) as Array<[DurationUnit, number]>
      this.value = lengthOf(counts)
      // ActiveSupport drops the zeros of a length that is none.
      this.parts = Number(this.value) === 0 ? counts : counts.filter(([, count]) => count !== 0)
    } else {
      this.value = value
      this.parts = parts as ReadonlyArray<readonly [string, unknown]>
    }
    Object.freeze(this)
  }

  /** Length in seconds. */
  valueOf(): number {
    return Number(this.value)
  }

  /** Length in whole seconds: what ActiveSupport writes into JSON. */
  toJSON(): number {
    return Math.trunc(this.valueOf())
  }
}

/** A Float as soon as one of the counts is. */
function lengthOf(counts: ReadonlyArray<readonly [DurationUnit, number]>): number | RubyFloat {
  let length = 0
  for (const [unit, count] of counts) {
    const seconds = DURATION_UNITS.get(unit)
    if (seconds === undefined) throw new TypeError(`RubyDuration: no unit ${unit}`)
    if (!Number.isFinite(count)) throw new TypeError(`RubyDuration: ${unit} is no finite number`)
    length += count * seconds
  }
  return counts.every(([, count]) => Number.isInteger(count)) ? length : new RubyFloat(length)
}
