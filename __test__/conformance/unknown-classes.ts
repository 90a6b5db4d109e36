/** Over what Ruby refuses a dump although it is whole: a class that it does not have, or has otherwise. */
import { readDump } from './marshal-dump.ts'
import { mapTree, nodesIn } from './typed-tree.ts'
import type { Expectation } from './vectors.ts'

/**
 * Whether an exception is about a class in a dump, which has to name that class: it is not there, is of another kind, has
 * other members, or cannot make anything of what the dump has for it. `ours`: what we make of the dump.
 */
export function refusesClass({ reason = '', message = '' }: Expectation, dump: Uint8Array, ours: unknown): boolean {
  const { classes } = readDump(dump)
  const types = new Set(classes.map(([type]) => type))
  if (message === 'dump format error') return types.has('o')
  if (message === 'dump format error (user class)') return types.has('C')
  if (message === 'string contains null byte') return classes.some(([, name]) => name.includes('\0'))
  if (reason === 'NoMethodError') return nodesIn(ours, ...READ_BY_CLASS).length > 0
  const named = CLASS_ERRORS.map((pattern) => pattern.exec(message)?.[1]).find((name) => name !== undefined)
  if (named === undefined) return false
  const name = letters(named.replaceAll(ESCAPE, '')).replace(/:+$/, '')
  // A constant may be told without its namespace.
  return classes.some(([, each]) => [each, ...each.split('::')].some((part) => letters(part).startsWith(name)))
}

/** Whether a dump names a class that no Rails has. */
export function namesUnknownClass(dump: Uint8Array): boolean {
  return readDump(dump).classes.some(([, name]) => !KNOWN_CLASS.test(name))
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

/** What of a name survives `String#inspect`, quotes and all. */
function letters(name: string): string {
  return name.replaceAll(/[^\w:]/g, '')
}

const KNOWN_CLASS =
  /^(?:(?:ActiveSupport|ActionDispatch|ActionController|URI)::[\w:]+|Object|BasicObject|Kernel|Comparable|Enumerable|String|Symbol|Array|Hash|Struct|Integer|Float|Numeric|BigDecimal|Rational|Complex|Range|Regexp|Set|Time|Date|DateTime|Pathname|IPAddr|Exception|[A-Z]\w*Error)$/
/** The nodes of what a class of Ruby's makes itself of a dump, which may fail on the way. */
const READ_BY_CLASS = ['object', 'user_dump', 'user_marshal', 'time_with_zone']
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
