import { Identities } from '../../ruby/eql.ts'
import { makeObject, type RubyObject } from '../../ruby/object.ts'
import { RubySafeBuffer } from '../../ruby/safe-buffer.ts'
import { RubyString } from '../../ruby/string.ts'
import { isTimeZone } from '../../ruby/time-zones.ts'

/** What readers of extensions share while they read one payload. */
export class Reading {
  readonly identities: Identities = new Identities()
  readonly #timeZones = new Map<string, RubyObject>()

  /** `ActiveSupport::TimeZone[name]`: one object for a name, as in Ruby; null for no zone. */
  timeZone(name: string): RubyObject | null {
    const known = this.#timeZones.get(name)
    if (known !== undefined) return known
    if (!isTimeZone(name)) return null
    const zone = makeObject({ kind: 'time_zone', value: name }, null)
    this.#timeZones.set(name, zone)
    return zone
  }
}

/**
 * Reads an object whose body is bytes, given one character a byte; undefined where Ruby raises.
 */
export type BodyReader = (body: string, reading: Reading) => unknown

/**
 * Reads an object whose body is made of objects: takes one at each `yield`, as Rails does at each `unpacker.read`, and returns
 * the object; undefined where Ruby raises.
 */
export type PartsReader<Result = unknown> = (reading: Reading) => Generator<undefined, Result | undefined, unknown>

/** The bytes of a String, one character a byte; null for what is none. */
export function stringBytes(value: unknown): string | null {
  if (typeof value === 'string') return new RubyString(value).binary
  if (value instanceof RubySafeBuffer) return value.string.binary
  return value instanceof RubyString ? value.binary : null
}
