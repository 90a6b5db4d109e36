import { isValidIn } from '../../ruby/valid-bytes.ts'
import { Cursor } from './cursor.ts'
import { encodingIn, encodingOfSymbol, symbolNode } from './encoding-variables.ts'
import {
  arrayNode,
  hashNode,
  instanceNode,
  type MutableNode,
  type Node,
  type ObjectNode,
  regexpNode,
  stringNode,
  structNode,
  type SymbolNode,
  userDumpNode,
  userMarshalNode,
  type Variable,
} from './node.ts'
import { LIMIT_EXCEEDED, refuse } from './refusal.ts'

/** Most objects that are read inside one another. Ruby's own stack ends not far from there. */
export const MAX_DEPTH = 10_000

/**
 * Reads a dump, given one character a byte, by the rules of `marshal.c` of Ruby 3.3; what follows the first object is
 * ignored, as Ruby does. No class is known here: whatever a dump says about one is taken down.
 *
 * Throws a refusal. To be called inside of `attempt`.
 */
export function readNodes(binary: string): Node {
  return new Reader(binary).read()
}

/**
 * Reads one node and hands out the readings of those inside it, so that nothing recurses. A `yield` is a call of
 * `r_object` in marshal.c.
 */
interface Reading<Result = Node> extends Generator<Reading, Result, Node> {}

class Reader {
  readonly #cursor: Cursor
  readonly #symbols: SymbolNode[] = []
  /** By number; undefined for one that is announced, and cannot be linked yet. */
  readonly #objects: Array<ObjectNode | undefined> = []

  constructor(binary: string) {
    this.#cursor = new Cursor(binary)
  }

  read(): Node {
    if (this.#cursor.byte() !== MAJOR || this.#cursor.byte() > MINOR) return refuse()
    const leaf = this.#leaf()
    return leaf === undefined ? run(this.#branch()) : leaf
  }

  /** The next node, if no other is inside it; otherwise undefined, and nothing is read. */
  #leaf(): Node | undefined {
    const cursor = this.#cursor
    const tag = cursor.peek()
    if (!LEAVES.has(tag)) return undefined
    cursor.byte()
    switch (tag) {
      case Tag.NIL:
        return null
      case Tag.TRUE:
        return true
      case Tag.FALSE:
        return false
      case Tag.FIXNUM:
        return cursor.long()
      case Tag.STRING:
        return this.#enter(stringNode(this.#bytes()))
      case Tag.SYMBOL:
        return this.#newSymbol()
      case Tag.SYMBOL_LINK:
        return this.#symbols[cursor.long()] ?? refuse()
      case Tag.LINK:
        return this.#objects[cursor.long()] ?? refuse()
      case Tag.FLOAT:
        return this.#enter({ kind: 'float', text: this.#bytes() })
      case Tag.BIGNUM: {
        const negative = cursor.byte() === MINUS
        // Ruby takes a negative length for none.
        const magnitude = cursor.bytes(2 * Math.max(cursor.long(), 0))
        return this.#enter({ kind: 'bignum', negative, magnitude })
      }
      case Tag.REGEXP:
        return this.#enter(regexpNode(this.#bytes(), cursor.byte()))
      default:
        return this.#enter({ kind: 'module', tag: MODULE_TAGS.get(tag)!, name: this.#bytes() })
    }
  }

  /** `modules`: those that extend what comes, as far as they are read. */
  #branch(modules: SymbolNode[] = []): Reading {
    switch (this.#cursor.byte()) {
      case Tag.IVAR:
        return this.#wrapped(modules)
      case Tag.EXTENDED:
        return this.#extended(modules)
      case Tag.USER_CLASS:
        return this.#subclass(modules)
      case Tag.ARRAY:
        return this.#array()
      case Tag.HASH:
        return this.#hash(false, false)
      case Tag.HASH_DEFAULT:
        return this.#hash(true, false)
      case Tag.STRUCT:
        return this.#struct()
      case Tag.OBJECT:
        return this.#instance()
      case Tag.USER_DUMP:
        return this.#userDump(false)
      case Tag.USER_MARSHAL:
        return this.#userMarshal()
      default:
        return refuse()
    }
  }

