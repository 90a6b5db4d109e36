import { type Branch, fold } from './fold.ts'
import { RubyHash } from './hash.ts'
import type { RubyObjectFields } from './object.ts'
import { RubyString } from './string.ts'
import {
  bytesOf,
  classOf,
  fail,
  listOf,
  type Node,
  type Pairs,
  pairsOf,
  regexpOf,
  stringOf,
  textOf,
  valueOfNode,
} from './typed-node.ts'
import type { TypedTree } from './typed.ts'

/**
 * The Ruby value that a typed tree stands for, for the writers of `rails-session/ruby`.
 *
 * Throws an {@link UnserializableValueError} for what is no tree, and for objects of other classes than those that this
 * package has a class for: no program can name a class for Ruby to create.
 *
 * @example
 * fromTyped({ at: { $: 'symbol', v: 'now' } }) // a RubyHash with a RubySymbol
 */
export function fromTyped(tree: TypedTree): unknown {
  return valueOfTree(tree, ({ kind, className }) => fail(`the tree has a ${kind} of Ruby's class ${className || '?'}`))
}

/**
 * {@link fromTyped}, with what to make of the objects that it refuses. Their `fields`, and the array or the Hash that is
 * their `value`, are filled after they were described.
 */
export function valueOfTree(tree: TypedTree, describe: Describe): unknown {
  const shared = new Map<number, unknown>()
  const visit = (each: unknown, describing: Describe, share: Share): Found => {
    if (typeof each !== 'object' || each === null) return scalar(each)
    if (Array.isArray(each)) return array(each, [], share)
    const node = each as Node
    if (typeof node['$'] !== 'string') return hash(Object.entries(node), new RubyHash(), share)
    switch (node['$']) {
      case 'shared': {
        const register: Share = (value) => void shared.set(Number(node['id']), value)
        if (isTagged(node['v'], 'shared')) return fail('a shared object is shared again')
        // A shared String is an object, which a JavaScript string is not.
        if (typeof node['v'] === 'string') return shareLeaf(new RubyString(node['v']), register)
        const found = visit(node['v'], describing, register)
        if ('leaf' in found) return shareLeaf(found.leaf, register)
        return { children: found.children, build: (results) => shareLeaf(found.build(results), register).leaf }
      }
      case 'ref':
        if (!shared.has(Number(node['id']))) return fail(`ref ${String(node['id'])} stands before what it refers to`)
        return { leaf: shared.get(Number(node['id'])) }
      case 'extended':
        return extended(node, describing, (inner, within) => visit(inner, within, share))
      default:
        return classed(node, describing, share) ?? valueOfNode(node)
    }
  }
  try {
    return fold<unknown>(tree, (each) => visit(each, describe, () => {}))
  } catch (error) {
    // What the classes of values do not take.
    if (error instanceof RangeError || error instanceof TypeError) return fail(error.message)
    throw error
  }
}

type Describe = (fields: RubyObjectFields) => unknown

/** Makes a value known to the references to it. */
type Share = (value: unknown) => void

type Found = { readonly leaf: unknown } | Branch<unknown>

function isTagged(tree: unknown, tag: string): boolean {
  return typeof tree === 'object' && tree !== null && (tree as Node)['$'] === tag
}

function scalar(value: unknown): Found {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return { leaf: value }
    case 'number':
      if (Number.isSafeInteger(value)) return { leaf: value }
      return fail(`number ${value} is no safe integer; floats and big integers have nodes of their own`)
    default:
      return value === null ? { leaf: null } : fail(`a ${typeof value} is no tree`)
  }
}

function shareLeaf(value: unknown, register: Share): { readonly leaf: unknown } {
  register(value)
  return { leaf: value }
}

/** A container that is there before what is in it, which may refer to it. */
function filled(
  container: unknown,
  children: readonly unknown[],
  share: Share,
  fill: (results: readonly unknown[]) => void,
): Found {
  share(container)
  const build = (results: readonly unknown[]): unknown => {
    fill(results)
    return container
  }
  return { children, build }
}

/** `container`: what the elements are put into, if that is not the value itself. */
function array(elements: readonly unknown[], into: unknown[], share: Share, container: unknown = into): Found {
  return filled(container, elements, share, (results) => {
    for (const result of results) into.push(result)
  })
}

function hash(pairs: Pairs, into: RubyHash, share: Share, container: unknown = into): Found {
  return filled(container, pairs.flat(), share, (results) => {
    for (let i = 0; i < pairs.length; i++) into.pairs.push([results[2 * i], results[2 * i + 1]])
  })
}

