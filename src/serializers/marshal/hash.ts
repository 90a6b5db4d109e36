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
  if (!byIdentity) {
    const entries = pairs.map((_, i) => [ownKey(results[2 * i]), results[2 * i + 1]] as const)
    return withoutDuplicates(entries, identities)
  }
  const found = new Map<unknown, [unknown, unknown]>()
  for (const [i, [key]] of pairs.entries()) {
    const identity = identityOf(key)
    const known = found.get(identity)
    if (known === undefined) found.set(identity, [results[2 * i], results[2 * i + 1]])
    else known[1] = results[2 * i + 1]
  }
  return [...found.values()]
}

/** A Hash makes its own copies of Strings, without instance variables and modules. */
function ownKey(key: unknown): unknown {
  const isString = key instanceof RubyObject && key.kind === 'string' && key.className === 'String'
  return isString ? (key.value as RubyString) : key
}

/** What makes a key the same object: most Integers and Floats are no objects, and Symbols are one for each name. */
function identityOf(key: Node): unknown {
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
