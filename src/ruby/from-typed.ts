import { Buffer } from 'node:buffer'
import { UnserializableValueError } from '../errors.ts'
import { daysFromCivil, daysFromJulian, JD_OF_1970 } from './civil.ts'
import { RubyComplex } from './complex.ts'
import { RubyDate, RubyDateTime } from './date.ts'
import { RubyDecimal } from './decimal.ts'
import { RubyDuration } from './duration.ts'
import { RubyFloat } from './float.ts'
import { type Branch, fold } from './fold.ts'
import { RubyHash } from './hash.ts'
import type { RubyObjectFields } from './object.ts'
import { RubyRange } from './range.ts'
import { RubyRational } from './rational.ts'
import { RubyRegexp } from './regexp.ts'
import { RubySafeBuffer } from './safe-buffer.ts'
import { RubyString } from './string.ts'
import { RubySymbol } from './symbol.ts'
import { RubyTime } from './time.ts'
import { RubyTimeWithZone } from './time-with-zone.ts'
import type { TypedTree } from './typed.ts'

/**
 * The Ruby value that a typed tree stands for, for the writers of `rails-session/ruby`.
 *
 * Throws an {@link UnserializableValueError} for what is no tree, and for objects of other classes than those that this
 * package has a class for: no program can name a class for Ruby to create.
 *
 * @example
 * fromTyped({ at: { $: 'symbol', v: 'now' } }) // a RubyHash with a RubySymbol
 */
export function fromTyped(tree: TypedTree): unknown {
  return valueOfTree(tree, ({ kind, className }) => {
    throw new UnserializableValueError(`fromTyped: the tree has a ${kind} of Ruby's class ${className ?? '?'}`)
  })
}

/** {@link fromTyped}, with what to make of the objects that it refuses. */
export function valueOfTree(tree: TypedTree, describe: (fields: RubyObjectFields) => unknown): unknown {
  const shared = new Map<number, unknown>()
  const visit = (each: unknown, share: (value: unknown) => void): Found => {
    if (typeof each !== 'object' || each === null) return scalar(each)
    if (Array.isArray(each))
      return filled<unknown[]>([], each, share, (array, results) => {
        for (const result of results) array.push(result)
      })
    const node = each as Node
    if (!isTagged(node)) return hash(Object.entries(node), new RubyHash(), share)
    switch (node.$) {
      case 'shared': {
        const register = (value: unknown): void => void shared.set(Number(node['id']), value)
        // A shared String is an object, which a JavaScript string is not.
        if (typeof node['v'] === 'string') return shareLeaf(new RubyString(node['v']), register)
        const found = visit(node['v'], register)
        if ('leaf' in found) return shareLeaf(found.leaf, register)
        return {
          children: found.children,
          build(results) {
            const built = found.build(results)
            register(built)
            return built
          },
        }
      }
      case 'ref':
        if (!shared.has(Number(node['id']))) return fail(`ref ${String(node['id'])} stands before what it refers to`)
        return { leaf: shared.get(Number(node['id'])) }
      case 'hash':
        return taggedHash(node, share, describe)
      default:
        return tagged(node, describe)
    }
  }
  return fold<unknown>(tree, (each) => visit(each, () => {}))
}

interface Node {
  readonly [field: string]: unknown
}

type Tagged = Node & { readonly $: string }

type Found = { readonly leaf: unknown } | Branch<unknown>

function isTagged(node: Node): node is Tagged {
  return typeof node['$'] === 'string'
}

function scalar(value: unknown): Found {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return { leaf: value }
    case 'number':
      if (Number.isSafeInteger(value)) return { leaf: value }
      return fail(`number ${value} is no safe integer; floats and big integers have nodes of their own`)
    default:
      return value === null ? { leaf: null } : fail(`a ${typeof value} is no tree`)
  }
}

function shareLeaf(value: unknown, register: (value: unknown) => void): Found {
  register(value)
  return { leaf: value }
}

/** A container that is there before what is in it, which may refer to it. */
function filled<Container>(
  container: Container,
  children: readonly unknown[],
  share: (value: unknown) => void,
  fill: (container: Container, results: readonly unknown[]) => void,
): Found {
  share(container)
  const build = (results: readonly unknown[]): Container => {
    fill(container, results)
    return container
  }
  return { children, build }
}