/** What has a class, or might have one; undefined for other nodes. */
function classed(node: Node, describe: Describe, share: Share): Found | undefined {
  switch (node['$']) {
    case 'hash':
      return taggedHash(node, describe, share)
    case 'object':
    case 'struct':
    case 'string_with_ivars':
      return withFields(node, describe, share)
    case 'user_class': {
      const { v } = node
      const className = classOf(node)
      if (isTagged(v, 'regexp')) return { leaf: describe({ kind: 'regexp', className, value: regexpOf(v as Node) }) }
      if (!Array.isArray(v)) return { leaf: describe({ kind: 'string', className, value: stringOf(v) }) }
      const value: unknown[] = []
      return array(v, value, share, describe({ kind: 'array', className, value }))
    }
    case 'exception': {
      const build = ([value]: readonly unknown[]): unknown =>
        describe({ kind: 'exception', className: classOf(node), value })
      return { children: [node['message']], build }
    }
    case 'user_marshal': {
      const build = ([value]: readonly unknown[]): unknown =>
        describe({ kind: 'user_marshal', className: classOf(node), value })
      return { children: [node['v']], build }
    }
    case 'user_dump': {
      const value = new RubyString(bytesOf(node))
      return { leaf: describe({ kind: 'user_dump', className: classOf(node), value }) }
    }
    case 'class':
    case 'module':
      return { leaf: describe({ kind: node['$'], className: node['v'] === null ? '' : textOf(node, 'v') }) }
    case 'uri':
    case 'ipaddr':
    case 'pathname':
    case 'time_zone':
      return { leaf: describe({ kind: node['$'], value: textOf(node, 'v') }) }
    case 'other':
      return { leaf: describe({ kind: 'other', className: classOf(node) }) }
    default:
      return undefined
  }
}

function taggedHash(node: Node, describe: Describe, share: Share): Found {
  const pairs = pairsOf(node, 'v')
  const { class: className, default: fallback } = node
  const indifferentAccess = className === INDIFFERENT_ACCESS
  const compareByIdentity = node['compare_by_identity'] === true
  const wrap = (value: RubyHash): unknown =>
    className === undefined || indifferentAccess ? value : describe({ kind: 'hash', className: classOf(node), value })
  if (fallback === undefined) {
    const made = new RubyHash([], { indifferentAccess, compareByIdentity })
    return hash(pairs, made, share, wrap(made))
  }
  const build = (results: readonly unknown[]): unknown => {
    const entries = pairs.map((_, i) => [results[2 * i], results[2 * i + 1]] as const)
    return wrap(new RubyHash(entries, { indifferentAccess, compareByIdentity, default: results.at(-1) }))
  }
  return { children: [...pairs.flat(), fallback], build }
}

function withFields(node: Node, describe: Describe, share: Share): Found {
  const named = pairsOf(node, node['$'] === 'struct' ? 'members' : 'ivars')
  const fields: Array<[string, unknown]> = []
  const object =
    node['$'] === 'string_with_ivars'
      ? describe({ kind: 'string', className: 'String', value: stringOf(node['v']), fields })
      : describe({ kind: node['$'] as 'object' | 'struct', className: classOf(node), fields })
  return filled(
    object,
    named.map(([, value]) => value),
    share,
    (results) => {
      for (const [i, [name]] of named.entries()) fields.push([String(name), results[i]])
    },
  )
}

/** A value with modules of its own, which makes an object to describe of everything. */
function extended(node: Node, describe: Describe, visit: (inner: unknown, describe: Describe) => Found): Found {
  if (isTagged(node['v'], 'shared') || isTagged(node['v'], 'extended'))
    return fail('what is extended is no object itself')
  const modules = listOf(node, 'modules').map(String)
  const describeExtended: Describe = (fields) => describe({ ...fields, modules })
  const wrap = (value: unknown): unknown => {
    if (Array.isArray(value)) return describeExtended({ kind: 'array', className: 'Array', value })
    if (value instanceof RubyHash) return describeExtended({ kind: 'hash', className: 'Hash', value })
    if (value instanceof RubyString || typeof value === 'string') {
      return describeExtended({ kind: 'string', className: 'String', value: stringOf(value) })
    }
    return value
  }
  const found = visit(node['v'], describeExtended)
  return 'leaf' in found
    ? { leaf: wrap(found.leaf) }
    : { children: found.children, build: (results) => wrap(found.build(results)) }
}

const INDIFFERENT_ACCESS = 'ActiveSupport::HashWithIndifferentAccess'
