/**
 * Over what Ruby refuses a dump although it is whole: a class that it does not have, or has otherwise. And how older Rails
 * load Marshal, and what they show of it.
 */
import { Buffer } from 'node:buffer'
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'
import { typedTree } from '../../src/ruby/typed-tree.ts'
import { marshalFormat } from '../../src/serializers/marshal/marshal.ts'
import { payloadFromBytes } from '../../src/serializers/payload.ts'
import { readDump } from './marshal-dump.ts'
import { canonical, mapTree, nodesIn, pairsOf, type Tagged } from './typed-tree.ts'
import type { Expectation, MarshalCase, VectorFile } from './vectors.ts'

/**
 * Whether an exception is about a class in a dump, which has to name that class: it is not there, is of another kind, has
 * other members, is frozen, or does not take what the dump has for it.
 */
export function refusesClass({ reason = '', message = '' }: Expectation, dump: Uint8Array): boolean {
  const { classes } = readDump(dump)
  const types = new Set(classes.map(([type]) => type))
  if (message === 'dump format error') return types.has('o')
  if (message === 'dump format error (user class)') return types.has('C')
  if (message === 'string contains null byte') return classes.some(([, name]) => name.includes('\0'))
  // A class that is there, and cannot make anything of what it is given.
  if (reason === 'NoMethodError') return types.size > 0
  const named = CLASS_ERRORS.map((pattern) => pattern.exec(message)?.[1]).find((name) => name !== undefined)
  if (named === undefined) return false
  const name = letters(named.replaceAll(ESCAPE, '')).replace(/:+$/, '')
  // A constant may be told without its namespace.
  return classes.some(([, each]) => [each, ...each.split('::')].some((part) => letters(part).startsWith(name)))
}

/**
 * What an older Rails shows of what a dump says, where that is something else: Durations of 3.2 to 4.1 pass everything on to
 * their number, and so hide their parts; Parameters of 4.2 make Parameters of the Hashes that are looked at.
 */
export function olderView(tree: unknown, rails: RailsVersion): unknown {
  if (rails === '4.2') return withParameters(tree)
  if (atLeast(rails, '4.2')) return null
  return mapTree(tree, (node) => (node.$ === 'duration' ? { ...node, parts: [] } : undefined))
}

function withParameters(tree: unknown): unknown {
  const inside = (node: Tagged): unknown => {
    return node['class'] === INDIFFERENT_ACCESS
      ? { ...node, class: PARAMETERS, v: mapTree(node['v'], inside) }
      : undefined
  }
  return mapTree(tree, (node) =>
    node['class'] === PARAMETERS ? { ...node, v: mapTree(node['v'], inside) } : undefined,
  )
}

/** Whether Ruby refuses a large Integer of a length below zero, which 3.3 takes for 0. */
export function refusesLength(dump: Uint8Array, ruby: string): boolean {
  return readDump(dump).hasNegativeLength && !hasShapes(ruby)
}

/**
 * The tree as a Ruby before 3.2 tells it: the instance variables of an object in the order in which its class first had
 * them. `file`: all that was loaded in that process, as far as it is known. Null where it tells the same.
 */
export function inOrderOfClasses(tree: unknown, file: VectorFile): unknown {
  if (hasShapes(file.ruby)) return null
  const orders = ordersOf(file)
  const ordered = (node: Tagged): unknown => {
    if (node.$ !== 'object') return undefined
    const order = orders.get(String(node['class'])) ?? []
    const place = ([name]: readonly [string, unknown]): number => order.indexOf(name)
    const variables = node['ivars'] as Array<readonly [string, unknown]>
    const inside = variables.map(([name, value]) => [name, mapTree(value, ordered)] as const)
    return { ...node, ivars: inside.toSorted((a, b) => place(a) - place(b)) }
  }
  return mapTree(tree, ordered)
}

/** The instance variables of each class, in the order in which the dumps of a file have them. */
function ordersOf(file: VectorFile): ReadonlyMap<string, readonly string[]> {
  let orders = ORDERS.get(file)
  if (orders !== undefined) return orders
  orders = new Map()
  for (const { bytes_base64: bytes } of file.cases as readonly MarshalCase[]) {
    for (const { class: name, fields } of readDump(Buffer.from(bytes, 'base64')).objects) {
      const order = orders.get(name) ?? []
      orders.set(name, order)
      for (const [variable] of fields) if (!order.includes(variable)) order.push(variable)
    }
  }
  ORDERS.set(file, orders)
  return orders
}

/** From 3.2 on, every object has an order of its own. */
function hasShapes(ruby: string): boolean {
  return !/^(?:2|3\.[01])\./.test(ruby)
}

/**
 * Whether Ruby changes an object when it loads it, and so dumps it otherwise than it was: a String that is also a key, of
 * which a Hash has a copy; a key that comes again; from 3.0 on, an exception without a backtrace. In Rails, a time in UTC of 4.2 and 5.0, which has
 * one Time for two; Parameters of 4.2.
 */
