import { Identities } from '../../ruby/eql.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { type Branch, fold } from '../../ruby/fold.ts'
import { RubyHash, setDefault } from '../../ruby/hash.ts'
import { completeObject, makeObject, type RubyObject, type RubyObjectFields } from '../../ruby/object.ts'
import { RubyString } from '../../ruby/string.ts'
import { RubySymbol } from '../../ruby/symbol.ts'
import { safeBufferOf } from './active-support.ts'
import { encodingOf } from './encoding-variables.ts'
import { isException, messageOf } from './exception.ts'
import { floatOf } from './float.ts'
import { pairsOf } from './hash.ts'
import { integerOf } from './integer.ts'
import { Description, OF_BYTES, OF_CONTENT, OF_VARIABLES, type Variables } from './known-classes.ts'
import { isShown, moduleNames, nameText, symbolString } from './names.ts'
import {
  type ArrayNode,
  classNameOf,
  type HashNode,
  type InstanceNode,
  type MutableNode,
  type Node,
  type RegexpNode,
  type StringNode,
  type UserDumpNode,
  type UserMarshalNode,
  type Variable,
} from './node.ts'
import { MarshalOrigin } from './origin.ts'
import { CYCLIC } from './refusal.ts'
import { regexpOf } from './regexp.ts'

/**
 * The lossless Ruby value of a node: one node, one object, also where it is inside itself. Of classes that are not known there
 * are descriptions. `authentic`: see {@link MarshalOrigin}.
 *
 * Throws a refusal where a class refuses what was dumped for it, and `cyclic` for an object inside itself that JavaScript
 * cannot make so, such as a Range.
 */
export function valueOf(root: Node, authentic: boolean): unknown {
  const values = new Values(authentic)
  return fold<unknown>(root, (node) => values.visit(node as Node))
}

type Found = { readonly leaf: unknown } | Branch<unknown>

class Values {
  readonly #authentic: boolean
  readonly #identities = new Identities()
  /** The values of nodes, from when they may be referred to. */
  readonly #values = new Map<Node, unknown>()
  /** Nodes whose values can only be made when those of what is in them are there. */
  readonly #waiting = new Set<Node>()

  constructor(authentic: boolean) {
    this.#authentic = authentic
  }

  visit(node: Node): Found {
    if (typeof node !== 'object' || node === null) return { leaf: node }
    const known = this.#values.get(node)
    if (known !== undefined) return { leaf: known }
    // oxlint-disable-next-line no-throw-literal
    if (this.#waiting.has(node)) throw CYCLIC
    switch (node.kind) {
      case 'symbol':
        return this.#leaf(node, new RubySymbol(symbolString(node)))
      case 'float':
        return this.#leaf(node, new RubyFloat(floatOf(node.text)))
      case 'bignum':
        return this.#leaf(node, integerOf(node))
      case 'module': {
        const fields: RubyObjectFields = { kind: node.tag === 'c' ? 'class' : 'module', className: nameText(node.name) }
        return this.#leaf(node, makeObject(fields, new MarshalOrigin(node, this.#authentic)))
      }
      case 'string':
        return this.#string(node)
      case 'regexp':
        return this.#regexp(node)
      case 'array':
        return this.#array(node)
      case 'hash':
        return this.#hash(node)
      case 'struct':
        return this.#described(node, { kind: 'struct' }, node.members, [], () => {})
      case 'instance':
        return this.#instance(node)
      case 'userDump':
        return this.#userDump(node)
      case 'userMarshal':
        return this.#userMarshal(node)
    }
  }

  #string(node: StringNode): Found {
    const { variables } = node
    const string = RubyString.fromBinary(node.binary, encodingOf(variables))
    const className = classNameOf(node)
    if (className === SAFE_BUFFER) return this.#later(node, [], (_, named) => safeBufferOf(string, named))
    const shown = className === 'String' ? variables.filter(isShown) : []
    if (className === 'String' && shown.length === 0 && node.modules.length === 0) {
      return variables.every(isSimple) ? this.#leaf(node, string) : this.#later(node, [], () => string)
    }
    return this.#described(node, { kind: 'string', value: string }, shown, [], () => {})
  }

