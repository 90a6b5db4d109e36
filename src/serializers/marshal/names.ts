import { decodeText, isAscii, isAsciiCompatible } from '../../ruby/encoding.ts'
import { RubyString } from '../../ruby/string.ts'
import type { MutableNode, SymbolNode, Variable } from './node.ts'
import { classNameOf } from './node.ts'

/** The name of a Symbol as text; where it is none, each byte is a character. */
export function nameText({ name, encoding }: SymbolNode): string {
  return isAscii(name) ? name : (decodeText(name, encoding) ?? name)
}

/** The name of a Symbol with its encoding, which is US-ASCII whenever it can be. */
export function symbolString({ name, encoding }: SymbolNode): RubyString {
  return RubyString.fromBinary(name, isAscii(name) && isAsciiCompatible(encoding) ? 'US-ASCII' : encoding)
}

/** Whether Ruby shows a variable: it hides those without an `@`, and those that no program could name. */
export function isShown([{ name }]: Variable): boolean {
  return /^@[A-Z_a-z\u0080-\u00ff][\w\u0080-\u00ff]*$/.test(name)
}

/** The names of the modules that extend an object, the last one first. */
export function moduleNames(node: MutableNode): string[] {
  // Of one that extends it twice, the first time counts. A class there means that modules are put before it.
  const names = new Set(node.modules.map(nameText))
  names.delete(classNameOf(node))
  return [...names].toReversed()
}
