import { atLeast, type RailsVersion } from '../../rails/version.ts'
import type { RubySafeBuffer } from '../../ruby/safe-buffer.ts'
import type { RubyTimeWithZone } from '../../ruby/time-with-zone.ts'
import { NANOS_PER_SECOND } from '../../ruby/time.ts'
import { symbolNode } from './encoding-variables.ts'
import type { Interned } from './interned.ts'
import {
  arrayNode,
  hashNode,
  type Node,
  type StringNode,
  type SymbolNode,
  userMarshalNode,
  type UserMarshalNode,
  type Variable,
} from './node.ts'
import { timeNode } from './write-times.ts'

/** A SafeBuffer. Up to Rails 8.0 it says whether it is safe, since 8.1 only that it is not. */
export function safeBufferNode(buffer: RubySafeBuffer, rails: RailsVersion, interned: Interned): StringNode {
  const { string, htmlSafe } = buffer
  const node = { ...interned.string(string), userClass: SAFE_BUFFER }
  if (!atLeast(rails, '8.1')) node.variables.push([HTML_SAFE, htmlSafe])
  else if (!htmlSafe) node.variables.push([HTML_UNSAFE, true])
  return node
}

/** A TimeWithZone: its time in UTC, the name of its zone, and what the clocks there show, as if in UTC. */
export function timeWithZoneNode(time: RubyTimeWithZone, rails: RailsVersion, interned: Interned): UserMarshalNode {
  const { nanoseconds, utcOffset, timeZone } = time
  const parts = { nanoseconds, subnano: null, utc: true, utcOffset: 0, zone: null }
  const utc = timeNode(parts, interned)
  // Where both are the same, they were one object up to Rails 6.0, and are again since 8.1.
  const isSame = utcOffset === 0 && (atLeast(rails, '8.1') || !atLeast(rails, '6.1'))
  const shifted = { ...parts, nanoseconds: nanoseconds + BigInt(utcOffset) * NANOS_PER_SECOND }
  const elements = [utc, interned.timeZone(timeZone), isSame ? utc : timeNode(shifted, interned)]
  return userMarshalNode(TIME_WITH_ZONE, arrayNode(elements))
}

/**
 * What a Duration has in its variables. Its parts are an Array up to Rails 5.0, a Hash with the default 0 up to 6.0, then a Hash;
 * since 7.0 it also says whether it has parts that are not always as long.
 */
export function durationVariables(value: Node, parts: readonly Variable[], rails: RailsVersion): Variable[] {
  const length: Variable = [VALUE, value]
  if (!atLeast(rails, '5.1')) return [length, [PARTS, arrayNode(parts.map((part) => arrayNode([...part])))]]
  const hash = hashNode()
  for (const part of parts) hash.pairs.push(part)
  if (!atLeast(rails, '6.1')) hash.fallback = 0
  if (!atLeast(rails, '7.0')) return [[PARTS, hash], length]
  return [[PARTS, hash], length, [VARIABLE, parts.some(([{ name }]) => VARIABLE_UNITS.has(name))]]
}

export const DURATION: SymbolNode = symbolNode('ActiveSupport::Duration')
const SAFE_BUFFER = symbolNode('ActiveSupport::SafeBuffer')
const TIME_WITH_ZONE = symbolNode('ActiveSupport::TimeWithZone')
const HTML_SAFE = symbolNode('@html_safe')
const HTML_UNSAFE = symbolNode('@html_unsafe')
const VALUE = symbolNode('@value')
const PARTS = symbolNode('@parts')
const VARIABLE = symbolNode('@variable')
const VARIABLE_UNITS: ReadonlySet<string> = new Set(['years', 'months', 'weeks', 'days'])
