import { isDecodable } from '../../ruby/decode-text.ts'
import { RubyComplex } from '../../ruby/complex.ts'
import { RubyDate, RubyDateTime } from '../../ruby/date.ts'
import { RubyDecimal } from '../../ruby/decimal.ts'
import { RubyDuration } from '../../ruby/duration.ts'
import { decodeUtf8, isAscii } from '../../ruby/encoding.ts'
import { Identities, withoutDuplicates } from '../../ruby/eql.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { RubyHash } from '../../ruby/hash.ts'
import { RubyObject, type RubyObjectKind } from '../../ruby/object.ts'
import { RubyRange } from '../../ruby/range.ts'
import { RubyRational } from '../../ruby/rational.ts'
import { RubyRegexp } from '../../ruby/regexp.ts'
import { RubySafeBuffer } from '../../ruby/safe-buffer.ts'
import { RubyString } from '../../ruby/string.ts'
import { RubySymbol } from '../../ruby/symbol.ts'
import { RubyTime, xmlschema } from '../../ruby/time.ts'
import { RubyTimeWithZone } from '../../ruby/time-with-zone.ts'
import { toS } from '../../ruby/to-s.ts'
import type { JsonRules } from './rules.ts'

/** Says what a value is that cannot be written. */
export type Refuse = (what: string) => never

/**
 * What Rails' `as_json` makes of a Ruby value: null, a string, number or bigint, a {@link RubyString}, an array or a
 * {@link RubyHash}, which may have other Ruby values in it. Undefined for what is no Ruby value of ours.
 */
export function asJson(value: object, rules: JsonRules, refuse: Refuse): unknown {
  if (value instanceof RubySymbol || value instanceof RubySafeBuffer) return value.string
  if (value instanceof Uint8Array) return new RubyString(value)
  if (value instanceof RubyObject) {
    // JSON does not tell the class of a String, an Array, a Hash or a Regexp.
    if (BUILT_IN.has(value.kind)) return value.value
    if (!rules.gem) return describedAsJson(value, rules, refuse)
  } else if (value instanceof Set) {
    if (!rules.gem) return [...value]
  } else if (!PRINTED.some((each) => value instanceof each)) {
    return undefined
  }
  const found = orInvalid(() => (rules.gem ? toS(value) : textAsJson(value)), refuse)
  return found === undefined ? refuse(`is a ${onlyRuby(value)}`) : found
}

/**
 * The members of a Hash, with their names as Strings; names come again only where Rails leaves them so. `symbolKeysApart`:
 * whether a Symbol is another name than the String.
 */
export function membersOf(
  pairs: ReadonlyArray<readonly [unknown, unknown]>,
  { rules, symbolKeysApart }: { readonly rules: JsonRules; readonly symbolKeysApart: boolean },
  refuse: Refuse,
): ReadonlyArray<readonly [name: string | RubyString, value: unknown]> {
  const named = pairs.map(([key, value]): [unknown, unknown] => {
    const isName = key instanceof RubySymbol && symbolKeysApart
    return [isName ? key : nameOfKey(key, refuse), value]
  })
  const members = rules.gem ? named : withoutDuplicates(named, new Identities())
  return members.map(([name, value]) => [
    name instanceof RubySymbol ? name.string : (name as string | RubyString),
    value,
  ])
}

/** The text of a String as the json gem writes it; undefined where it raises. */
export function jsonText(string: RubyString, rules: JsonRules): string | undefined {
  const { text, binary, encoding } = string
  if (text !== null) return text
  if (encoding === 'ASCII-8BIT' && isAscii(binary)) return binary
  const isUtf8 = encoding === 'UTF-8' || encoding === 'US-ASCII'
  // Where another encoding has a text that is not known here, Ruby would write that.
  const isNoText = encoding === 'ASCII-8BIT' || isDecodable(encoding)
  return isUtf8 || (rules.bytesAsUtf8 && isNoText) ? (decodeUtf8(binary) ?? undefined) : undefined
}

