/**
 * How Rails 3.2 to 8.1 wrote JSON: written from their sources, apart from the library, for the Ruby value that a typed tree
 * tells. Rails 3.2 and 4.0 had an encoder in Ruby; from 4.1 on it is that of the json gem, with more escapes.
 */
import { Buffer, isUtf8 } from 'node:buffer'
import { splitTime, timeText } from '../../src/ruby/time.ts'
import { zoneOffset } from '../../src/ruby/time-zones.ts'
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'
import { readJsonTyped } from '../../src/serializers/json/reader.ts'
import { pairsOf, type Tagged } from './typed-tree.ts'
import type { VectorConfig } from './vectors.ts'

/** The JSON that a Rails wrote for a value; null where it raised. */
export function olderJson(tree: unknown, config: VectorConfig, rails: RailsVersion): Buffer | null {
  const encoder = new Encoder(config, rails)
  try {
    return Buffer.from(encoder.value(tree), 'latin1')
  } catch (error) {
    if (error === RAISED) return null
    throw error
  }
}

/**
 * What a Rails up to 7.0 read out of JSON; undefined where it raised. Bytes that are not UTF-8 passed its parser inside
 * of Strings, which then hold them.
 */
export function readOlderJson(json: Buffer): unknown {
  const read = readJsonTyped(json.toString(isUtf8(json) ? 'utf8' : 'latin1'))
  if (!read.ok) return undefined
  return isUtf8(json) ? read.value : asBytes(read.value)
}

function asBytes(tree: unknown): unknown {
  if (typeof tree === 'string') return bytesTree(tree)
  if (Array.isArray(tree)) return tree.map(asBytes)
  if (typeof tree !== 'object' || tree === null) return tree
  return { $: 'hash', v: pairsOf(tree).map(([key, value]) => [asBytes(key), asBytes(value)]) }
}