  #regexp(node: RegexpNode): Found {
    return this.#later(node, [], () => {
      const regexp = regexpOf(node)
      return classNameOf(node) === 'Regexp' ? regexp : this.#object(node, { kind: 'regexp', value: regexp })
    })
  }

  #array(node: ArrayNode): Found {
    const array: unknown[] = []
    const fill = (results: readonly unknown[]): void => {
      for (const result of results) array.push(result)
    }
    return isPlain(node)
      ? this.#filled(node, array, node.elements, fill)
      : this.#described(node, { kind: 'array', value: array }, [], node.elements, fill)
  }

  #hash(node: HashNode): Found {
    const isIndifferent = INDIFFERENT_ACCESS.has(classNameOf(node))
    const options = { indifferentAccess: isIndifferent, compareByIdentity: node.byIdentity }
    const hash = new RubyHash([], options)
    const content = node.fallback === undefined ? node.pairs.flat() : [...node.pairs.flat(), node.fallback]
    const fill = (results: readonly unknown[]): void => {
      for (const pair of pairsOf(node, results, this.#identities)) hash.pairs.push(pair)
      if (node.fallback !== undefined) setDefault(hash, results.at(-1))
    }
    return isPlain(node) || (isIndifferent && node.modules.length === 0)
      ? this.#filled(node, hash, content, fill)
      : this.#described(node, { kind: 'hash', value: hash }, [], content, fill)
  }

  #instance(node: InstanceNode): Found {
    const className = nameText(node.className.name)
    const elements = className === 'Set' ? elementsOf(node) : undefined
    if (elements !== undefined) {
      const set = new Set<unknown>()
      return this.#filled(node, set, [elements], ([hash]) => {
        for (const [key] of (hash as RubyHash).pairs) set.add(key)
      })
    }
    const known = OF_VARIABLES.get(className)
    if (known !== undefined) return this.#known(node, [], (_, variables) => known(variables, className))
    if (!isException(node))
      return this.#described(node, { kind: 'object' }, node.variables.filter(isShown), [], () => {})
    const mesg = node.variables.findLast(([{ name }]) => name === 'mesg')?.[1] ?? null
    return this.#described(node, { kind: 'exception' }, [], [mesg], ([message], object) => {
      completeObject(object, messageOf(message, className))
    })
  }

  #userDump(node: UserDumpNode): Found {
    const known = OF_BYTES.get(nameText(node.className.name))
    if (known !== undefined) return this.#known(node, [], (_, variables) => known(node.binary, variables))
    const value = RubyString.fromBinary(node.binary, encodingOf(node.variables))
    return this.#described(node, { kind: 'user_dump', value }, [], [], () => {})
  }

  #userMarshal(node: UserMarshalNode): Found {
    const className = nameText(node.className.name)
    const known = OF_CONTENT.get(className)
    if (known !== undefined) return this.#known(node, [node.content], ([content]) => known(content, className))
    return this.#described(node, { kind: 'user_marshal' }, [], [node.content], ([content], object) => {
      completeObject(object, content)
    })
  }

  /** An object of a class that is known. One that is not as the class makes it is told as it was dumped. */
  #known(
    node: InstanceNode | UserDumpNode | UserMarshalNode,
    content: readonly Node[],
    make: (results: readonly unknown[], variables: Variables) => unknown,
  ): Found {
    return this.#later(node, content, (results, variables) => {
      const made = make(results, variables)
      if (made instanceof Description) return this.#object(node, made.fields)
      if (made !== undefined) return made
      if (node.kind === 'userMarshal') return this.#object(node, { kind: 'user_marshal', value: results[0] })
      const fields = node.variables.filter(isShown).map(([{ name }]) => nameText(name))
      return this.#object(node, { kind: 'object', fields: fields.map((name) => [name, variables.get(name)]) })
    })
  }

  /** A RubyObject that is there before what is in it. `shown`: its fields; `content`: what `fill` gets the values of. */
  #described(
    node: MutableNode,
    description: RubyObjectFields,
    shown: readonly Variable[],
    content: readonly Node[],
    fill: (results: readonly unknown[], object: RubyObject) => void,
  ): Found {
    const fields: Array<[string, unknown]> = []
    const object = this.#object(node, { ...description, fields })
    return this.#filled(node, object, [...content, ...shown.map(([, value]) => value)], (results) => {
      fill(results.slice(0, content.length), object)
      const named = new Map(shown.map(([{ name }], i) => [nameText(name), results[content.length + i]]))
      for (const field of named) fields.push(field)
    })
  }

  #object(node: MutableNode, description: RubyObjectFields): RubyObject {
    const fields = { className: nameText(classNameOf(node)), modules: moduleNames(node), ...description }
    return makeObject(fields, new MarshalOrigin(node, this.#authentic))
  }

  #leaf(node: Node, value: unknown): Found {
    this.#values.set(node, value)
    return { leaf: value }
  }

  /** A value that is there before what is in it, which may refer to it. */
  #filled(
    node: MutableNode,
    value: unknown,
    content: readonly Node[],
    fill: (results: readonly unknown[]) => void,
  ): Found {
    this.#values.set(node, value)
    const children = node.variables.length === 0 ? content : [...content, ...node.variables.map(([, each]) => each)]
    const build = (results: readonly unknown[]): unknown => {
      fill(results.length === content.length ? results : results.slice(0, content.length))
      return value
    }
    return { children, build }
  }

  /** A value that is made of the values of what is in it. */
  #later(
    node: MutableNode,
    content: readonly Node[],
    make: (results: readonly unknown[], variables: Variables) => unknown,
  ): Found {
    this.#waiting.add(node)
    const { variables } = node
    const build = (results: readonly unknown[]): unknown => {
      const named = new Map(variables.map(([{ name }], i) => [nameText(name), results[content.length + i]]))
      const value = make(results, named)
      this.#waiting.delete(node)
      this.#values.set(node, value)
      return value
    }
    return { children: [...content, ...variables.map(([, each]) => each)], build }
  }
}

/** The Hash whose keys are the elements of a Set; undefined if there is none. */
function elementsOf(set: InstanceNode): HashNode | undefined {
  const hash = set.variables.findLast(([{ name }]) => name === '@hash')?.[1]
  return typeof hash === 'object' && hash?.kind === 'hash' && isPlain(hash) ? hash : undefined
}

/** Whether an Array or Hash is of the class itself, and extended by nothing. */
function isPlain(node: ArrayNode | HashNode): boolean {
  return node.modules.length === 0 && classNameOf(node) === (node.kind === 'array' ? 'Array' : 'Hash')
}

/** A variable in which nothing can be refused. */
function isSimple([, value]: Variable): boolean {
  return typeof value !== 'object' || value?.kind === 'string'
}

const SAFE_BUFFER = 'ActiveSupport::SafeBuffer'
/** Its name, and the one that Rails 2 knew it by. */
const INDIFFERENT_ACCESS: ReadonlySet<string> = new Set([
  'ActiveSupport::HashWithIndifferentAccess',
  'HashWithIndifferentAccess',
])
