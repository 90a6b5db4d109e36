import { encodingName, isAscii } from '../../ruby/encoding.ts'
import type { Node, SymbolNode, Variable } from './node.ts'
import { refuse } from './refusal.ts'

/**
 * The encoding that an instance variable tells, by Ruby's name: `E` is true for UTF-8 and false for US-ASCII, `encoding`
 * has a name. Undefined for any other variable, and for names that Ruby does not know.
 */
export function encodingIn([{ name, encoding }, value]: Variable): string | undefined {
  if (encoding !== 'US-ASCII') return undefined
  if (name === 'E') return typeof value === 'boolean' ? (value ? 'UTF-8' : 'US-ASCII') : undefined
  return name === 'encoding' ? encodingName(cString(value)) : undefined
}

/** The encoding of a String or Regexp by its instance variables; the last one counts. */
export function encodingOf(variables: readonly Variable[]): string {
  let encoding = BINARY
  for (const variable of variables) encoding = encodingIn(variable) ?? encoding
  return encoding
}

/** The encoding of a Symbol: what its last variable tells, but for binary. */
export function encodingOfSymbol({ name, variables }: SymbolNode): string {
  const last = variables.at(-1)
  const told = last === undefined ? undefined : encodingIn(last)
  if (told !== undefined && told !== BINARY) return told
  return isAscii(name) ? 'US-ASCII' : BINARY
}

/** A Symbol that nothing is said about. */
export function symbolNode(name: string): SymbolNode {
  return { kind: 'symbol', name, encoding: isAscii(name) ? 'US-ASCII' : BINARY, variables: [] }
}

/** A text that Ruby passes to C, which ends at a NUL. A character that is one is refused. */
function cString(value: Node): string {
  if (typeof value !== 'object' || value?.kind !== 'string') return refuse()
  const { binary } = value
  const size = CHARACTER_SIZES.get(encodingOf(value.variables)) ?? 1
  const nul = '\0'.repeat(size)
  for (let at = binary.indexOf(nul); at !== -1; at = binary.indexOf(nul, at + 1)) if (at % size === 0) return refuse()
  const end = binary.indexOf('\0')
  return end === -1 ? binary : binary.slice(0, end)
}

const CHARACTER_SIZES: ReadonlyMap<string, number> = new Map([
  ['UTF-16', 2],
  ['UTF-16BE', 2],
  ['UTF-16LE', 2],
  ['UTF-32', 4],
  ['UTF-32BE', 4],
  ['UTF-32LE', 4],
])
const BINARY = 'ASCII-8BIT'