function bytesTree(binary: string): unknown {
  const bytes = Buffer.from(binary, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : { $: 'string', enc: 'UTF-8', b64: bytes.toString('base64') }
}

/** Writes one value, in UTF-8 with one character a byte: 3.2 and 4.0 passed bytes on that are not UTF-8. */
class Encoder {
  readonly #rails: RailsVersion
  readonly #html: boolean
  readonly #separators: boolean
  readonly #shared = new Map<unknown, unknown>()

  constructor(config: VectorConfig, rails: RailsVersion) {
    this.#rails = rails
    this.#html = config['escape_html_entities_in_json'] !== false
    this.#separators = !atLeast(rails, '8.1') || config['escape_js_separators_in_json'] !== false
  }

  value(tree: unknown): string {
    if (typeof tree === 'string') return this.#text(Buffer.from(tree).toString('latin1'))
    if (typeof tree !== 'object' || tree === null) return String(tree)
    if (Array.isArray(tree)) return this.#array(tree)
    const tag = (tree as { $?: unknown }).$
    return typeof tag === 'string' ? this.#tagged(tree as Tagged) : this.#hash(pairsOf(tree))
  }

  #tagged(node: Tagged): string {
    const { v } = node
    switch (node.$) {
      case 'shared':
        this.#shared.set(node['id'], v)
        return this.value(v)
      case 'ref':
        return this.value(this.#shared.get(node['id']))
      case 'hash':
        return this.#hash(pairsOf(node))
      case 'set':
        return this.#array(v as unknown[])
      case 'struct':
        return this.#hash(node['members'] as Array<[string, unknown]>)
      case 'user_class':
      case 'safe_buffer':
        return this.value(v)
      case 'int':
        return String(v)
      case 'float':
        return FINITE.test(String(v)) || !atLeast(this.#rails, '4.0') ? String(v) : 'null'
      case 'bigdecimal':
        return FINITE.test(String(v)) || !atLeast(this.#rails, '4.0') ? this.#text(String(v)) : 'null'
      case 'rational':
      case 'complex':
        return atLeast(this.#rails, '4.1') ? this.#text(numberText(node)) : numberText(node)
      case 'string':
        return this.#text(this.#utf8(String(node['enc']), Buffer.from(String(node['b64']), 'base64'), v))
      case 'symbol':
        if (typeof v !== 'string') throw new TypeError('a Symbol that is not UTF-8')
        return this.value(v)
      case 'range':
        return this.#range(node)
      case 'duration':
        return this.value(node['value'])
      case 'class':
      case 'module':
        return atLeast(this.#rails, '7.0') ? this.value(v) : '{}'
      case 'exception':
        return atLeast(this.#rails, '5.0') ? this.value(node['message']) : '{}'
      case 'regexp':
        return this.value(regexpText(node))
      case 'date':
        return this.value(v)
      case 'datetime':
        return this.value(String(v).replace(/\.(\d{3})\d*/, atLeast(this.#rails, '4.1') ? '.$1' : ''))
      case 'time':
        return this.#time(String(node['iso']), node['utc'] === true ? null : Number(node['utc_offset']), '4.1')
      case 'time_with_zone':
        return this.#zonedTime(node)
      case 'object':
        return this.#hash((node['ivars'] as Array<[string, unknown]>).map(([name, value]) => [name.slice(1), value]))
      default:
        throw new TypeError(`no JSON of a ${node.$} is known`)
    }
  }

  #array(elements: readonly unknown[]): string {
    return `[${elements.map((element) => this.value(element)).join(',')}]`
  }

  #hash(pairs: ReadonlyArray<readonly [unknown, unknown]>): string {
    return `{${pairs.map(([key, value]) => `${this.#key(key)}:${this.value(value)}`).join(',')}}`
  }

  /** `to_s` of a key. */
  #key(key: unknown): string {
    if (key === null) return '""'
    const text = this.value(key)
    return text.startsWith('"') ? text : `"${text}"`
  }

  /** 3.2 took a Range for the Array of what is in it. */
  #range({ begin, end, exclude_end: excludeEnd }: Tagged): string {
    const [first, last] = [begin, end].map((each) => (typeof each === 'string' ? each.codePointAt(0)! : Number(each)))
    if (atLeast(this.#rails, '4.0'))
      return this.value(`${String(begin)}${excludeEnd === true ? '...' : '..'}${String(end)}`)
    const count = last! - first! + (excludeEnd === true ? 0 : 1)
    const elements = Array.from({ length: count }, (_, i) => first! + i)
    return this.#array(typeof begin === 'string' ? elements.map((code) => String.fromCodePoint(code)) : elements)
  }

  #zonedTime(node: Tagged): string {
    const iso = String(node['utc'])
    const zone = String(node['time_zone'])
    return this.#time(iso, zone === 'UTC' ? null : (zoneOffset(zone, Date.parse(iso)) ?? 0), '4.0')
  }

  /** `offset`: null for UTC. `milliseconds`: the Rails that brought them. */
  #time(iso: string, offset: number | null, milliseconds: RailsVersion): string {
    const [, seconds = '', fraction = ''] = /^(.*)\.(\d+)Z$/.exec(iso) ?? []
    const nanoseconds = BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction)
    const text = timeText(nanoseconds, offset ?? 0, atLeast(this.#rails, milliseconds) ? 3 : 0)
    return this.value(offset === null ? `${text}Z` : text + clockOffset(offset))
  }

  /** A String in UTF-8. 3.2 and 4.0 put U+FFFD for bytes of binary; later ones refuse them. */
  #utf8(encoding: string, bytes: Buffer, text: unknown): string {
    if (typeof text === 'string') return Buffer.from(text).toString('latin1')
    const binary = bytes.toString('latin1')
    if (encoding !== 'ASCII-8BIT' || /^[\0-\x7f]*$/.test(binary)) return binary
    if (atLeast(this.#rails, '4.1')) throw RAISED
    return binary.replaceAll(/[\x80-\xff]/g, Buffer.from('\ufffd').toString('latin1'))
  }

  /** `binary`: UTF-8, or bytes that are not, one character a byte. */
  #text(binary: string): string {
    const escaped = binary.replaceAll(/["\\\b\f\n\r\t]/g, (found) => SHORT_ESCAPES.get(found)!)
    return `"${atLeast(this.#rails, '4.1') ? this.#byTheGem(escaped) : this.#inRuby(escaped)}"`
  }

  #inRuby(binary: string): string {
    const upper = (found: string): string => `\\u${hex(found.charCodeAt(0)).toUpperCase()}`
    const escaped = binary.replaceAll(this.#html ? CONTROLS_AND_HTML : CONTROLS, upper)
    if (atLeast(this.#rails, '4.0')) return escaped
    // What is beyond 16 bits was cut.
    return escaped.replaceAll(UTF_8_SEQUENCE, (found) => {
      return `\\u${hex(Buffer.from(found, 'latin1').toString('utf8').codePointAt(0)! % 0x10000)}`
    })
  }

  #byTheGem(binary: string): string {
    const text = Buffer.from(binary, 'latin1').toString('utf8')
    if (Buffer.from(text).toString('latin1') !== binary) throw RAISED
    const lower = (found: string): string => `\\u${hex(found.charCodeAt(0))}`
    let escaped = text.replaceAll(CONTROLS, lower)
    if (this.#html) escaped = escaped.replaceAll(/[<>&]/g, lower)
    if (this.#separators) escaped = escaped.replaceAll(/[\u2028\u2029]/g, lower)
    return Buffer.from(escaped).toString('latin1')
  }
}

function numberText(node: Tagged | number): string {
  if (typeof node === 'number') return String(node)
  switch (node.$) {
    case 'rational':
      return `${String(node['num'])}/${String(node['den'])}`
    case 'complex': {
      const imaginary = numberText(node['im'] as Tagged | number)
      return `${numberText(node['re'] as Tagged | number)}${imaginary.startsWith('-') ? '' : '+'}${imaginary}i`
    }
    default:
      return String(node['v'])
  }
}

/** `Regexp#to_s`. */
function regexpText({ source, options }: Tagged): string {
  const on = REGEXP_LETTERS.filter(([, bit]) => (Number(options) & bit) !== 0).map(([letter]) => letter)
  const off = REGEXP_LETTERS.filter(([, bit]) => (Number(options) & bit) === 0).map(([letter]) => letter)
  return `(?${on.join('')}${off.length > 0 ? '-' : ''}${off.join('')}:${String(source)})`
}

function clockOffset(seconds: number): string {
  const { day, second } = splitTime(BigInt(Math.abs(seconds)) * 1_000_000_000n, 0)
  const clock = new Date(Number(day) * 86_400_000 + second * 1000).toISOString().slice(11, 16)
  return `${seconds < 0 ? '-' : '+'}${clock}`
}

function hex(code: number): string {
  return code.toString(16).padStart(4, '0')
}

const RAISED: unique symbol = Symbol('raised')
// oxlint-disable-next-line no-control-regex -- what JSON escapes
const CONTROLS = /[\0-\x1f]/g
// oxlint-disable-next-line no-control-regex -- what JSON escapes
const CONTROLS_AND_HTML = /[\0-\x1f<>&]/g
const FINITE = /\d$/
const UTF_8_SEQUENCE = /[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3}/g
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({ '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' }),
)
const REGEXP_LETTERS = [
  ['m', 4],
  ['i', 1],
  ['x', 2],
] as const