  *#wrapped(modules: SymbolNode[]): Reading {
    switch (this.#cursor.peek()) {
      // Those that read what is said about them themselves.
      case Tag.SYMBOL:
        this.#cursor.byte()
        return yield* this.#symbolVariables(this.#newSymbol())
      case Tag.USER_DUMP:
        this.#cursor.byte()
        return yield* this.#userDump(true)
      case Tag.CLASS:
      case Tag.MODULE:
      case Tag.MODULE_OLD:
        return refuse()
    }
    const leaf = this.#leaf()
    const node = leaf === undefined ? yield this.#branch(modules) : leaf
    yield* this.#variables((variable) => setVariable(node, variable))
    return node
  }

  *#extended(modules: SymbolNode[]): Reading {
    modules.push(this.#symbol() ?? (yield* this.#wrappedSymbol()))
    const leaf = this.#leaf()
    const node = leaf === undefined ? yield this.#branch(modules) : leaf
    extend(node, modules)
    return node
  }

  *#subclass(modules: SymbolNode[]): Reading {
    const userClass = this.#symbol() ?? (yield* this.#wrappedSymbol())
    const tag = this.#cursor.peek()
    if (userClass.name === 'Hash' && (tag === Tag.HASH || tag === Tag.HASH_DEFAULT)) {
      this.#cursor.byte()
      return yield* this.#hash(tag === Tag.HASH_DEFAULT, true)
    }
    const leaf = this.#leaf()
    const node = leaf === undefined ? yield this.#branch(modules) : leaf
    if (!canHaveUserClass(node)) return refuse()
    // Ruby keeps the modules in the class, which it replaces here.
    node.modules.length = 0
    node.userClass = userClass
    return node
  }

  *#array(): Reading {
    const length = this.#cursor.count(1)
    const array = this.#enter(arrayNode([]))
    for (let i = 0; i < length; i++) {
      const leaf = this.#leaf()
      array.elements.push(leaf === undefined ? yield this.#branch() : leaf)
    }
    return array
  }

  *#hash(hasDefault: boolean, byIdentity: boolean): Reading {
    const size = this.#cursor.count(2)
    const hash = this.#enter(hashNode(byIdentity))
    for (let i = 0; i < size; i++) {
      const leafKey = this.#leaf()
      const key = leafKey === undefined ? yield this.#branch() : leafKey
      const leaf = this.#leaf()
      hash.pairs.push([key, leaf === undefined ? yield this.#branch() : leaf])
    }
    if (hasDefault) {
      const leaf = this.#leaf()
      hash.fallback = leaf === undefined ? yield this.#branch() : leaf
    }
    return hash
  }

  *#struct(): Reading {
    const number = this.#announce()
    const className = this.#symbol() ?? (yield* this.#wrappedSymbol())
    const size = this.#cursor.count(2)
    const struct = this.#enter(structNode(className), number)
    for (let i = 0; i < size; i++) struct.members.push(yield* this.#variable())
    return struct
  }

  *#instance(): Reading {
    const number = this.#announce()
    const className = this.#symbol() ?? (yield* this.#wrappedSymbol())
    const instance = this.#enter(instanceNode(className), number)
    yield* this.#variables((variable) => {
      if (encodingIn(variable) !== undefined || isKeywordsFlag(variable)) refuse()
      instance.variables.push(variable)
    })
    return instance
  }

  *#userDump(wrapped: boolean): Reading {
    const className = this.#symbol() ?? (yield* this.#wrappedSymbol())
    const node = userDumpNode(className, this.#bytes())
    if (wrapped) {
      yield* this.#variables((variable) => {
        encodingIn(variable)
        if (isKeywordsFlag(variable)) refuse()
        node.variables.push(variable)
      })
    }
    // It takes its number last, when its class has made the object.
    return this.#enter(node)
  }

  *#userMarshal(): Reading {
    const className = this.#symbol() ?? (yield* this.#wrappedSymbol())
    const node = this.#enter(userMarshalNode(className, null))
    const leaf = this.#leaf()
    node.content = leaf === undefined ? yield this.#branch() : leaf
    return node
  }

  /** Instance variables, with their number before them; a negative one is none. */
  *#variables(set: (variable: Variable) => void): Reading<void> {
    const count = this.#cursor.long()
    if (2 * count > this.#cursor.left) refuse()
    for (let i = 0; i < count; i++) set(yield* this.#variable())
  }

  *#variable(): Reading<Variable> {
    const name = this.#symbol() ?? (yield* this.#wrappedSymbol())
    const leaf = this.#leaf()
    return [name, leaf === undefined ? yield this.#branch() : leaf]
  }

  /** Where only a Symbol may stand; undefined for one that is wrapped, of which nothing is read. */
  #symbol(): SymbolNode | undefined {
    switch (this.#cursor.peek()) {
      case Tag.SYMBOL:
      case Tag.SYMBOL_LINK:
        return this.#leaf() as SymbolNode
      case Tag.IVAR:
        return undefined
      default:
        return refuse()
    }
  }

  *#wrappedSymbol(): Reading<SymbolNode> {
    while (this.#cursor.peek() === Tag.IVAR) this.#cursor.byte()
    if (this.#cursor.byte() !== Tag.SYMBOL) return refuse()
    return yield* this.#symbolVariables(this.#newSymbol())
  }

  #newSymbol(): SymbolNode {
    const name = this.#bytes()
    const symbol = symbolNode(name)
    this.#symbols.push(symbol)
    return symbol
  }

  *#symbolVariables(symbol: SymbolNode): Reading<SymbolNode> {
    yield* this.#variables((variable) => {
      encodingIn(variable)
      symbol.variables.push(variable)
    })
    symbol.encoding = encodingOfSymbol(symbol)
    return isValidIn(symbol.name, symbol.encoding) ? symbol : refuse()
  }

  #bytes(): string {
    return this.#cursor.bytes(this.#cursor.long())
  }

  /** Takes a number for an object that is only made when more of it is read. */
  #announce(): number {
    return this.#objects.push(undefined) - 1
  }

  #enter<Entered extends ObjectNode>(node: Entered, number: number = this.#objects.length): Entered {
    this.#objects[number] = node
    return node
  }
}

