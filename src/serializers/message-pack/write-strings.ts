import { atLeast, type RailsVersion } from '../../rails/version.ts'
import { encodeUtf8, isAscii, isAsciiCompatible } from '../../ruby/encoding.ts'
import { RubyObject } from '../../ruby/object.ts'
import { RubyRegexp } from '../../ruby/regexp.ts'
import { RubySafeBuffer } from '../../ruby/safe-buffer.ts'
import { RubyString } from '../../ruby/string.ts'
import { RubySymbol } from '../../ruby/symbol.ts'
import { encodeBinary, encodeExtension, encodeText } from './encode.ts'
import { ExtensionType } from './extension-type.ts'

/**
 * A String, or an object that Rails writes as its text; undefined for everything else. `refuse` throws, and is given what
 * the value is.
 */
export function writeString(value: object, rails: RailsVersion, refuse: (what: string) => never): string | undefined {
  if (value instanceof RubyString) return string(value, refuse)
  if (value instanceof RubySymbol) return symbol(value, refuse)
  if (value instanceof RubyRegexp) return encodeExtension(ExtensionType.REGEXP, value.toBinary())
  if (value instanceof RubySafeBuffer) return safeBuffer(value, rails, refuse)
  return value instanceof RubyObject ? textObject(value, rails) : undefined
}

/** Text is converted to UTF-8; bytes that are not valid in UTF-8 or US-ASCII are kept. */
function string(value: RubyString, refuse: (what: string) => never): string {
  const { binary, encoding, text } = value
  if (encoding === 'ASCII-8BIT') return encodeBinary(binary)
  const isUtf8 = encoding === 'UTF-8' || encoding === 'US-ASCII' || (isAsciiCompatible(encoding) && isAscii(binary))
  if (isUtf8) return encodeText(binary)
  return encodeText(
    encodeUtf8(text ?? refuse(`is a String whose bytes are no text that can be converted from ${encoding}`)),
  )
}

function symbol({ string: name }: RubySymbol, refuse: (what: string) => never): string {
  const isReadable = isAscii(name.binary) || (name.encoding === 'UTF-8' && name.text !== null)
  if (!isReadable) refuse(`is a Symbol in ${name.encoding}, which Rails could not read again`)
  return encodeExtension(ExtensionType.SYMBOL, name.binary)
}

function safeBuffer(value: RubySafeBuffer, rails: RailsVersion, refuse: (what: string) => never): string {
  if (!atLeast(rails, '8.1'))
    refuse(`is a SafeBuffer, which Rails has written to MessagePack since 8.1, not in ${rails}`)
  const body = atLeast(rails, '8.2') ? string(value.string, refuse) : value.string.binary
  return encodeExtension(ExtensionType.SAFE_BUFFER, body)
}

function textObject({ kind, value }: RubyObject, rails: RailsVersion): string | undefined {
  // The gem takes an object of a subclass for one of the class.
  if (value instanceof RubyRegexp) return encodeExtension(ExtensionType.REGEXP, value.toBinary())
  const binary = value instanceof RubyString ? value.binary : encodeUtf8(String(value))
  switch (kind) {
    case 'uri':
      return encodeExtension(ExtensionType.URI, binary)
    case 'ipaddr':
      return encodeExtension(ExtensionType.IP_ADDRESS, ipAddressBody(binary, rails))
    case 'pathname':
      return encodeExtension(ExtensionType.PATHNAME, binary)
    case 'time_zone':
      return encodeExtension(ExtensionType.TIME_ZONE, binary)
    default:
      return undefined
  }
}

/** Without the length of the prefix where that is the whole address, and, for Rails 7.1, anywhere. */
function ipAddressBody(address: string, rails: RailsVersion): string {
  const [host = '', prefix] = address.split('/')
  if (!atLeast(rails, '7.2')) return host
  return encodeText(prefix === (host.includes(':') ? '128' : '32') ? host : address)
}
