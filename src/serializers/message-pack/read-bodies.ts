import { Buffer } from 'node:buffer'
import { RubyDecimal } from '../../ruby/decimal.ts'
import { decodeUtf8, isAscii } from '../../ruby/encoding.ts'
import { makeObject } from '../../ruby/object.ts'
import { RubyRegexp } from '../../ruby/regexp.ts'
import { regexpEncoding } from '../../ruby/regexp-syntax.ts'
import { RegexpOption } from '../../ruby/regexp-text.ts'
import { RubySafeBuffer } from '../../ruby/safe-buffer.ts'
import { RubyString } from '../../ruby/string.ts'
import { RubySymbol } from '../../ruby/symbol.ts'
import { parseUri } from '../../ruby/uri.ts'
import { ExtensionType } from './extension-type.ts'
import { integer } from './integer.ts'
import type { BodyReader } from './reading.ts'

/** Readers of the classes that Rails writes as bytes. */
export const BODY_READERS: ReadonlyMap<number, BodyReader> = new Map<number, BodyReader>([
  [ExtensionType.SYMBOL, readSymbol],
  [ExtensionType.INTEGER, readInteger],
  [ExtensionType.BIG_DECIMAL, readDecimal],
  [ExtensionType.TIME_ZONE, (body, reading) => (isAscii(body) ? reading.timeZone(body) : undefined)],
  [ExtensionType.URI, readUri],
  [ExtensionType.PATHNAME, readPathname],
  [ExtensionType.REGEXP, readRegexp],
  [ExtensionType.SAFE_BUFFER, (body) => new RubySafeBuffer(RubyString.fromBinary(body, 'ASCII-8BIT'))],
])

function readSymbol(body: string): unknown {
  const name = decodeUtf8(body)
  return name === null ? undefined : new RubySymbol(name)
}

/** A byte for the sign, then words of 32 bits, the least significant first. What is left over at the end counts for nothing. */
function readInteger(body: string): unknown {
  const bytes = Buffer.from(body, 'latin1')
  let digits = ''
  for (let at = 1 + 4 * Math.floor((bytes.length - 1) / 4) - 4; at > 0; at -= 4)
    digits += bytes.toString('hex', at, at + 4)
  const size = BigInt(`0x0${digits}`)
  return integer(bytes[0] === 0 ? size : -size)
}

/** What `BigDecimal._load` takes: digits that tell the precision, a colon and the number. */
function readDecimal(body: string): unknown {
  const [, special, sign = '', whole = '', fraction = '', power = '0'] = DECIMAL.exec(body) ?? []
  if (special !== undefined) return new RubyDecimal(special)
  const digits = (whole + fraction).replaceAll('_', '')
  if (digits === '') return undefined
  const exponent = Number(power.replaceAll('_', '')) - fraction.replaceAll('_', '').length
  if (Math.abs(exponent) < GREATEST_EXPONENT) return new RubyDecimal(`${sign}${digits}e${exponent}`)
  return new RubyDecimal(sign + (exponent < 0 || !/[1-9]/.test(digits) ? '0' : 'Infinity'))
}

function readUri(body: string): unknown {
  const value = parseUri(body)
  return value === null ? undefined : makeObject({ kind: 'uri', value }, null)
}

function readPathname(body: string): unknown {
  if (body.includes('\0')) return undefined
  return makeObject({ kind: 'pathname', value: decodeUtf8(body) ?? RubyString.fromBinary(body, 'ASCII-8BIT') }, null)
}

function readRegexp(body: string): unknown {
  const encoding = regexpEncoding(body)
  if (encoding === null) return undefined
  return new RubyRegexp(RubyString.fromBinary(body, encoding), encoding === 'US-ASCII' ? 0 : RegexpOption.FIXEDENCODING)
}

/** Ruby makes room for as many digits as the first number says. */
const DECIMAL =
  /^\d{0,9}:[ \t-\r]*(?:(NaN|[+-]?Infinity)|([+-]?)(\d+(?:_\d+)*)?(?:_|(?:\.(\d+(?:_\d+)*))?(?:[eEdD]([+-]?\d+(?:_\d+)*))?))[ \t-\r]*$/
/** What is beyond some such exponent is zero or infinite. */
const GREATEST_EXPONENT = 1e15
