/**
 * What `open` tells besides the string it returns. A backend has one for all its keyrings, which is about the message that
 * was opened last: words in memory that the backend writes to cost nothing to carry across the native boundary.
 */
export interface Report {
  /** At the places of {@link ReportWord} one number each; then new keys, then tokens. */
  readonly words: Uint32Array
  /** Keys by number, as far as their reader has taken note of them. */
  readonly keys: string[]
  /** Counts what was opened. Its reader does that. */
  count: number
  /** The pur that was returned last. Its reader keeps it. */
  pur: string
}

/** A report with room for a number of words of tokens. */
export function createReport(tokenWords: number): Report {
  return { words: new Uint32Array(TOKENS_START + tokenWords), keys: [], count: 0, pur: '' }
}

/** Places of the numbers in {@link Report.words}. Those after `STATUS` are about what was opened. */
export const ReportWord = {
  /** One of {@link Status}. */
  STATUS: 0,
  /** Number of the scheme. */
  SCHEME: 1,
  /** {@link ReportFlag} bits. */
  FLAGS: 2,
  /** Length of the exp of an envelope; 0 for none. */
  EXP: 3,
  /** Length of the pur of an envelope, returned or not; 0 for none. */
  PUR: 4,
  /** Number of words of the tokens, which start at {@link TOKENS_START}; 0 for none. */
  TOKENS: 5,
  /**
   * Number of keys that the tokens may refer to for the first time. From {@link NEW_KEYS_START} on there are four words for
   * each: its number; where in the payload it stands, and how many characters of it; 1 if these are bytes of UTF-8.
   */
  NEW_KEYS: 6,
} as const

/** What became of a message. */
export const Status = {
  OK: 0,
  /** The text cannot be a message of any scheme: separator, alphabet, lengths. */
  MALFORMED: 1,
  /** Some scheme's framing fits, but no MAC or tag, or the CBC padding, was right. */
  UNAUTHENTICATED: 2,
  /** A MAC was right, and the text below it is not base64 or not framed as it should be. */
  UNDECODABLE: 3,
} as const

export const ReportFlag = {
  /**
   * Each character of the payload stands for one byte (0-255): it is not UTF-8, or it starts with the signature of
   * Marshal (04 08) or MessagePack (CC 80), whose lengths count bytes.
   */
  BYTES: 1,
  /** The plaintext was a canonical metadata envelope, which has been taken apart. */
  ENVELOPE: 2,
  /** `JSON.parse` and Ruby's parser are sure to agree on the payload, should both accept it. */
  PLAIN_JSON: 4,
  /** The pur is the one that was returned last under `KNOWN_PUR`, and is not returned again. */
  KNOWN_PUR: 8,
} as const

export const NEW_KEYS_START = 8
export const NEW_KEY_WORDS = 4
export const TOKENS_START = 1032

/**
 * Tokens say where everything in a payload is, so that its reader need not look at every character again.
 *
 * Building objects through Node's C interface costs more than `JSON.parse`, and `JSON.parse` more than all cryptography. So
 * the payload comes as one string, and beside it words from which a few lines make the objects, or only the one value that
 * was asked for. A value begins with a word whose low four bits are one of these kinds; its other bits are a length or a
 * count. Words and places are those of `crates/core/src/tokens.rs`.
 */
export const TokenKind = {
  NIL: 0,
  TRUE: 1,
  FALSE: 2,
  /** One word: the number, in two's complement. */
  INTEGER: 3,
  /** Two words: a double, its low half first. */
  NUMBER: 4,
  /** One word: where the text begins. */
  STRING: 5,
  /** The same, for the inside of a JSON string with escapes. */
  ESCAPED: 6,
  /** The same, for UTF-8 in a payload of one character a byte. */
  UTF8: 7,
  /** One word: the number of the word behind it. Then values. */
  ARRAY: 8,
  /** The same, then a key's number before each value. A key that comes again has its last value; in the outermost Hash none does. */
  HASH: 9,
} as const

/** Number of bits of a kind. */
export const TOKEN_KIND_BITS = 4
