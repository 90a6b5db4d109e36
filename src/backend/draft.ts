/**
 * What JSON is made of, without quotes, commas and escapes: a backend composes the payload of it, and seals that.
 *
 * To line up texts and note their lengths takes some third of the time of `JSON.stringify`, which looks at every character. Kinds
 * and words are those of `crates/core/src/draft.rs`.
 */
export interface Draft {
  readonly words: Uint32Array
  /** How many of the words are in use. */
  length: number
  /** The texts that words name the lengths of, one after the other. */
  text: string
  /** `HTML_ENTITIES` and `JS_SEPARATORS` of the flags for sealing. */
  escapes: number
  /** The words for keys that have a number. */
  readonly keys: Map<string, number>
  /** Gives a key a number, if it can have one. The backend keeps it for ever, as it does only so many. */
  learn(key: string): number | null
}

/** The low four bits of a word; its other bits are the length of a text, in characters. */
export const DraftKind = {
  NIL: 0,
  TRUE: 1,
  FALSE: 2,
  /** Then one word: the number, in two's complement. */
  INTEGER: 3,
  /** Any other number, as a text. */
  NUMBER: 4,
  STRING: 5,
  /** The name of a member, whose value follows. */
  KEY: 6,
  /** The same, of a key that has a number: that, instead of a length. */
  KNOWN_KEY: 7,
  ARRAY: 8,
  ARRAY_END: 9,
  OBJECT: 10,
  OBJECT_END: 11,
} as const

/** Number of bits of a kind. */
export const DRAFT_KIND_BITS = 4