export function changesWhenLoaded(dump: Uint8Array, rails: RailsVersion, ruby: string): boolean {
  const { sharesKey, repeatsKey, objects, selfDumped, classes } = readDump(dump)
  const bare = objects.some(({ fields }) => {
    const variables = new Map(fields)
    return variables.has('mesg') && variables.get('bt') === null && !variables.has('bt_locations')
  })
  if (sharesKey || repeatsKey || (bare && !ruby.startsWith('2.'))) return true
  if (rails === '4.2' && classes.some(([, name]) => name === PARAMETERS)) return true
  const sharesTime = selfDumped.some((object) => {
    const [, , local] = object.$ === 'user_marshal' && Array.isArray(object.v) ? (object.v as unknown[]) : []
    return object.class === 'ActiveSupport::TimeWithZone' && (local as Partial<Tagged> | undefined)?.$ === 'again'
  })
  return sharesTime && (rails === '4.2' || rails === '5.0')
}

/**
 * The tree as a Ruby tells it that has some classes of exceptions: in a dump without a message, nothing shows that they are.
 * `expected`: what it told.
 */
export function withExceptions(tree: unknown, expected: unknown): unknown {
  const classes = new Set(nodesIn(expected, 'exception').map((node) => node['class']))
  return mapTree(tree, (node) => {
    const name = node['class']
    const isOne = node.$ === 'object' && classes.has(name) && !KNOWN_CLASS.test(String(name))
    return isOne ? { $: 'exception', class: name, message: name } : undefined
  })
}

/** Whether every Duration in a tree has the parts that its dump says. */
export function hasDumpedParts(tree: unknown, dump: Uint8Array): boolean {
  const dumped = readDump(dump).objects.filter((object) => object.class === 'ActiveSupport::Duration')
  const parts = new Set(dumped.map(({ fields }) => canonical(partsOf(fields.find(([name]) => name === '@parts')?.[1]))))
  return nodesIn(tree, 'duration').every((duration) => parts.has(canonical(duration['parts'])))
}

/** Whether there is a Duration in a tree of which the parts are seen. */
export function showsParts(tree: unknown): boolean {
  return nodesIn(tree, 'duration').some((duration) => (duration['parts'] as unknown[]).length > 0)
}

/** Pairs of a Symbol and a number, in an Array or a Hash. */
function partsOf(value: unknown): unknown {
  const pairs = Array.isArray(value) ? (value as Array<readonly [unknown, unknown]>) : pairsOf(value)
  return pairs.map(([unit, count]) => [(unit as Partial<Tagged>)['v'], count])
}

/**
 * `Marshal.load` in a process that has no classes but those of Rails. Other minor versions than 4.8 count, too: 7.1 was
 * the first to look at the version before.
 */
export function loadOlderMarshal(
  payload: Buffer,
  railsVersion: RailsVersion,
): { readonly typed: unknown } | { readonly raised: 'TypeError' | 'another exception' } {
  const [major, minor = 0] = payload
  if (payload.length < 2) return { raised: 'another exception' }
  if (major !== 4 || minor > 8) return { raised: 'TypeError' }
  const read = marshalFormat({ railsVersion }).read(
    payloadFromBytes(Buffer.concat([Buffer.of(4, 8), payload.subarray(2)])),
  )
  return read.ok && !namesUnknownClass(payload) ? { typed: typedTree(read.value) } : { raised: 'another exception' }
}

/** Whether a dump names a class that no Rails has. */
export function namesUnknownClass(dump: Uint8Array): boolean {
  return readDump(dump).classes.some(([, name]) => !KNOWN_CLASS.test(name))
}

/** What of a name survives `String#inspect`, quotes and all. */
function letters(name: string): string {
  return name.replaceAll(/[^\w:]/g, '')
}

const ORDERS = new WeakMap<VectorFile, Map<string, string[]>>()
const PARAMETERS = 'ActionController::Parameters'
const INDIFFERENT_ACCESS = 'ActiveSupport::HashWithIndifferentAccess'
const KNOWN_CLASS =
  /^(?:(?:ActiveSupport|ActionDispatch|ActionController|URI)::[\w:]+|Object|BasicObject|Kernel|Comparable|Enumerable|String|Symbol|Array|Hash|Struct|Integer|Float|Numeric|BigDecimal|Rational|Complex|Range|Regexp|Set|Time|Date|DateTime|Pathname|IPAddr|Exception|[A-Z]\w*Error)$/
const CLASS_ERRORS: readonly RegExp[] = [
  /^undefined class\/module (.*)$/s,
  /^uninitialized constant (.*)$/s,
  /^wrong constant name (.*)$/s,
  /^(.*) does not refer to (?:class|module|class\/module)$/s,
  /^struct (.*) not compatible/s,
  /^prepended class (.*) differs from class/s,
  /^can't retrieve anonymous class (.*)$/s,
  /^class (.*) needs to have (?:instance )?method/s,
  /^instance of (.*) needs to have method/s,
  /^allocator undefined for (.*)$/s,
]
const ESCAPE = /\\(?:x[0-9A-Fa-f]{2}|u\{?[0-9A-Fa-f]+\}?|.)/g
