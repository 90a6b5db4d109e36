import { UnserializableValueError } from '../../errors.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { rubyFloatText } from '../../ruby/float-text.ts'
import { RubyHash } from '../../ruby/hash.ts'
import { RubyObject } from '../../ruby/object.ts'
import { RubyString } from '../../ruby/string.ts'
import type { RailsVersion } from '../../rails/version.ts'
import { pathText } from '../path.ts'
import { isPlainObject } from '../plain-object.ts'
import { asJson, jsonText, membersOf } from './as-json.ts'
import { MAX_NESTING } from './parser.ts'
import { type Quoting, quote, quotingFor } from './quote.ts'
import { type JsonRules, jsonRules } from './rules.ts'
import { CONTAINER_CONTENT, MOST_CONTENT, stringify } from './stringify.ts'

/** How JSON is written; the names are those of Rails' settings. */
export interface JsonWriteOptions {
  /** `<`, `>` and `&` as `\u003c`, `\u003e` and `\u0026`. Rails' default is true. */
  readonly escapeHtmlEntities: boolean
  /** U+2028 and U+2029 as `\u2028` and `\u2029`. True in Rails, false from `load_defaults '8.1'` on. */
  readonly escapeJsSeparators: boolean
  /**
   * `active_support`: as Rails 4.2 and later. `json_gem`: as the cookies of Rails 4.1, which pass ActiveSupport by:
   * no escapes of either kind, other values as Ruby prints them (`2024-02-29 13:14:15 UTC`), no `NaN` and no infinity.
   */
  readonly dialect: 'active_support' | 'json_gem'
  /** Whose rules hold for exceptions, classes and keys. Default `'8.1'`. */
  readonly railsVersion?: RailsVersion
}

/**
 * Writes a value as JSON, byte for byte as Rails would write its Ruby counterpart.
 *
 * Integers within ±(2^53 - 1) are Ruby Integers, every other number a Float; {@link RubyFloat} and bigint say which it
 * is. `NaN` and infinities become null, a Date a time in UTC with milliseconds, a Map an object and a Set an array; a
 * Uint8Array is a binary String. The value classes of Ruby are written as ActiveSupport writes theirs, and objects that
 * were read from Marshal by their instance variables. `undefined` is left out of objects and null in arrays. `toJSON` methods
 * of other classes are called, as `JSON.stringify` does.
 *
 * Throws {@link UnserializableValueError}, naming the place, for functions, symbols, instances of other classes,
 * circular values, more than 100 nested containers, more than some 16 million characters, bytes that are no text, and objects whose
 * text only Ruby knows.
 *
 * @example
 * writeJson({ user_id: 1 }, { escapeHtmlEntities: true, escapeJsSeparators: false, dialect: 'active_support' })
 * // {"user_id":1}
 */
export function writeJson(value: unknown, options: JsonWriteOptions): string {
  const quoting = quotingOf(options)
  return stringify(value, quoting) ?? writeEach(value, rulesOf(options), quoting)
}

function rulesOf({ dialect, railsVersion = '8.1' }: JsonWriteOptions): JsonRules {
  return jsonRules(railsVersion, dialect === 'json_gem')
}

/** What these options have escaped. */
export function quotingOf({ dialect, escapeHtmlEntities, escapeJsSeparators }: JsonWriteOptions): Quoting {
  const gem = dialect === 'json_gem'
  return quotingFor(!gem && escapeHtmlEntities, !gem && escapeJsSeparators)
}

/** {@link writeJson} for any value, one element at a time: what `JSON.stringify` gets wrong, and the place of errors. */
export function writeEach(value: unknown, rules: JsonRules, quoting: Quoting): string {
  const { symbolKeysApart } = rules
  const text = write({ rules, quoting, keys: [], containers: [], contentLeft: MOST_CONTENT, symbolKeysApart }, value, 0)
  if (text === undefined) throw new UnserializableValueError('Cannot write as JSON: the value is undefined')
  return text
}

interface Writer {
  readonly rules: JsonRules
  readonly quoting: Quoting
  /** The key or index that leads into each container's current element, by depth. */
  readonly keys: (string | number)[]
  /** The containers around the current element, outermost first. Entries beyond the current depth are stale. */
  readonly containers: object[]
  contentLeft: number
  /** Whether `:a` and `"a"` are two members here. */
  symbolKeysApart: boolean
}

