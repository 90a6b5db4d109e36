import { isAscii, isAsciiCompatible } from '../../ruby/encoding.ts'
import { encodingIn, symbolNode } from './encoding-variables.ts'
import { integerNode } from './integer.ts'
import { packLong } from './long.ts'
import type { BignumNode, MutableNode, Node, ObjectNode, SymbolNode, Variable } from './node.ts'

/**
 * The dump of a node, one character a byte, as Ruby writes it: what comes again is a link to where it came first.
 */
export function writeNodes(root: Node): string {
  return new Writer().write(root)
}

/** What is left to write: a node, or what can only be written after others. */
type Step = Node | (() => void)

class Writer {
  #binary = '\u0004\u0008'
  /** The next one is the last. */
  readonly #steps: Step[] = []
  /** Numbers of Symbols by what makes them different. */
  readonly #symbols = new Map<string, number>()
  readonly #objects = new Map<ObjectNode, number>()
  /** Large Integers may take a number without being in the table. */
  #objectCount = 0

  write(root: Node): string {
    this.#steps.push(root)
    while (this.#steps.length > 0) {
      const step = this.#steps.pop()!
      if (typeof step === 'function') step()
      else this.#node(step)
    }
    return this.#binary
  }

  #node(node: Node): void {
    if (node === null) this.#binary += '0'
    else if (typeof node === 'boolean') this.#binary += node ? 'T' : 'F'
    else if (typeof node === 'number') this.#integer(node)
    else if (node.kind === 'symbol') this.#symbol(node)
    else if (!this.#link(node)) this.#object(node)
  }

  #integer(integer: number): void {
    const node = integerNode(integer)
    if (typeof node === 'number') {
      this.#binary += 'i' + packLong(node)
    } else {
      this.#objectCount += 1
      this.#bignum(node)
    }
  }

  #bignum({ negative, magnitude }: BignumNode): void {
    this.#binary += (negative ? 'l-' : 'l+') + packLong(magnitude.length / 2) + magnitude
  }

  #symbol(symbol: SymbolNode): void {
    const { name, encoding } = symbol
    // Ruby has one Symbol for a name of ASCII, whatever was said about its encoding.
    const isPlain = isAscii(name) && isAsciiCompatible(encoding)
    const key = isPlain ? name : `${encoding}:${name}`
    const number = this.#symbols.get(key)
    if (number !== undefined) {
      this.#binary += ';' + packLong(number)
      return
    }
    this.#symbols.set(key, this.#symbols.size)
    const last = symbol.variables.at(-1)
    if (isPlain || last === undefined || encodingIn(last) !== encoding) {
      this.#binary += ':' + bytes(name)
      return
    }
    this.#binary += 'I:' + bytes(name) + packLong(1)
    this.#symbol(last[0])
    const value = last[1]
    if (typeof value !== 'object' || value?.kind !== 'string') {
      this.#node(value)
    } else if (!this.#link(value)) {
      // The name of an encoding, of which nothing more can be said.
      this.#remember(value)
      this.#binary += '"' + bytes(value.binary)
    }
  }

  /** Whether an object has come before. */
  #link(node: ObjectNode): boolean {
    const number = this.#objects.get(node)
    if (number === undefined) return false
    this.#binary += '@' + packLong(number)
    return true
  }

  #remember(node: ObjectNode): void {
    this.#objects.set(node, this.#objectCount)
    this.#objectCount += 1
  }

  #object(node: ObjectNode): void {
    switch (node.kind) {
      case 'float':
        this.#remember(node)
        this.#binary += 'f' + bytes(node.text)
        break
      case 'bignum':
        this.#remember(node)
        this.#bignum(node)
        break
      case 'module':
        this.#remember(node)
        this.#binary += node.tag + bytes(node.name)
        break
      default:
        this.#wrapped(node)
    }
  }

  #wrapped(node: MutableNode): void {
    // It takes its number last, when its class has written it.
    if (node.kind === 'userDump') this.#steps.push(() => this.#remember(node))
    else this.#remember(node)
    const { variables, modules, userClass } = node
    const hasVariables = node.kind !== 'instance' && variables.length > 0
    if (hasVariables) this.#binary += 'I'
    for (let i = modules.length - 1; i >= 0; i--) {
      this.#binary += 'e'
      this.#symbol(modules[i]!)
    }
    if (userClass !== null) {
      this.#binary += 'C'
      this.#symbol(userClass)
    }
    if (hasVariables && node.kind !== 'string') this.#steps.push(() => this.#variables(variables))
    this.#body(node)
    // Nothing is between a String and what is said about it.
    if (hasVariables && node.kind === 'string') this.#variables(variables)
  }

  #body(node: MutableNode): void {
    switch (node.kind) {
      case 'string':
        this.#binary += '"' + bytes(node.binary)
        break
      case 'regexp':
        this.#binary += '/' + bytes(node.source) + String.fromCharCode(node.options)
        break
      case 'array':
        this.#binary += '[' + packLong(node.elements.length)
        this.#later(node.elements)
        break
      case 'hash':
        if (node.byIdentity) {
          this.#binary += 'C'
          this.#symbol(HASH)
        }
        this.#binary += (node.fallback === undefined ? '{' : '}') + packLong(node.pairs.length)
        if (node.fallback !== undefined) this.#steps.push(node.fallback)
        this.#laterPairs(node.pairs)
        break
      case 'struct':
        this.#binary += 'S'
        this.#symbol(node.className)
        this.#variables(node.members)
        break
      case 'instance':
        this.#binary += 'o'
        this.#symbol(node.className)
        this.#variables(node.variables)
        break
      case 'userDump':
        this.#binary += 'u'
        this.#symbol(node.className)
        this.#binary += bytes(node.binary)
        break
      case 'userMarshal':
        this.#binary += 'U'
        this.#symbol(node.className)
        this.#steps.push(node.content)
        break
    }
  }

  #variables(variables: readonly Variable[]): void {
    this.#binary += packLong(variables.length)
    this.#laterPairs(variables)
  }

  #later(nodes: readonly Node[]): void {
    for (let i = nodes.length - 1; i >= 0; i--) this.#steps.push(nodes[i]!)
  }

  #laterPairs(pairs: ReadonlyArray<readonly [Node, Node]>): void {
    for (let i = pairs.length - 1; i >= 0; i--) this.#steps.push(pairs[i]![1], pairs[i]![0])
  }
}

/** Bytes with their number before them. */
function bytes(binary: string): string {
  return packLong(binary.length) + binary
}

const HASH = symbolNode('Hash')
