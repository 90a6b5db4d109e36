import { Buffer } from 'node:buffer'
import {
  NEW_KEY_WORDS,
  NEW_KEYS_START,
  type Report,
  ReportWord,
  TOKEN_KIND_BITS,
  TokenKind,
  TOKENS_START,
} from '../backend/report.ts'
import { bare } from '../ruby/bare.ts'

/** Takes note of the keys that the last payload was the first to have. To be called for every payload that has some. */
export function learnKeys({ words, keys }: Report, payload: string): void {
  const end = NEW_KEYS_START + words[ReportWord.NEW_KEYS]! * NEW_KEY_WORDS
  for (let at = NEW_KEYS_START; at < end; at += NEW_KEY_WORDS) {
    const start = words[at + 1]!
    const text = payload.slice(start, start + words[at + 2]!)
    const key = words[at + 3] === 0 ? text : utf8(text)
    // The string that the engine keeps as a property name: storing under that one saves a look-up.
    keys[words[at]!] = Object.keys({ [key]: 0 })[0]!
  }
}

/** Whether the payload is a Hash. */
export function isHashToken({ words }: Report): boolean {
  return (words[TOKENS_START]! & KIND) === HASH
}

/** Whether the value at a place is one that Ruby takes for true; false for place 0. */
export function isTrueToken({ words }: Report, place: number): boolean {
  const head = words[place]!
  return place !== 0 && head !== NIL && head !== FALSE
}

/** Where the value stands that a key has in the outermost Hash; 0 if there is no such key or no Hash. */
export function findToken({ words, keys }: Report, key: string): number {
  const head = words[TOKENS_START]!
  if ((head & KIND) !== HASH) return 0
  let place = TOKENS_START + 3
  for (let left = head >>> TOKEN_KIND_BITS; left > 0; left--) {
    if (keys[words[place - 1]!] === key) return place
    place = behind(words, place) + 1
  }
  return 0
}

/** Makes the value of a payload. */
export function readTokens(report: Report, payload: string): unknown {
  return readToken(report, payload, TOKENS_START)
}

/** Makes the value at a place. */
export function readToken({ words, keys }: Report, payload: string, place: number): unknown {
  at = place
  return readValue(words, keys, payload)
}

/** Where the value ends that stands at a place. */
function behind(words: Uint32Array, place: number): number {
  const kind = words[place]! & KIND
  return kind < ARRAY ? place + LENGTHS[kind]! : TOKENS_START + words[place + 1]!
}

/** Where `readValue` is. It calls nothing that could come back here, and goes no deeper than 100 calls. */
let at = 0

function readValue(words: Uint32Array, keys: readonly string[], text: string): unknown {
  const head = words[at]!
  const word = words[at + 1]!
  const count = head >>> TOKEN_KIND_BITS
  at += 2
  switch (head & KIND) {
    case STRING:
      return text.slice(word, word + count)
    case INTEGER:
      return word | 0
    case HASH: {
      // An object that is born without a prototype is a hash table: the faster of the two while it is small.
      const hash: Record<string, unknown> = count <= FEW_KEYS ? Object.create(null) : bare({})
      for (let i = 0; i < count; i++) {
        const key = keys[words[at]!]!
        at += 1
        hash[key] = readValue(words, keys, text)
      }
      return hash
    }
    case ARRAY: {
      const array: unknown[] = []
      for (let i = 0; i < count; i++) array.push(readValue(words, keys, text))
      return array
    }
    case NUMBER:
      HALVES[0] = word
      HALVES[1] = words[at]!
      at += 1
      return DOUBLE[0]
    case ESCAPED:
      return JSON.parse(`"${text.slice(word, word + count)}"`)
    case UTF8:
      return utf8(text.slice(word, word + count))
    default:
      at -= 1
      return head === NIL ? null : head === TRUE
  }
}

function utf8(binary: string): string {
  return Buffer.from(binary, 'latin1').toString('utf8')
}

const { NIL, TRUE, FALSE, INTEGER, NUMBER, STRING, ESCAPED, UTF8, ARRAY, HASH } = TokenKind
/** How many words a value takes, by its kind. */
const LENGTHS = [1, 1, 1, 2, 3, 2, 2, 2]
const KIND = (1 << TOKEN_KIND_BITS) - 1
const FEW_KEYS = 3
const DOUBLE = new Float64Array(1)
// In the order of the platform, which is that of the words: every platform with a binary puts the low half first.
const HALVES = new Uint32Array(DOUBLE.buffer)