/** Returns `undefined` for what has no text of its own: an `undefined` element. `depth` counts the containers. */
function write(writer: Writer, value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      spend(writer, value.length, depth)
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
  const text = writeRuby(writer, value, depth)
  if (text !== undefined) return text
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON !== 'function') return writeContainer(writer, value, value, depth)

  const replacement: unknown = toJSON.call(value, String(writer.keys[depth - 1] ?? ''))
  if (typeof replacement !== 'object' || replacement === null) return write(writer, replacement, depth)
  // Not a second time on what it returns, which may be the object itself.
  return writeRuby(writer, replacement, depth) ?? writeContainer(writer, replacement, replacement, depth)
}

/** Undefined for what is no Ruby value other than an array or an object. */
function writeRuby(writer: Writer, value: object, depth: number): string | undefined {
  if (Array.isArray(value) || isPlainObject(value)) return undefined
  if (value instanceof RubyFloat) return float(writer, value.value, depth)
  if (value instanceof RubyString) return string(writer, value, depth)
  if (value instanceof RubyHash) return writeContainer(writer, value, value, depth)
  const simpler = asJson(value, writer.rules, (what) => fail(writer, depth, what))
  if (!Array.isArray(simpler) && !(simpler instanceof RubyHash)) return write(writer, simpler, depth)
  const { symbolKeysApart } = writer
  // Rails has gone through all that is in it by `as_json`, which makes Strings of Symbols.
  if (!(value instanceof RubyObject) || value.value !== simpler) writer.symbolKeysApart = false
  const text = writeContainer(writer, value, simpler, depth)
  writer.symbolKeysApart = symbolKeysApart
  return text
}

/** `whole`: what the container stands for, by which it is known again within itself. */
function writeContainer(writer: Writer, whole: object, value: object, depth: number): string {
  writer.containers[depth] = whole
  if (depth === MAX_NESTING) return failOnDepth(writer)
  spend(writer, CONTAINER_CONTENT, depth)
  if (Array.isArray(value)) return writeArray(writer, value, depth)
  if (value instanceof RubyHash) return writeHash(writer, value.pairs, depth)
  if (value instanceof Map) return writeHash(writer, [...value], depth)
  if (isPlainObject(value)) return writePlain(writer, value, depth)
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

function writeHash(writer: Writer, pairs: ReadonlyArray<readonly [unknown, unknown]>, depth: number): string {
  let text = '{'
  for (const [name, value] of membersOf(pairs, writer, (what) => fail(writer, depth, what))) {
    const key = typeof name === 'string' ? name : jsonText(name, writer.rules)
    if (key === undefined) return fail(writer, depth, 'has a key that is no text')
    text += member(writer, key, value, depth, text.length > 1)
  }
  return text + '}'
}

/** `"key":value`, or nothing for `undefined`. */
function member(writer: Writer, key: string, value: unknown, depth: number, comma: boolean): string {
  writer.keys[depth] = key
  const text = write(writer, value, depth + 1)
  if (text === undefined) return ''
  spend(writer, key.length, depth + 1)
  const name = quote(key, writer.quoting) ?? fail(writer, depth + 1, 'has a lone surrogate in its key')
  return comma ? ',' + name + ':' + text : name + ':' + text
}

function string(writer: Writer, value: RubyString, depth: number): string {
  const text = jsonText(value, writer.rules)
  if (text === undefined) return fail(writer, depth, `is a String of bytes that are no text (${value.encoding})`)
  spend(writer, text.length, depth)
  return quote(text, writer.quoting)!
}

function spend(writer: Writer, content: number, depth: number): void {
  writer.contentLeft -= content
  if (writer.contentLeft < 0) fail(writer, depth, 'is more than can be written at once')
}

function float(writer: Writer, number: number, depth: number): string {
  if (Number.isFinite(number)) return rubyFloatText(number)
  return writer.rules.gem ? fail(writer, depth, `is ${number}, which the json gem refuses`) : 'null'
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
