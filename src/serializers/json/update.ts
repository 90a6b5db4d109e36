import type { Changes } from '../changes.ts'
import { JsonScanner } from './scanner.ts'
import { type JsonWriteOptions, writeJson } from './writer.ts'

/**
 * A JSON object with other values for some of its keys. The text of every other value stays as it is: `1.0` stays `1.0`, and
 * all digits of a long integer stay. The text has been read before and is known to be an object.
 */
export function updateJson(text: string, changes: Changes, options: JsonWriteOptions): string {
  const members = new Map<string, string>()
  for (const { key, name, value } of membersOf(text)) members.set(key, `${name}:${value}`)
  for (const [key, value] of changes) {
    if (value === undefined) members.delete(key)
    else members.set(key, `${writeJson(key, options)}:${writeJson(value, options)}`)
  }
  return `{${[...members.values()].join(',')}}`
}

interface Member {
  readonly key: string
  /** The key as it stands in the text, with its quotes. */
  readonly name: string
  readonly value: string
}

/** The members of an object in order; a key may come again. */
function* membersOf(text: string): Generator<Member> {
  const scanner = new JsonScanner(text)
  scanner.next()
  scanner.at += 1
  while (scanner.next() === QUOTE) {
    const start = scanner.at
    const key = scanner.string()!
    const name = text.slice(start, scanner.at)
    scanner.next()
    scanner.at += 1
    scanner.next()
    const valueStart = scanner.at
    skipValue(scanner)
    yield { key, name, value: text.slice(valueStart, scanner.at) }
    if (scanner.next() === COMMA) scanner.at += 1
  }
}

/** Steps over the value that begins here. */
function skipValue(scanner: JsonScanner): void {
  let depth = 0
  do {
    const code = scanner.next()
    if (code === QUOTE) scanner.string()
    else if (code === BRACE_OPEN || code === BRACKET_OPEN) depth += step(scanner)
    else if (code === BRACE_CLOSE || code === BRACKET_CLOSE) depth -= step(scanner)
    else if (code === COMMA || code === COLON) scanner.at += 1
    else if (!scanner.word('null') && !scanner.word('true') && !scanner.word('false')) scanner.number()
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
