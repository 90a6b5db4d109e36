import { civilFromDays, floorDivide, JD_OF_1970 } from '../../ruby/civil.ts'
import { RubyDate, type RubyDateTime } from '../../ruby/date.ts'
import { RubyRational } from '../../ruby/rational.ts'
import { splitTime } from '../../ruby/time.ts'
import { PERIOD } from './date.ts'
import { symbolNode } from './encoding-variables.ts'
import { integerNode, toLittleEndian } from './integer.ts'
import type { Interned } from './interned.ts'
import { packLong } from './long.ts'
import {
  arrayNode,
  type Node,
  type SymbolNode,
  userDumpNode,
  type UserDumpNode,
  userMarshalNode,
  type UserMarshalNode,
  type Variable,
} from './node.ts'
import { rationalNode } from './rational.ts'

/** All that a Time says. */
export interface TimeParts {
  readonly nanoseconds: bigint
  readonly subnano: RubyRational | null
  readonly utc: boolean
  readonly utcOffset: number
  readonly zone: string | null
}

/** A Time as `Time#_dump` of Ruby 3.3 writes it. */
export function timeNode({ nanoseconds, subnano, utc, utcOffset, zone }: TimeParts, interned: Interned): UserDumpNode {
  const { day, second, nanosecond } = splitTime(nanoseconds, 0)
  const { year, month, day: dayOfMonth } = civilFromDays(day)
  const near = year < FIRST_YEAR ? FIRST_YEAR : year > LAST_YEAR ? LAST_YEAR : year
  const hour = Math.floor(second / 3600)
  const minute = Math.floor(second / 60) % 60
  const date = (Number(near - FIRST_YEAR) << 14) | ((month - 1) << 10) | (dayOfMonth << 5) | hour
  const time = (minute << 26) | ((second % 60) << 20) | Math.floor(nanosecond / 1000)
  const further = year === near ? '' : yearsBeyond(year < near ? near - year : year - near)
  const binary = word(date | (utc ? 0xc000_0000 : 0x8000_0000)) + word(time) + further
  const variables: Variable[] = belowMicrosecond(nanosecond % 1000, subnano, interned)
  if (!utc) variables.push([OFFSET, integerNode(utcOffset)])
  const name = utc ? 'UTC' : zone
  variables.push([ZONE, name === null ? null : interned.abbreviation(name)])
  return userDumpNode(TIME, binary, variables)
}

/** A Date or DateTime as its `marshal_dump` gives it. */
export function dateNode(date: RubyDate | RubyDateTime, interned: Interned): UserMarshalNode {
  if (date instanceof RubyDate) return sixNode(DATE, date.jd, 0, 0, 0, date.start, interned)
  const { nanoseconds, subnano, utcOffset, start } = date
  const { day, second, nanosecond } = splitTime(nanoseconds, 0)
  return sixNode(DATE_TIME, day + JD_OF_1970, second, rest(nanosecond, subnano), utcOffset, start, interned)
}

function sixNode(
  className: SymbolNode,
  jd: bigint,
  second: number,
  fraction: Node,
  utcOffset: number,
  start: number,
  interned: Interned,
): UserMarshalNode {
  const periods = floorDivide(jd, PERIOD)
  const day = Number(jd - periods * PERIOD)
  const elements = [integerNode(periods), day, second, fraction, utcOffset, interned.float(start)]
  return userMarshalNode(className, arrayNode(elements))
}

/** What Ruby says about the part of a microsecond, and says again for Ruby 1.9.1. */
function belowMicrosecond(nanosecond: number, subnano: RubyRational | null, interned: Interned): Variable[] {
  if (nanosecond === 0 && subnano === null) return []
  const { numerator, denominator } = exactNanoseconds(nanosecond, subnano)
  const variables: Variable[] = [
    [NANO_NUM, integerNode(numerator)],
    [NANO_DEN, integerNode(denominator)],
  ]
  if (nanosecond === 0) return variables
  // A digit in every four bits.
  const digits = [...String(nanosecond).padStart(3, '0')].map(Number) as [number, number, number]
  const bytes = digits[2] === 0 ? [] : [digits[2] << 4]
  const binary = String.fromCharCode((digits[0] << 4) | digits[1], ...bytes)
  return [...variables, [SUBMICRO, interned.binary(binary)]]
}

function rest(nanosecond: number, subnano: RubyRational | null): Node {
  return subnano === null ? integerNode(nanosecond) : rationalNode(exactNanoseconds(nanosecond, subnano))
}

function exactNanoseconds(nanosecond: number, subnano: RubyRational | null): RubyRational {
  const { numerator, denominator } = subnano ?? NONE
  return new RubyRational(BigInt(nanosecond) * denominator + numerator, denominator)
}

function yearsBeyond(years: bigint): string {
  const binary = toLittleEndian(years, 1)
  return packLong(binary.length) + binary
}

function word(integer: number): string {
  return String.fromCharCode(...[0, 8, 16, 24].map((shift) => (integer >>> shift) & 0xff))
}

/** The years that the words have room for. */
const FIRST_YEAR = 1900n
const LAST_YEAR = FIRST_YEAR + 0xffffn
const NONE = new RubyRational(0)
const TIME = symbolNode('Time')
const DATE = symbolNode('Date')
const DATE_TIME = symbolNode('DateTime')
const OFFSET = symbolNode('offset')
const ZONE = symbolNode('zone')
const NANO_NUM = symbolNode('nano_num')
const NANO_DEN = symbolNode('nano_den')
const SUBMICRO = symbolNode('submicro')
