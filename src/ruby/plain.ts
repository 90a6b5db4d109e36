import { bare } from './bare.ts'
import { RubyComplex } from './complex.ts'
import { RubyDuration } from './duration.ts'
import { decodeUtf8 } from './encoding.ts'
import { RubyFloat } from './float.ts'
import { rubyFloatText } from './float-text.ts'
import { type Branch, fold } from './fold.ts'
import { RubyHash } from './hash.ts'
import { completeObject, makeObject, objectOrigin, RubyObject } from './object.ts'
import { RubyRange } from './range.ts'
import { RubySafeBuffer } from './safe-buffer.ts'
import { RubyString } from './string.ts'
import { RubySymbol } from './symbol.ts'

/** What a plain view gives: a value, or that there is none because something contains itself. */
export type PlainResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'cyclic' }

/**
 * The plain JavaScript view of a lossless Ruby value: what `opened.data` is. docs/SERIALIZERS.md has the table.
 *
 * An object that comes more than once is one object in the view, too.
 */
export function plain(value: unknown): PlainResult {
  const finished = new Map<unknown, unknown>()
  const open = new Set<unknown>()
  try {
    const result = fold<unknown>(value, (each) => {
      if (typeof each !== 'object' || each === null) return { leaf: each }
      if (finished.has(each)) return { leaf: finished.get(each) }
      if (open.has(each)) throw CYCLIC
      const found = view(each)
      if ('leaf' in found) return found
      open.add(each)
      const build = (results: readonly unknown[]): unknown => {
        const built = found.build(results)
        open.delete(each)
        finished.set(each, built)
        return built
      }
      return { children: found.children, build }
    })
    return { ok: true, value: result }
  } catch (error) {
    if (error === CYCLIC) return CYCLIC_RESULT
    throw error
  }
}

/** The text of a String where it has one, otherwise its bytes. */
export function plainString(string: RubyString): string | Uint8Array {
  return string.text ?? string.bytes
}

/**
 * The name that a scalar key of a Hash has in an object, as ActiveSupport writes it into JSON; undefined for other keys.
 *
 * @param key a lossless value
 */
export function plainKey(key: unknown): string | undefined {
  switch (typeof key) {
    case 'string':
      return key
    case 'object':
      if (key === null) return ''
      // A key is text even where Ruby says nothing about its encoding.
      if (key instanceof RubyString) return key.text ?? decodeUtf8(key.binary) ?? key.binary
      if (key instanceof RubySymbol) return key.name
      if (key instanceof RubyFloat) return rubyFloatText(key.value)
      if (key instanceof RubySafeBuffer) return plainKey(key.string)
      return key instanceof RubyObject && key.kind === 'string' ? plainKey(key.value) : undefined
    default:
      return String(key)
  }
}

function view(value: object): { readonly leaf: unknown } | Branch<unknown> {
  if (Array.isArray(value)) return { children: value, build: (results) => [...results] }
  if (value instanceof RubyString) return { leaf: plainString(value) }
  if (value instanceof RubyHash) return viewHash(value)
  if (value instanceof RubySymbol) return { leaf: value.name }
  if (value instanceof RubyFloat) return { leaf: value.value }
  if (value instanceof RubySafeBuffer) return { leaf: plainString(value.string) }
  if (value instanceof RubyObject) return viewObject(value)
  if (value instanceof Set) return { children: [...value], build: (results) => new Set(results) }
  if (value instanceof RubyRange) {
    const build = ([begin, end]: readonly unknown[]): RubyRange => new RubyRange(begin, end, value.excludeEnd)
    return { children: [value.begin, value.end], build }
  }
  if (value instanceof RubyComplex) {
    return { children: [value.real, value.imaginary], build: ([real, imaginary]) => new RubyComplex(real, imaginary) }
  }
  if (value instanceof RubyDuration) {
    const units = value.parts.map(([unit]) => unit)
    return {
      children: [value.value, ...value.parts.map(([, count]) => count)],
      build: ([seconds, ...counts]) =>
        new RubyDuration(
          units.map((unit, i) => [unit, counts[i]]),
          seconds,
        ),
    }
  }
  return { leaf: value }
}

function viewHash({ pairs }: RubyHash): Branch<unknown> {
  const keys = pairs.map(([key]) => plainKey(key))
  if (!keys.includes(undefined)) {
    return {
      children: pairs.map(([, value]) => value),
      build(results) {
        const object: Record<string, unknown> = bare({})
        for (const [i, key] of keys.entries()) object[key!] = results[i]
        return object
      },
    }
  }
  return {
    children: pairs.flat(),
    build: (results) => new Map(pairs.map((_, i) => [results[2 * i], results[2 * i + 1]])),
  }
}

function viewObject(object: RubyObject): { readonly leaf: unknown } | Branch<unknown> {
  const { kind, className, modules, value } = object
  const fields = className === FLASH_NOW ? [] : object.fields
  switch (kind) {
    case 'string':
      return { leaf: plainString(value as RubyString) }
    case 'array':
      return { children: value as unknown[], build: (results) => [...results] }
    case 'hash':
      return viewHash(value as RubyHash)
    case 'regexp':
      return { leaf: value }
    case 'uri':
    case 'ipaddr':
    case 'pathname':
    case 'time_zone':
      return { leaf: value instanceof RubyString ? plainString(value) : String(value) }
    default: {
      const children = [value, ...fields.map(([, field]) => field)]
      const build = ([inner, ...results]: readonly unknown[]): RubyObject => {
        const named = fields.map(([name], i): [string, unknown] => [name, results[i]])
        const described = makeObject({ kind, className, modules, fields: named }, objectOrigin(object))
        completeObject(described, inner)
        return described
      }
      return { children, build }
    }
  }
}

/**
 * What `flash.now` leaves in sessions of Rails 3.2: its one variable is the flash that it is in. Without it, the plain view has
 * no circle, and the session can be read.
 */
const FLASH_NOW = 'ActionDispatch::Flash::FlashNow'
const CYCLIC: unique symbol = Symbol('cyclic')
const CYCLIC_RESULT: PlainResult = Object.freeze({ ok: false, reason: 'cyclic' })
