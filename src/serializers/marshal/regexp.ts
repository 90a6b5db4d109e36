import { isAsciiCompatible } from '../../ruby/encoding.ts'
import { RubyRegexp } from '../../ruby/regexp.ts'
import { RegexpOption } from '../../ruby/regexp-text.ts'
import { RubyString } from '../../ruby/string.ts'
import { encodingIn, encodingOf } from './encoding-variables.ts'
import type { RegexpNode } from './node.ts'

/** A Regexp, with the encoding and the options that Ruby finds for it. It is not compiled, and need not be correct. */
export function regexpOf(node: RegexpNode): RubyRegexp {
  // Of a Regexp that is wrapped otherwise, Ruby learns the encoding too late.
  const isWrapped = node.userClass !== null || node.modules.length > 0
  const told = isWrapped ? [] : node.variables
  const hasEncoding = told.some((variable) => encodingIn(variable) !== undefined)
  const source = hasEncoding ? node.source : withoutOldEscapes(node.source)
  const { IGNORECASE, EXTENDED, MULTILINE, FIXEDENCODING, NOENCODING } = RegexpOption
  const given = encodingOf(told)
  const own = (node.options & NOENCODING) === 0 ? given : 'ASCII-8BIT'
  const fixed = fixedEncoding(source, own) ?? ((node.options & FIXEDENCODING) === 0 ? undefined : own)
  const kept = node.options & (IGNORECASE | EXTENDED | MULTILINE | NOENCODING)
  const encoding = isWrapped && node.variables.length > 0 ? encodingOf(node.variables) : (fixed ?? 'US-ASCII')
  return new RubyRegexp(RubyString.fromBinary(source, encoding), fixed === undefined ? kept : kept | FIXEDENCODING)
}

/** Ruby 1.8 had letters of its own behind backslashes, and dumps of its time tell no encoding. */
function withoutOldEscapes(source: string): string {
  return source.replaceAll(/\\([^])/g, (found, letter: string) =>
    UNKNOWN_TO_RUBY_1_8.includes(letter) ? letter : found,
  )
}

/** The encoding that a source is bound to by what is in it: anything but ASCII, escapes for such, properties. */
function fixedEncoding(source: string, encoding: string): string | undefined {
  if (!isAsciiCompatible(encoding)) return encoding
  let property: string | undefined
  for (const [found, list, four, byte, octal, letter] of source.matchAll(NOT_PLAIN)) {
    if (letter !== undefined) {
      property = encoding
    } else if (list !== undefined || four !== undefined) {
      if ((list ?? four!).split(/\s+/).some((code) => Number.parseInt(code, 16) > 0x7f)) return 'UTF-8'
    } else if (byte !== undefined || octal !== undefined) {
      const value = byte === undefined ? Number.parseInt(octal!, 8) : Number.parseInt(byte, 16)
      if (value > 0x7f && encoding !== 'US-ASCII') return encoding
    } else if (found.charCodeAt(found.length - 1) > 0x7f) {
      return encoding
    }
  }
  return property
}

const UNKNOWN_TO_RUBY_1_8 = 'ghijklmopquyEFHIJKLNOPQRSTUVXY'
const NOT_PLAIN = /\\(?:u\{([^}]*)\}|u([\dA-Fa-f]{4})|x([\dA-Fa-f]{1,2})|([0-7]{1,3})|([pP])|[^])|[\u0080-\u00ff]/g
