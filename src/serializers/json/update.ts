import { bare } from '../../ruby/bare.ts'
import type { Changes } from '../changes.ts'
import { JsonScanner } from './scanner.ts'
import { type JsonWriteOptions, writeJson } from './writer.ts'

/**
 * A JSON object with other values for some of its keys; `undefined` drops a key. A changed key keeps its place, new ones come
 * last. The text of every other value stays as it is: `1.0` stays `1.0`, and all digits of a long integer stay.
 *
 * `text` has been read before and is known to be an object. Throws as {@link writeJson}.
 */
export function updateJson(text: string, changes: Changes, options: JsonWriteOptions): string {
  const members = new Map<string, string>()
  for (const { key, member } of membersOf(text)) members.set(key, member)
  for (const [key, value] of changes) {
    // As a member of an object, for the place in errors, and since it is one container deeper than by itself.
    const object: Record<string, unknown> = bare({})
    object[key] = value
    const member = writeJson(object, options).slice(1, -1)
    if (member === '') members.delete(key)
    else members.set(key, member)
  }
  return `{${[...members.values()].join(',')}}`
}

interface Member {
  readonly key: string
  /** Key and value as they stand in the text. */
  readonly member: string
}

/** The members of an object in order; a key may come again. */
function* membersOf(text: string): Generator<Member> {
  const scanner = new JsonScanner(text)
  scanner.next()
  scanner.at += 1
  while (scanner.next() === QUOTE) {
    const keyStart = scanner.at
    const key = scanner.string()!
    const name = text.slice(keyStart, scanner.at)
    scanner.next()
    scanner.at += 1
    scanner.next()
    const valueStart = scanner.at
    skipValue(scanner)
    yield { key, member: `${name}:${text.slice(valueStart, scanner.at)}` }
    if (scanner.next() === COMMA) scanner.at += 1
  }
}

/** Steps over the value that begins here. */
function skipValue(scanner: JsonScanner): void {
  let depth = 0
  do {
    const code = scanner.next()
    const { at } = scanner
    if (code === QUOTE) scanner.string()
    else if (code === BRACE_OPEN || code === BRACKET_OPEN) depth += step(scanner)
    else if (code === BRACE_CLOSE || code === BRACKET_CLOSE) depth -= step(scanner)
    else if (code === COMMA || code === COLON) scanner.at += 1
    else if (!scanner.word('null') && !scanner.word('true') && !scanner.word('false')) scanner.number()
    if (scanner.at === at) throw new TypeError('update: the payload is no JSON object')
  } while (depth > 0)
}

function step(scanner: JsonScanner): 1 {
  scanner.at += 1
  return 1
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BRACKET_OPEN = 0x5b
const BRACKET_CLOSE = 0x5d
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d
