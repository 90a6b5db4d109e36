import { isAscii } from '../../ruby/encoding.ts'
import { type Identities, withoutDuplicates } from '../../ruby/eql.ts'
import { RubyObject } from '../../ruby/object.ts'
import type { RubyString } from '../../ruby/string.ts'
import { floatOf } from './float.ts'
import { integerOf } from './integer.ts'
import type { HashNode, Node } from './node.ts'

/** The pairs that Ruby keeps of those in a dump. `results`: the values of the keys and values, in turns. */
export function pairsOf(
  { pairs, byIdentity }: HashNode,
  results: readonly unknown[],
  identities: Identities,
): Array<readonly [unknown, unknown]> {
  const identify = byIdentity ? objectIdentity : simpleIdentity
  const found = new Map<unknown, [unknown, unknown]>()
  for (let i = 0; i < pairs.length; i++) {
    const identity = identify(pairs[i]![0])
    if (identity === undefined) {
      const entries = pairs.map((_, at) => [ownKey(results[2 * at]), results[2 * at + 1]] as const)
      return withoutDuplicates(entries, identities)
    }
    const [key, value] = [results[2 * i], results[2 * i + 1]]
    const known = found.get(identity)
    if (known === undefined) found.set(identity, [key, value])
    else known[1] = value
  }
  return [...found.values()]
}

/** A text that is equal for equal keys, of those kinds that nearly all are; undefined for others. */
function simpleIdentity(key: Node): string | number | undefined {
  if (typeof key === 'number') return key
  if (typeof key !== 'object' || key === null) return String(key)
  if (key.kind === 'symbol') return isAscii(key.name) ? `:${key.name}` : undefined
  const isSimple = key.kind === 'string' && key.userClass === null && key.modules.length === 0
  if (!isSimple || !isAscii(key.binary) || key.variables.length > 1) return undefined
  // Texts of ASCII are equal whatever their encoding, but for a few that have other bytes for it.
  return key.variables.every(([, value]) => typeof value === 'boolean') ? `"${key.binary}` : undefined
}

/** A Hash makes its own copies of Strings, without instance variables and modules. */
function ownKey(key: unknown): unknown {
  const isString = key instanceof RubyObject && key.kind === 'string' && key.className === 'String'
  return isString ? (key.value as RubyString) : key
}

/** What makes a key the same object: most Integers and Floats are no objects, and Symbols are one for each name. */
function objectIdentity(key: Node): unknown {
  if (typeof key !== 'object' || key === null) return key
  switch (key.kind) {
    case 'symbol':
      return `${key.encoding} ${key.name}`
    case 'bignum': {
      const integer = integerOf(key)
      return integer >= -LARGE && integer < LARGE ? integer : key
    }
    case 'float': {
      const number = floatOf(key.text)
      return isImmediate(number) ? `float ${number}` : key
    }
    default:
      return key
  }
}

/** Whether a Float is no object on a machine of 64 bits: its exponent has one of the usual values. */
export function isImmediate(float: number): boolean {
  const size = Math.abs(float)
  return Object.is(float, 0) || (size >= 2 ** -255 && size < 2 ** 257 && float !== 2 ** -255)
}

/** From here on Integers are objects on a machine of 64 bits. */
const LARGE = 2n ** 62n