function run(reading: Reading): Node {
  const readings = [reading]
  let value: Node = null
  for (;;) {
    const step = readings.at(-1)!.next(value)
    if (!step.done) {
      // oxlint-disable-next-line no-throw-literal
      if (readings.push(step.value) > MAX_DEPTH) throw LIMIT_EXCEEDED
      continue
    }
    value = step.value
    readings.pop()
    if (readings.length === 0) return value
  }
}

/** Sets an instance variable of an object that has been read. */
function setVariable(node: Node, variable: Variable): void {
  const encodes = encodingIn(variable) !== undefined
  const flags = isKeywordsFlag(variable)
  if (isModule(node)) {
    // It is the class itself that would be changed.
    if (encodes || flags) refuse()
    return
  }
  if (!isMutable(node) || isFrozen(node)) return refuse()
  if (encodes && node.kind !== 'string' && node.kind !== 'regexp') return refuse()
  if (flags && node.kind !== 'hash') return refuse()
  node.variables.push(variable)
}

/** Extends an object by modules, the last one first, and takes them from the list. */
function extend(node: Node, modules: SymbolNode[]): void {
  if (isMutable(node)) {
    if (isFrozen(node) && modules.length > 0) return refuse()
    while (modules.length > 0) node.modules.push(modules.pop()!)
  } else if (node === null || typeof node === 'boolean' || isModule(node)) {
    modules.length = 0
  } else {
    refuse()
  }
}

/** Whether the class of an object can be changed: not that of Integers, Floats, Symbols, modules and ordinary objects. */
function canHaveUserClass(node: Node): node is MutableNode {
  // What is frozen is no ordinary object either.
  return isMutable(node) && (node.kind !== 'instance' || isFrozen(node))
}

function isMutable(node: Node): node is MutableNode {
  return typeof node === 'object' && node !== null && 'userClass' in node
}

function isModule(node: Node): boolean {
  return typeof node === 'object' && node?.kind === 'module'
}

/** Whether Ruby freezes an object when it has read it. */
function isFrozen(node: MutableNode): boolean {
  return 'className' in node && node.kind !== 'struct' && FROZEN.has(node.className.name)
}

/** Marks the Hash of a method's keyword arguments. */
function isKeywordsFlag([{ name, encoding }]: Variable): boolean {
  return name === 'K' && encoding === 'US-ASCII'
}

const MAJOR = 4
const MINOR = 8
const MINUS = 0x2d

const Tag = {
  NIL: 0x30,
  TRUE: 0x54,
  FALSE: 0x46,
  FIXNUM: 0x69,
  EXTENDED: 0x65,
  USER_CLASS: 0x43,
  OBJECT: 0x6f,
  USER_DUMP: 0x75,
  USER_MARSHAL: 0x55,
  FLOAT: 0x66,
  BIGNUM: 0x6c,
  STRING: 0x22,
  REGEXP: 0x2f,
  ARRAY: 0x5b,
  HASH: 0x7b,
  HASH_DEFAULT: 0x7d,
  STRUCT: 0x53,
  MODULE_OLD: 0x4d,
  CLASS: 0x63,
  MODULE: 0x6d,
  SYMBOL: 0x3a,
  SYMBOL_LINK: 0x3b,
  IVAR: 0x49,
  LINK: 0x40,
} as const

const MODULE_TAGS: ReadonlyMap<number, 'c' | 'm' | 'M'> = new Map([
  [Tag.CLASS, 'c'],
  [Tag.MODULE, 'm'],
  [Tag.MODULE_OLD, 'M'],
])

const LEAVES: ReadonlySet<number> = new Set([
  Tag.NIL,
  Tag.TRUE,
  Tag.FALSE,
  Tag.FIXNUM,
  Tag.STRING,
  Tag.SYMBOL,
  Tag.SYMBOL_LINK,
  Tag.LINK,
  Tag.FLOAT,
  Tag.BIGNUM,
  Tag.REGEXP,
  Tag.CLASS,
  Tag.MODULE,
  Tag.MODULE_OLD,
])

const FROZEN: ReadonlySet<string> = new Set(['Range', 'Rational', 'Complex', 'BigDecimal'])
