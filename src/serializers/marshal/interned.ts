import { encodeUtf8, isAscii } from '../../ruby/encoding.ts'
import { RubyString } from '../../ruby/string.ts'
import type { RubySymbol } from '../../ruby/symbol.ts'
import { symbolNode } from './encoding-variables.ts'
import { floatText } from './float.ts'
import { isImmediate } from './hash.ts'
import { type FloatNode, stringNode, type StringNode, type SymbolNode, type Variable } from './node.ts'

/**
 * Nodes of Strings, Symbols and Floats, and what Ruby has of them only once in a process, so that it is linked wherever it
 * comes again in a dump: keys of Hashes, names of encodings and of time zones, and Floats of the usual size.
 */
export class Interned {
  readonly #strings = new Map<string, StringNode>()
  readonly #floats = new Map<number, FloatNode>()

  /** A new String. */
  string(string: string | RubyString): StringNode {
    if (typeof string === 'string') return stringNode(encodeUtf8(string), [IS_UTF_8])
    return this.#string(string.binary, string.encoding)
  }

  /** A String that is a key of a Hash, of which Ruby makes a copy of its own; all equal ones are the same. */
  key(string: string | RubyString): StringNode {
    const isText = typeof string === 'string'
    const name = isText ? `key UTF-8 ${encodeUtf8(string)}` : `key ${string.encoding} ${string.binary}`
    return this.#once(name, () => this.string(string))
  }

  /** A new String of bytes. */
  binary(binary: string): StringNode {
    return this.#string(binary, 'ASCII-8BIT')
  }

  /** The abbreviation of a time zone: ASCII wherever it can be. */
  abbreviation(text: string): StringNode {
    const encoding = isAscii(text) ? 'US-ASCII' : 'UTF-8'
    return this.#once(`abbreviation ${text}`, () => this.string(new RubyString(text, encoding)))
  }

  /** The name of an `ActiveSupport::TimeZone`, which is one object for each zone. */
  timeZone(name: string): StringNode {
    return this.#once(`zone ${name}`, () => this.string(name))
  }

  symbol({ string }: RubySymbol): SymbolNode {
    const { binary, encoding } = string
    if (isAscii(binary)) return symbolNode(binary)
    return { kind: 'symbol', name: binary, encoding, variables: this.encoding(encoding) }
  }

  float(number: number): FloatNode {
    const known = isImmediate(number) ? this.#floats.get(number) : undefined
    if (known !== undefined) return known
    const node: FloatNode = { kind: 'float', text: floatText(number) }
    if (isImmediate(number)) this.#floats.set(number, node)
    return node
  }

  /** The variables that tell an encoding. */
  encoding(encoding: string): Variable[] {
    switch (encoding) {
      case 'UTF-8':
        return [IS_UTF_8]
      case 'US-ASCII':
        return [[E, false]]
      case 'ASCII-8BIT':
        return []
      default:
        return [[ENCODING, this.#once(`encoding ${encoding}`, () => this.binary(encoding))]]
    }
  }

  #string(binary: string, encoding: string): StringNode {
    return stringNode(binary, this.encoding(encoding))
  }

  #once(key: string, make: () => StringNode): StringNode {
    const known = this.#strings.get(key)
    if (known !== undefined) return known
    const node = make()
    this.#strings.set(key, node)
    return node
  }
}

const E = symbolNode('E')
const IS_UTF_8: Variable = [E, true]
const ENCODING = symbolNode('encoding')
