import { Buffer } from 'node:buffer'
import { UnserializableValueError } from '../errors.ts'
import { civilFromDays, dateText, daysFromCivil, JD_OF_1970 } from './civil.ts'
import { RubyComplex } from './complex.ts'
import { RubyDate, RubyDateTime } from './date.ts'
import { RubyDecimal } from './decimal.ts'
import { RubyDuration } from './duration.ts'
import { RubyFloat } from './float.ts'
import type { Branch } from './fold.ts'
import { RubyRange } from './range.ts'
import { RubyRational } from './rational.ts'
import { RubyRegexp } from './regexp.ts'
import { RubySafeBuffer } from './safe-buffer.ts'
import { RubyString } from './string.ts'
import { RubySymbol } from './symbol.ts'
import { NANOS_PER_SECOND, RubyTime } from './time.ts'
import { RubyTimeWithZone } from './time-with-zone.ts'

/** A node of a typed tree, of which nothing is known yet. */
export interface Node {
  readonly [field: string]: unknown
}

export type Pairs = ReadonlyArray<readonly [unknown, unknown]>

/** The value of a node that names no class. Throws what the classes of values throw, and an {@link UnserializableValueError}. */
export function valueOfNode(node: Node): { readonly leaf: unknown } | Branch<unknown> {
  switch (node['$']) {
    case 'int':
      return { leaf: integerOf(node, 'v') }
    case 'float':
      return { leaf: new RubyFloat(floatOf(node)) }
    case 'symbol':
      return { leaf: new RubySymbol(typeof node['v'] === 'string' ? node['v'] : stringOf(node)) }
    case 'string':
      return { leaf: stringOf(node) }
    case 'rational':
      return { leaf: RubyRational.unreduced(integerOf(node, 'num'), integerOf(node, 'den')) }
    case 'complex':
      return { children: [node['re'], node['im']], build: ([real, imaginary]) => new RubyComplex(real, imaginary) }
    case 'bigdecimal':
      return { leaf: new RubyDecimal(textOf(node, 'v')) }
    case 'range': {
      const build = ([begin, end]: readonly unknown[]): RubyRange =>
        new RubyRange(begin, end, node['exclude_end'] === true)
      return { children: [node['begin'], node['end']], build }
    }
    case 'set':
      return { children: listOf(node, 'v'), build: (results) => new Set(results) }
    case 'regexp':
      return { leaf: regexpOf(node) }
    case 'time':
      return { leaf: timeOf(node) }
    case 'date':
      return { leaf: new RubyDate(textOf(node, 'v'), floatOf(node['start'])) }
    case 'datetime':
      return { leaf: dateTimeOf(node) }
    case 'time_with_zone':
      return { leaf: new RubyTimeWithZone(nanosecondsOf(textOf(node, 'utc')), textOf(node, 'time_zone')) }
    case 'duration': {
      const parts = pairsOf(node, 'parts')
      const build = ([seconds, ...counts]: readonly unknown[]): RubyDuration =>
        new RubyDuration(
          parts.map(([unit], i) => [String(unit), counts[i]]),
          seconds,
        )
      return { children: [node['value'], ...parts.map(([, count]) => count)], build }
    }
    case 'safe_buffer':
      return { leaf: new RubySafeBuffer(stringOf(node['v']), node['html_safe'] === true) }
    default:
      return fail(`no value can be made of a ${JSON.stringify(node['$'])}`)
  }
}

export function regexpOf(node: Node): RubyRegexp {
  const { source } = node
  const string =
    typeof source === 'string' ? new RubyString(Buffer.from(source), textOf(node, 'enc')) : stringOf(source)
  return new RubyRegexp(string, Number(node['options']))
}

function timeOf(node: Node): RubyTime {
  const { utc_offset: utcOffset, utc, zone, subnano } = node
  const [, num, den] = typeof subnano === 'string' ? (FRACTION.exec(subnano) ?? fail('subnano is no fraction')) : []
  return new RubyTime(nanosecondsOf(textOf(node, 'iso')), {
    utcOffset: utc === true ? undefined : Number(utcOffset),
    zone: typeof zone === 'string' ? zone : null,
    subnano: num === undefined ? null : new RubyRational(BigInt(num), BigInt(den!)),
  })
}

