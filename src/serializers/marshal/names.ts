import { decodeUtf8, isAscii, isAsciiCompatible } from '../../ruby/encoding.ts'
import { RubyString } from '../../ruby/string.ts'
import type { MutableNode, SymbolNode, Variable } from './node.ts'
import { classNameOf } from './node.ts'

/** The name of a class or variable: UTF-8, and where it is something else, with its bytes as `\\xff`. */
export function nameText(name: string): string {
  return decodeUtf8(name) ?? name.replaceAll(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
}

/** The text of a String that should be one, in the same way. */
export function legible(string: RubyString): string {
  return string.text ?? nameText(string.binary)
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
  const names = new Set(node.modules.map(({ name }) => nameText(name)))
  names.delete(nameText(classNameOf(node)))
  return [...names].toReversed()
}
