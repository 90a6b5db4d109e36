import { UnserializableValueError } from '../../errors.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { rubyFloatText } from '../../ruby/float-text.ts'
import { pathText } from '../path.ts'
import { isPlainObject } from '../plain-object.ts'
import { MAX_NESTING } from './parser.ts'
import { type Quoting, quote, quotingFor } from './quote.ts'
import { stringify } from './stringify.ts'

/** How JSON is written; the names are those of Rails' settings. */
export interface JsonWriteOptions {
  /** `<`, `>` and `&` as `\u003c`, `\u003e` and `\u0026`. Rails' default is true. */
  readonly escapeHtmlEntities: boolean
  /** U+2028 and U+2029 as `\u2028` and `\u2029`. True in Rails, false from `load_defaults '8.1'` on. */
  readonly escapeJsSeparators: boolean
  /**
   * `active_support`: as Rails 4.2 and later. `json_gem`: as the cookies of Rails 4.1, which pass ActiveSupport by:
   * no escapes of either kind, times as `2024-02-29 13:14:15 UTC`, no `NaN` and no infinity.
   */
  readonly dialect: 'active_support' | 'json_gem'
}

/**
 * Writes a value as JSON, byte for byte as Rails would write its Ruby counterpart.
 *
 * Integers within ±(2^53 - 1) are Ruby Integers, every other number a Float; {@link RubyFloat} and bigint say which it
 * is. `NaN` and infinities become null, a Date a time in UTC with milliseconds, a Map an object and a Set an array.
 * `undefined` is left out of objects and null in arrays. `toJSON` methods are called, as `JSON.stringify` does.
 *
 * Throws {@link UnserializableValueError}, naming the place, for functions, symbols, instances of other classes,
 * circular values, more than 100 nested containers and text with lone surrogates.
 *
 * @example
 * writeJson({ user_id: 1 }, { escapeHtmlEntities: true, escapeJsSeparators: false, dialect: 'active_support' })
 * // {"user_id":1}
 */
export function writeJson(value: unknown, options: JsonWriteOptions): string {
  const gem = options.dialect === 'json_gem'
  const quoting = quotingFor(!gem && options.escapeHtmlEntities, !gem && options.escapeJsSeparators)
  return stringify(value, quoting) ?? writeEach(value, gem, quoting)
}

/** {@link writeJson} for any value, one element at a time: what `JSON.stringify` gets wrong, and the place of errors. */
export function writeEach(value: unknown, gem: boolean, quoting: Quoting): string {
  const text = write({ gem, quoting, keys: [], containers: [] }, value, 0)
  if (text === undefined) throw new UnserializableValueError('Cannot write as JSON: the value is undefined')
  return text
}

interface Writer {
  readonly gem: boolean
  readonly quoting: Quoting
  /** The key or index that leads into each container's current element, by depth. */
  readonly keys: (string | number)[]
  /** The containers around the current element, outermost first. Entries beyond the current depth are stale. */
  readonly containers: object[]
}

/** Returns `undefined` for what has no text of its own: an `undefined` element. `depth` counts the containers. */
function write(writer: Writer, value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return quote(value, writer.quoting) ?? fail(writer, depth, 'is text with a lone surrogate')
    case 'number':
      // `-0` is an Integer, and Ruby has only one zero.
      return Number.isSafeInteger(value) ? String(value) : float(writer, value, depth)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      return value === null ? 'null' : writeObject(writer, value, depth)
    case 'bigint':
      return String(value)
    case 'undefined':
      return undefined
    default:
      return fail(writer, depth, `is a ${typeof value}`)
  }
}

function writeObject(writer: Writer, value: object, depth: number): string | undefined {
  if (value instanceof RubyFloat) return float(writer, value.value, depth)
  if (value instanceof Date) return date(writer, value, depth)
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON !== 'function') return writeContainer(writer, value, depth)

  const replacement: unknown = toJSON.call(value, String(writer.keys[depth - 1] ?? ''))
  // Not a second time on what it returns, which may be the object itself.
  const direct = typeof replacement === 'object' && replacement !== null && !isLeaf(replacement)
  return direct ? writeContainer(writer, replacement, depth) : write(writer, replacement, depth)
}

function isLeaf(value: object): boolean {
  return value instanceof RubyFloat || value instanceof Date
}

function writeContainer(writer: Writer, value: object, depth: number): string {
  writer.containers[depth] = value
  if (depth === MAX_NESTING) return failOnDepth(writer)
  if (Array.isArray(value)) return writeArray(writer, value, depth)
  if (isPlainObject(value)) return writePlain(writer, value, depth)
  if (value instanceof Set) return writeArray(writer, [...value], depth)
  if (value instanceof Map) return writeMap(writer, value, depth)
  return fail(writer, depth, `is an instance of ${value.constructor?.name ?? 'an unknown class'}`)
}

function writeArray(writer: Writer, array: readonly unknown[], depth: number): string {
  let text = '['
  for (let i = 0; i < array.length; i++) {
    writer.keys[depth] = i
    if (i > 0) text += ','
    text += write(writer, array[i], depth + 1) ?? 'null'
  }
  return text + ']'
}

function writePlain(writer: Writer, object: Record<string, unknown>, depth: number): string {
  let text = '{'
  for (const key of Object.keys(object)) text += member(writer, key, object[key], depth, text.length > 1)
  return text + '}'
}

function writeMap(writer: Writer, map: ReadonlyMap<unknown, unknown>, depth: number): string {
  let text = '{'
  for (const [key, value] of map) {
    if (typeof key !== 'string') return fail(writer, depth, 'is a Map with a key that is not a string')
    text += member(writer, key, value, depth, text.length > 1)
  }
  return text + '}'
}

/** `"key":value`, or nothing for `undefined`. */
function member(writer: Writer, key: string, value: unknown, depth: number, comma: boolean): string {
  writer.keys[depth] = key
  const text = write(writer, value, depth + 1)
  if (text === undefined) return ''
  const name = quote(key, writer.quoting) ?? fail(writer, depth + 1, 'has a lone surrogate in its key')
  return comma ? ',' + name + ':' + text : name + ':' + text
}

function float(writer: Writer, number: number, depth: number): string {
  if (Number.isFinite(number)) return rubyFloatText(number)
  return writer.gem ? fail(writer, depth, `is ${number}, which Rails 4.1 refuses`) : 'null'
}

function date(writer: Writer, value: Date, depth: number): string {
  if (Number.isNaN(value.getTime())) return fail(writer, depth, 'is an invalid Date')
  // JavaScript gives years of other lengths a sign and six digits, Ruby no more than they need.
  const iso = value.toISOString().replace(/^([+-])(\d{6})/, (_, sign: string, year: string) => {
    return (sign === '-' ? '-' : '') + String(Number(year)).padStart(4, '0')
  })
  return writer.gem ? `"${iso.replace('T', ' ').replace(/\.\d{3}Z$/, ' UTC')}"` : `"${iso}"`
}

function failOnDepth(writer: Writer): never {
  const { containers } = writer
  const repeated = containers.findIndex((container, depth) => containers.indexOf(container) < depth)
  if (repeated < 0) return fail(writer, MAX_NESTING, `is nested more than ${MAX_NESTING} deep`)
  return fail(writer, repeated, 'is a circular reference')
}

function fail(writer: Writer, depth: number, what: string): never {
  throw new UnserializableValueError(`Cannot write as JSON: ${pathText(writer.keys.slice(0, depth))} ${what}`)
}
