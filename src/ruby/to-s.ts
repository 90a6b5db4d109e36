import { offsetText } from './civil.ts'
import { RubyComplex } from './complex.ts'
import { RubyDate, RubyDateTime } from './date.ts'
import { RubyDecimal } from './decimal.ts'
import { RubyDuration } from './duration.ts'
import { isAscii, isAsciiCompatible } from './encoding.ts'
import { RubyFloat } from './float.ts'
import { rubyFloatText } from './float-text.ts'
import { type Branch, fold } from './fold.ts'
import { RubyObject } from './object.ts'
import { RubyRange } from './range.ts'
import { RubyRational } from './rational.ts'
import { RubyRegexp } from './regexp.ts'
import { RubySafeBuffer } from './safe-buffer.ts'
import { RubyString } from './string.ts'
import { RubySymbol } from './symbol.ts'
import { RubyTime, timeText } from './time.ts'
import { RubyTimeWithZone } from './time-with-zone.ts'

/**
 * What Ruby's `to_s` gives, with ActiveSupport loaded: the text that a value has as a key in JSON and within a Range.
 *
 * Undefined for what only Ruby can tell (a Hash and a Set are printed differently by its versions, other objects with their
 * addresses), and for decimals with more than a thousand zeros. Throws a `RangeError` for an invalid Date.
 */
export function toS(value: unknown): string | RubyString | undefined {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return Number.isSafeInteger(value) ? String(value) : rubyFloatText(value)
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'object':
      return value === null ? '' : objectToS(value)
    default:
      return undefined
  }
}

function objectToS(value: object): string | RubyString | undefined {
  if (value instanceof RubyString) return value
  if (value instanceof RubySymbol || value instanceof RubySafeBuffer) return value.string
  if (value instanceof RubyFloat) return rubyFloatText(value.value)
  if (value instanceof Date) return timeToS(value)
  if (value instanceof RubyRational || value instanceof RubyComplex) return String(value)
  if (value instanceof RubyDecimal) return value.isPlain ? String(value) : undefined
  if (value instanceof RubyRegexp) return value.source.text === null ? undefined : String(value)
  if (value instanceof RubyDuration) return toS(value.value)
  if (value instanceof RubyRange) return rangeToS(value)
  if (value instanceof RubyObject) return describedToS(value)
  return Array.isArray(value) ? inspect(value) : undefined
}

/** `2024-02-29 13:14:15 UTC` or `… +0530` for a Time; a Date and a DateTime have the texts of ISO 8601. */
function timeToS(value: Date): string {
  if (value instanceof RubyDate) return value.toJSON()
  if (value instanceof RubyDateTime) return value.iso8601(0)
  const { nanoseconds, utcOffset, utc } =
    value instanceof RubyTime || value instanceof RubyTimeWithZone ? value : new RubyTime(value)
  const zone = utc ? 'UTC' : offsetText(utcOffset).replace(':', '')
  return `${timeText(nanoseconds, utcOffset, 0).replace('T', ' ')} ${zone}`
}

function rangeToS({ begin, end, excludeEnd }: RubyRange): string | undefined {
  // A Range of Ranges is nothing that anybody writes.
  const [first, last] = [begin, end].map((each) => (each instanceof RubyRange ? undefined : toS(each)))
  if (first === undefined || last === undefined) return undefined
  const [from, to] = [first, last].map((each) => (typeof each === 'string' ? new RubyString(each) : each))
  return areCompatible(from!, to!) ? `${from!.text}${excludeEnd ? '...' : '..'}${to!.text}` : undefined
}

/** Whether Ruby can put two Strings and some dots together. */
function areCompatible(a: RubyString, b: RubyString): boolean {
  if (a.text === null || b.text === null || !isAsciiCompatible(a.encoding) || !isAsciiCompatible(b.encoding))
    return false
  return a.encoding === b.encoding || isAscii(a.binary) || isAscii(b.binary)
}

function describedToS({ kind, className, value }: RubyObject): string | RubyString | undefined {
  switch (kind) {
    case 'string':
      return value as RubyString
    case 'regexp':
      return toS(value)
    case 'class':
    case 'module':
      return className === '' ? undefined : className
    case 'exception':
      // Without a message it is called like its class.
      return value === null || value === undefined ? className : toS(value)
    case 'uri':
    case 'pathname':
      return value instanceof RubyString ? value : String(value)
    case 'ipaddr':
      return String(value).replace(/\/\d*$/, '')
    default:
      return undefined
  }
}

/** `[1, "a", :b, nil]`, which `to_s` of an Array is. Undefined if anything else than these is in it, or one Array twice. */
function inspect(array: readonly unknown[]): string | undefined {
  const seen = new Set<unknown>()
  const visit = (value: unknown): { readonly leaf: string | undefined } | Branch<string | undefined> => {
    if (!Array.isArray(value)) return { leaf: inspectScalar(value) }
    if (seen.has(value)) return { leaf: undefined }
    seen.add(value)
    return { children: value, build: (texts) => (texts.includes(undefined) ? undefined : `[${texts.join(', ')}]`) }
  }
  return fold(array, visit)
}

function inspectScalar(value: unknown): string | undefined {
  if (value === null) return 'nil'
  if (value instanceof RubySymbol) return SIMPLE_SYMBOL.test(value.name) ? `:${value.name}` : undefined
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || value instanceof RubyFloat
  if (isNumber || typeof value === 'boolean') return toS(value) as string
  const text = value instanceof RubyString ? value.text : typeof value === 'string' ? value : null
  return text !== null && isAscii(text) && !UNUSUAL.test(text) ? `"${text.replaceAll(ESCAPED, escape)}"` : undefined
}

function escape(character: string): string {
  return ESCAPES.get(character) ?? `\\${character}`
}

const SIMPLE_SYMBOL = /^[A-Za-z_]\w*[?!=]?$/
// What Ruby escapes by number, in a way that depends on the encoding.
// oxlint-disable-next-line no-control-regex -- the characters themselves
const UNUSUAL = /[\u0000-\u0006\u000e-\u001a\u001c-\u001f\u007f]/
// oxlint-disable-next-line no-control-regex -- the characters themselves
const ESCAPED = /["\\\u0007-\u000d\u001b]|#(?=[{$@])/g
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\v', '\\v'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\u001b', '\\e'],
])
