import { Buffer } from 'node:buffer'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MarshalDump } from '../../src/ruby/index.ts'
import { type Outcome, outcome, show } from './outcome.ts'

/** Dumps of ruby/spec and of an Elixir library: each is read, and written again byte for byte. */
export function marshalSuite(folder: string): Outcome[] {
  return [...rubySpec(join(folder, 'marshal/ruby-spec')), ...exMarshal(join(folder, 'marshal/ex_marshal-fixtures'))]
}

interface SpecDump {
  readonly name: string
  readonly group: string
  readonly hex: string
  /** What Ruby says of it. */
  readonly class: string
  readonly inspect: string
  /** Why Ruby refuses it; then there is nothing else. */
  readonly error?: string
}

function rubySpec(folder: string): Outcome[] {
  const dumps = JSON.parse(readFileSync(join(folder, 'marshal_data.json'), 'utf8')) as SpecDump[]
  return dumps.map((dump) => {
    const bytes = Buffer.from(dump.hex, 'hex')
    const id = `ruby/spec ${dump.group} ${dump.name}`
    if (dump.error !== undefined) {
      return outcome(id, MarshalDump.parse(bytes).ok ? `accepted: ${dump.error}` : null, 'Ruby refuses it as well')
    }
    const problem = rewritten(bytes) ?? otherClass(MarshalDump.parse(bytes), dump)
    return outcome(id, problem)
  })
}

function exMarshal(folder: string): Outcome[] {
  const fixtures = join(folder, 'test/fixtures')
  return readdirSync(fixtures).map((name) =>
    outcome(`ex_marshal ${name}`, rewritten(readFileSync(join(fixtures, name)))),
  )
}

function rewritten(bytes: Uint8Array): string | null {
  const dump = MarshalDump.parse(bytes)
  if (!dump.ok) return `refused: ${dump.reason}`
  dump.value.typed()
  const again = Buffer.from(dump.value.bytes())
  return again.equals(bytes) ? null : `written again as ${again.toString('hex').slice(0, 100)}`
}

function otherClass(dump: ReturnType<typeof MarshalDump.parse>, { class: name, inspect }: SpecDump): string | null {
  if (!dump.ok) return dump.reason
  const tree = dump.value.typed()
  const found = classOf(tree)
  if (found !== name) return `a ${found}, not a ${name}: ${show(tree)}`
  const text = inspectOf(tree)
  return text === null || text === inspect ? null : `is ${text}, not ${inspect}`
}

/** Ruby's class of a typed tree. */
function classOf(tree: unknown): string {
  switch (typeof tree) {
    case 'string':
      return 'String'
    case 'number':
      return 'Integer'
    case 'boolean':
      return tree ? 'TrueClass' : 'FalseClass'
    default:
      if (tree === null) return 'NilClass'
      if (Array.isArray(tree)) return 'Array'
  }
  const { $: kind, class: name, v } = tree as { $?: unknown; class?: string; v?: unknown }
  if (typeof kind !== 'string') return 'Hash'
  if (kind === 'shared' || kind === 'extended' || kind === 'string_with_ivars') return classOf(v)
  return name ?? CLASSES.get(kind) ?? kind
}

/** What `inspect` gives for simple values; null for others. */
function inspectOf(tree: unknown): string | null {
  if (tree === null) return 'nil'
  if (typeof tree === 'number' || typeof tree === 'boolean') return String(tree)
  if (typeof tree === 'string') return /^[\w .]*$/.test(tree) ? `"${tree}"` : null
  const { $: kind, v } = tree as { $?: unknown; v?: unknown }
  return kind === 'int' || kind === 'float' || kind === 'class' || kind === 'module' ? String(v) : null
}

const CLASSES: ReadonlyMap<string, string> = new Map([
  ['int', 'Integer'],
  ['float', 'Float'],
  ['symbol', 'Symbol'],
  ['string', 'String'],
  ['hash', 'Hash'],
  ['range', 'Range'],
  ['regexp', 'Regexp'],
  ['class', 'Class'],
  ['module', 'Module'],
  ['rational', 'Rational'],
  ['complex', 'Complex'],
  ['time', 'Time'],
  ['set', 'Set'],
])