function hash(
  pairs: ReadonlyArray<readonly [unknown, unknown]>,
  container: RubyHash,
  share: (value: unknown) => void,
): Found {
  return filled(container, pairs.flat(), share, (made, results) => {
    for (let i = 0; i < pairs.length; i++) made.pairs.push([results[2 * i], results[2 * i + 1]])
  })
}

function taggedHash(
  node: Tagged,
  share: (value: unknown) => void,
  describe: (fields: RubyObjectFields) => unknown,
): Found {
  const pairs = node['v'] as Array<[unknown, unknown]>
  const className = node['class'] as string | undefined
  const fallback = node['default']
  const compareByIdentity = node['compare_by_identity'] === true
  const indifferentAccess = className === INDIFFERENT_ACCESS
  const isOther = className !== undefined && !indifferentAccess
  if (fallback === undefined && !isOther) {
    return hash(pairs, new RubyHash([], { indifferentAccess, compareByIdentity }), share)
  }
  return {
    children: [...pairs.flat(), fallback ?? null],
    build(results) {
      const entries = pairs.map((_, i) => [results[2 * i], results[2 * i + 1]] as const)
      const made = new RubyHash(entries, {
        indifferentAccess,
        compareByIdentity,
        ...(fallback === undefined ? {} : { default: results.at(-1) }),
      })
      return isOther ? describe({ kind: 'hash', className, value: made }) : made
    },
  }
}

function tagged(node: Tagged, describe: (fields: RubyObjectFields) => unknown): Found {
  const text = (field: string): string => String(node[field])
  const list = (field: string): Array<[string, unknown]> => node[field] as Array<[string, unknown]>
  const className = node['class'] === undefined || node['class'] === null ? '' : text('class')
  const fields = (field: string, kind: 'object' | 'struct'): Found => ({
    children: list(field).map(([, value]) => value),
    build: (results) =>
      describe({ kind, className, fields: list(field).map(([name], i): [string, unknown] => [name, results[i]]) }),
  })
  switch (node.$) {
    case 'int':
      return { leaf: BigInt(text('v')) }
    case 'float':
      return { leaf: new RubyFloat(Number(text('v'))) }
    case 'symbol':
      return { leaf: new RubySymbol(typeof node['v'] === 'string' ? node['v'] : stringOf(node)) }
    case 'string':
      return { leaf: stringOf(node) }
    case 'rational':
      return { leaf: new RubyRational(BigInt(text('num')), BigInt(text('den'))) }
    case 'complex':
      return { children: [node['re'], node['im']], build: ([real, imaginary]) => new RubyComplex(real, imaginary) }
    case 'bigdecimal':
      return { leaf: new RubyDecimal(text('v')) }
    case 'range': {
      const build = ([begin, end]: readonly unknown[]): RubyRange =>
        new RubyRange(begin, end, node['exclude_end'] === true)
      return { children: [node['begin'], node['end']], build }
    }
    case 'set':
      return { children: node['v'] as unknown[], build: (results) => new Set(results) }
    case 'regexp': {
      const { source } = node
      const string =
        typeof source === 'string' ? new RubyString(Buffer.from(source), text('enc')) : stringOf(source as Node)
      return { leaf: new RubyRegexp(string, Number(node['options'])) }
    }
    case 'time':
      return { leaf: timeOf(node) }
    case 'date':
      return { leaf: new RubyDate(julianDayOf(text('v'), floatOf(node['start'])), floatOf(node['start'])) }
    case 'datetime': {
      const offset = offsetOf(text('v'))
      const start = floatOf(node['start'])
      // By the Julian day and the clock, since `v` may be a date of another calendar.
      const clock = /T(.*?)(?:Z|[+-]\d\d:\d\d)$/.exec(text('v'))?.[1] ?? '00:00:00'
      const day = (BigInt(text('jd')) - 2_440_588n) * 86_400_000_000_000n
      const nanoseconds = day + nanosecondsOf(`1970-01-01T${clock}Z`) - BigInt(offset) * 1_000_000_000n
      return { leaf: new RubyDateTime(nanoseconds, { utcOffset: offset, start }) }
    }
    case 'time_with_zone':
      return { leaf: new RubyTimeWithZone(nanosecondsOf(text('utc')), text('time_zone')) }
    case 'duration': {
      const parts = list('parts')
      return {
        children: [node['value'], ...parts.map(([, count]) => count)],
        build: ([seconds, ...counts]) =>
          new RubyDuration(
            parts.map(([unit], i) => [unit, counts[i]]),
            seconds,
          ),
      }
    }
    case 'safe_buffer': {
      const { v } = node
      return { leaf: new RubySafeBuffer(typeof v === 'string' ? v : stringOf(v as Node), node['html_safe'] === true) }
    }
    case 'object':
      return fields('ivars', 'object')
    case 'struct':
      return fields('members', 'struct')
    case 'exception':
      return { children: [node['message']], build: ([value]) => describe({ kind: 'exception', className, value }) }
    case 'class':
    case 'module':
      return { leaf: describe({ kind: node.$, className: text('v') }) }
    case 'uri':
    case 'ipaddr':
    case 'pathname':
    case 'time_zone':
      return { leaf: describe({ kind: node.$, value: text('v') }) }
    case 'user_class': {
      const { v } = node
      if (!Array.isArray(v)) {
        const value = typeof v === 'string' ? new RubyString(v) : stringOf(v as Node)
        return { leaf: describe({ kind: 'string', className, value }) }
      }
      return { children: v as unknown[], build: (value) => describe({ kind: 'array', className, value: [...value] }) }
    }
    case 'other':
      return { leaf: describe({ kind: 'other', className }) }
    default:
      return fail(`no value can be made of a ${JSON.stringify(node.$)}`)
  }
}