/** By the Julian day and the clock, since the date in `v` may be of another calendar. */
function dateTimeOf(node: Node): RubyDateTime {
  const { jd } = node
  const [, clock = '', sign = '+', hours = 0, minutes = 0] = CLOCK.exec(textOf(node, 'v')) ?? []
  const day = typeof jd === 'number' ? BigInt(jd) : integerOf(jd, 'v')
  const utcOffset = (Number(hours) * 3600 + Number(minutes) * 60) * (sign === '-' ? -1 : 1)
  const local = (day - JD_OF_1970) * 86_400n * NANOS_PER_SECOND + nanosecondsOf(`1970-01-01T${clock}Z`)
  const nanoseconds = local - BigInt(utcOffset) * NANOS_PER_SECOND
  return new RubyDateTime(nanoseconds, { utcOffset, start: floatOf(node['start']) })
}

/** Nanoseconds since 1970 of an ISO 8601 time in UTC with any number of digits in its year. */
function nanosecondsOf(iso: string): bigint {
  const [, year, month, day, hour, minute, second, fraction = ''] = ISO_8601.exec(iso) ?? []
  const days = year === undefined ? 0n : daysFromCivil(BigInt(year), Number(month), Number(day))
  const isReal = dateText(civilFromDays(days)) === `${year}-${month}-${day}`
  if (!isReal || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    return fail(`${JSON.stringify(iso)} is no time`)
  }
  const seconds = days * 86_400n + BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second))
  return seconds * NANOS_PER_SECOND + BigInt(fraction.padEnd(9, '0'))
}

export function stringOf(tree: unknown): RubyString {
  if (tree instanceof RubyString) return tree
  return typeof tree === 'string' ? new RubyString(tree) : new RubyString(bytesOf(tree), textOf(tree, 'enc'))
}

export function bytesOf(tree: unknown): Uint8Array {
  const base64 = textOf(tree, 'b64')
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 ? bytes : fail('b64 is no base64')
}

function floatOf(tree: unknown): number {
  const text = textOf(tree, 'v')
  return FLOAT.test(text) ? Number(text) : fail(`${JSON.stringify(text)} is no float`)
}

function integerOf(tree: unknown, field: string): bigint {
  const text = textOf(tree, field)
  return INTEGER.test(text) ? BigInt(text) : fail(`${JSON.stringify(text)} is no integer`)
}

/** The name of a class; empty where it has none. */
export function classOf(node: Node): string {
  return node['class'] === null ? '' : textOf(node, 'class')
}

export function textOf(tree: unknown, field: string): string {
  const value: unknown = typeof tree === 'object' && tree !== null ? (tree as Node)[field] : undefined
  return typeof value === 'string' ? value : fail(`a node has no text in ${field}`)
}

export function listOf(node: Node, field: string): readonly unknown[] {
  const value = node[field]
  return Array.isArray(value) ? (value as unknown[]) : fail(`a ${String(node['$'])} has no array in ${field}`)
}

export function pairsOf(node: Node, field: string): Pairs {
  const list = listOf(node, field)
  const arePairs = list.every((pair) => Array.isArray(pair) && pair.length === 2)
  return arePairs ? (list as Pairs) : fail(`a ${String(node['$'])} has something else than pairs in ${field}`)
}

export function fail(why: string): never {
  throw new UnserializableValueError(`fromTyped: ${why}`)
}

const INTEGER = /^-?\d+$/
const FLOAT = /^(?:NaN|-?Infinity|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/
const FRACTION = /^(\d+)\/(\d+)$/
const ISO_8601 = /^(-?\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/
/** The clock and the offset in an ISO 8601 time. */
const CLOCK = /T([\d:.]+)(?:Z|([+-])(\d{2,}):(\d\d))$/