function nameOfKey(key: unknown, refuse: Refuse): string | RubyString {
  const name = orInvalid(() => toS(key instanceof Uint8Array ? new RubyString(key) : key), refuse)
  return name ?? refuse(`has a key that is a ${onlyRuby(key)}`)
}

/** Times throw if they were made invalid. */
function orInvalid<Result>(make: () => Result, refuse: Refuse): Result {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError) return refuse('is an invalid Date')
    throw error
  }
}

function textAsJson(value: object): unknown {
  if (value instanceof RubyDate) return value.toJSON()
  if (value instanceof RubyDateTime) return value.iso8601(MILLISECONDS)
  if (value instanceof RubyTime || value instanceof RubyTimeWithZone) return xmlschema(value, MILLISECONDS)
  if (value instanceof Date) return isoText(value)
  if (value instanceof RubyDecimal && value.special !== null) return null
  if (value instanceof RubyDuration) return toI(value.value)
  return toS(value)
}

function isoText(date: Date): string {
  const year = date.getUTCFullYear()
  // JavaScript gives years of other lengths a sign and six digits, Ruby no more than they need.
  return year >= 0 && year <= 9999 ? date.toISOString() : xmlschema(new RubyTime(date), MILLISECONDS)
}

/** What Ruby's `to_i` gives for a number. */
function toI(number: unknown): number | bigint | undefined {
  const float = number instanceof RubyFloat ? number.value : number
  if (typeof float === 'number' && Number.isFinite(float)) {
    const whole = Math.trunc(float)
    return Number.isSafeInteger(whole) ? whole : BigInt(whole)
  }
  if (number instanceof RubyRational) return number.numerator / number.denominator
  if (number instanceof RubyDecimal && number.special === null && number.isPlain)
    return BigInt(String(number).split('.')[0]!)
  return typeof number === 'bigint' ? number : undefined
}

function describedAsJson(object: RubyObject, rules: JsonRules, refuse: Refuse): unknown {
  const { kind, className, fields } = object
  switch (kind) {
    case 'object': {
      const delegate = DELEGATES.get(className)
      const [, delegated] = fields.find(([name]) => name === delegate) ?? []
      return delegated ?? instanceValues(object)
    }
    case 'struct':
      return new RubyHash(fields)
    case 'exception':
      return rules.exceptionMessages
        ? (toS(object) ?? refuse(`is a ${className} without text`))
        : instanceValues(object)
    case 'class':
    case 'module':
      if (!rules.moduleNames) return new RubyHash()
      return className === '' ? null : className
    case 'uri':
    case 'ipaddr':
    case 'pathname':
      return toS(object)
    case 'time_zone':
      return refuse("is an ActiveSupport::TimeZone, which Rails writes with all of TZInfo's tables; write its name")
    default:
      return refuse(`is an object of Ruby's class ${className}, whose JSON only Ruby knows`)
  }
}

/** Instance variables by their names without `@`. */
function instanceValues({ fields }: RubyObject): RubyHash {
  return new RubyHash(fields.map(([name, value]) => [name.slice(1), value] as const))
}

function onlyRuby(value: unknown): string {
  const name = value instanceof RubyObject ? value.className || value.kind : (value as object)?.constructor?.name
  return `${name ?? typeof value} that only Ruby can print`
}

const MILLISECONDS = 3

/** What Rails writes as a String or a number. */
const PRINTED = [Date, RubyDecimal, RubyRational, RubyComplex, RubyRange, RubyRegexp, RubyDuration] as const

const BUILT_IN: ReadonlySet<RubyObjectKind> = new Set(['string', 'array', 'hash', 'regexp'])

/** The instance variable that classes of Rails let speak for themselves in JSON. */
const DELEGATES: ReadonlyMap<string, string> = new Map([['ActionController::Parameters', '@parameters']])