function stringOf(node: Node): RubyString {
  return new RubyString(Buffer.from(String(node['b64']), 'base64'), String(node['enc']))
}

function floatOf(tree: unknown): number {
  return Number((tree as { v?: unknown }).v)
}

function timeOf(node: Tagged): RubyTime {
  const { utc_offset: utcOffset, utc, zone, subnano } = node
  const [num, den] = typeof subnano === 'string' ? subnano.split('/').map(BigInt) : []
  return new RubyTime(nanosecondsOf(String(node['iso'])), {
    utcOffset: utc === true ? undefined : Number(utcOffset),
    zone: typeof zone === 'string' ? zone : null,
    subnano: num === undefined ? null : new RubyRational(num, den),
  })
}

/** Nanoseconds since 1970 of an ISO 8601 time in UTC with any number of digits in its year. */
function nanosecondsOf(iso: string): bigint {
  const match = /^(-?\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z$/.exec(iso)
  if (match === null) throw new UnserializableValueError(`fromTyped: ${JSON.stringify(iso)} is no time in UTC`)
  const [, year, month, day, hour, minute, second, fraction = ''] = match
  const days = daysFromCivil(BigInt(year!), Number(month), Number(day))
  const seconds = days * 86_400n + BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second))
  return seconds * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9))
}

function offsetOf(iso: string): number {
  const match = /([+-])(\d\d):(\d\d)$/.exec(iso)
  if (match === null) return 0
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60
  return match[1] === '-' ? -seconds : seconds
}

/** Julian day of a date by the calendar that a Date with that start goes by. */
function julianDayOf(date: string, start: number): bigint {
  const match = /^(-?\d{4,})-(\d\d)-(\d\d)$/.exec(date)
  if (match === null) throw new UnserializableValueError(`fromTyped: ${JSON.stringify(date)} is no date`)
  const [year, month, day] = [BigInt(match[1]!), Number(match[2]), Number(match[3])]
  const gregorian = daysFromCivil(year, month, day) + JD_OF_1970
  return Number(gregorian) >= start ? gregorian : daysFromJulian(year, month, day) + JD_OF_1970
}

function fail(why: string): never {
  throw new UnserializableValueError(`fromTyped: ${why}`)
}

const INDIFFERENT_ACCESS = 'ActiveSupport::HashWithIndifferentAccess'
