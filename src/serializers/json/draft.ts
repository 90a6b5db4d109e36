import { type Draft, DRAFT_KIND_BITS, DraftKind } from '../../backend/draft.ts'
import { rubyFloatText } from '../../ruby/float-text.ts'
import { hasPlainPrototype } from '../../ruby/bare.ts'
import { MAX_NESTING } from './parser.ts'

/**
 * Writes a draft of a value's JSON, with `escapes` (bits of `SealFlag`). Returns false, and leaves the draft empty, for a value that has something in it that
 * both languages do not write alike or that only `writeJson` knows, and for one that is too long for a cookie.
 */
export function draftJson(value: unknown, escapes: number, draft: Draft): boolean {
  // Somebody gave all objects a property, which `for in` goes through as well.
  for (const _ in NO_PROPERTIES) return false
  // A getter seals a cookie while the draft that it is read for is being written.
  if (isWriting) return false
  isWriting = true
  at = 0
  text = ''
  try {
    const isDrafted = write(value, draft.words, draft.keys, 0) && at <= draft.words.length && text.length <= MOST_TEXT
    draft.length = isDrafted ? at : 0
    draft.text = isDrafted ? text : ''
    draft.escapes = escapes
    if (newKeys.length > 0) learnKeys(draft)
    return isDrafted
  } finally {
    isWriting = false
    text = ''
    newKeys.length = 0
  }
}

/** So that they are handed over as numbers from now on. */
function learnKeys(draft: Draft): void {
  for (const key of newKeys) {
    if (draft.keys.size >= MOST_KEYS) return
    const number = draft.keys.has(key) ? null : draft.learn(key)
    if (number !== null) draft.keys.set(key, (number << DRAFT_KIND_BITS) | DraftKind.KNOWN_KEY)
  }
}

/** The draft being written; here, since that is faster than in an object. */
let isWriting = false
let at = 0
let text = ''
/** Those that have no number. */
const newKeys: string[] = []

/** Words that there is no room for are lost, and only counted. */
function write(value: unknown, words: Uint32Array, keys: ReadonlyMap<string, number>, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      if (value.length > MOST_TEXT) return false
      words[at++] = (value.length << DRAFT_KIND_BITS) | DraftKind.STRING
      text += value
      return true
    case 'number':
      // `-0` is an Integer, and Ruby has only one zero.
      if ((value | 0) !== value) return writeNumber(value, words)
      words[at] = DraftKind.INTEGER
      words[at + 1] = value
      at += 2
      return true
    case 'boolean':
      words[at++] = value ? DraftKind.TRUE : DraftKind.FALSE
      return true
    case 'object':
      if (value !== null) return writeContainer(value, words, keys, depth)
      words[at++] = DraftKind.NIL
      return true
    default:
      return false
  }
}

function writeNumber(value: number, words: Uint32Array): boolean {
  if (!Number.isFinite(value)) return false
  const digits = Number.isSafeInteger(value) ? String(value) : rubyFloatText(value)
  words[at++] = (digits.length << DRAFT_KIND_BITS) | DraftKind.NUMBER
  text += digits
  return true
}

function writeContainer(
  container: object,
  words: Uint32Array,
  keys: ReadonlyMap<string, number>,
  depth: number,
): boolean {
  if (depth === MAX_NESTING || typeof (container as { toJSON?: unknown }).toJSON === 'function') return false
  if (Array.isArray(container)) {
    if (container.length > words.length) return false
    words[at++] = DraftKind.ARRAY
    for (let i = 0; i < container.length; i++) if (!write(container[i], words, keys, depth + 1)) return false
    words[at++] = DraftKind.ARRAY_END
    return true
  }
  if (!hasPlainPrototype(container)) return false
  words[at++] = DraftKind.OBJECT
  // Not Object.keys: a value is found much faster that the loop itself asks for.
  for (const key in container) {
    const value = (container as Record<string, unknown>)[key]
    // In a value in which an object stands in many places there may be members without end.
    if (at > words.length) return false
    const known = keys.get(key)
    if (known === undefined) {
      if (key.length > MOST_TEXT) return false
      words[at++] = (key.length << DRAFT_KIND_BITS) | DraftKind.KEY
      text += key
      newKeys.push(key)
    } else {
      words[at++] = known
    }
    if (!write(value, words, keys, depth + 1)) return false
  }
  words[at++] = DraftKind.OBJECT_END
  return true
}

/** Characters, of which a cookie has fewer. */
const MOST_TEXT = 8192
/** As many as the backend gives numbers to. */
const MOST_KEYS = 1024
const NO_PROPERTIES = Object.freeze({})
