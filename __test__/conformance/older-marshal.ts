/** How older Rails and Rubies load Marshal, what they show of it, and what they dump again. */
import { Buffer } from 'node:buffer'
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'
import { typedTree } from '../../src/ruby/typed-tree.ts'
import { marshalFormat } from '../../src/serializers/marshal/marshal.ts'
import { payloadFromBytes } from '../../src/serializers/payload.ts'
import { readDump } from './marshal-dump.ts'
import { canonical, mapTree, nodesIn, pairsOf, type Tagged } from './typed-tree.ts'
import { namesUnknownClass } from './unknown-classes.ts'
import type { MarshalCase, VectorFile } from './vectors.ts'

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
 * which a Hash has a copy; a key that comes again; from 3.0 on, an exception without a backtrace. And Rails: a time in UTC
 * that has one Time for two in 4.2 and 5.0; Parameters in 4.2.
 */
export function changesWhenLoaded(dump: Uint8Array, rails: RailsVersion, ruby: string): boolean {
  const { keys, objects, selfDumped, classes } = readDump(dump)
  const bare = objects.some(({ fields }) => {
    const variables = new Map(fields)
    return variables.has('mesg') && variables.get('bt') === null && !variables.has('bt_locations')
  })
  if (keys.areShared || keys.areRepeated || (bare && !ruby.startsWith('2.'))) return true
  if (rails === '4.2' && classes.some(([, name]) => name === PARAMETERS)) return true
  const sharesTime = selfDumped.some((object) => {
    const [, , local] = object.$ === 'user_marshal' && Array.isArray(object.v) ? (object.v as unknown[]) : []
    return object.class === 'ActiveSupport::TimeWithZone' && (local as Partial<Tagged> | undefined)?.$ === 'again'
  })
  return sharesTime && (rails === '4.2' || rails === '5.0')
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

const ORDERS = new WeakMap<VectorFile, Map<string, string[]>>()
const PARAMETERS = 'ActionController::Parameters'
const INDIFFERENT_ACCESS = 'ActiveSupport::HashWithIndifferentAccess'
