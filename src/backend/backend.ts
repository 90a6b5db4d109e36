import type { Draft } from './draft.ts'
import type { Report } from './report.ts'

/**
 * What the layers above ask of a cryptographic backend. Two implement it: `native.ts` (the Rust addon) and
 * `node-crypto.ts`; both must answer every call identically, byte for byte.
 *
 * A backend has mechanisms and no policy: it knows no Rails version, no default, no purpose and no clock.
 */

/** Hash functions that Rails lets an application choose for HMAC and PBKDF2. */
export type Digest = 'MD5' | 'SHA1' | 'SHA256' | 'SHA384' | 'SHA512'

/** Ciphers in AES-CBC mode, authenticated by an HMAC over the message text. */
export type CbcCipher = 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc'

/** Ciphers that authenticate by themselves: 12-byte IV, 16-byte tag, no additional data. */
export type AeadCipher = 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm' | 'chacha20-poly1305'

/** Key bytes that stay inside the backend: handles are passed around, not bytes. */
export interface Key {
  /** Length in bytes. */
  readonly length: number
  /** A copy of the key bytes, for the public `KeyGenerator` only. */
  bytes(): Uint8Array
}

/** One way to protect a message. `urlSafe`: `-_` instead of `+/`, and no padding when writing. */
export type Scheme =
  | { readonly kind: 'signed'; readonly digest: Digest; readonly key: Key; readonly urlSafe: boolean }
  | {
      readonly kind: 'cbc'
      readonly cipher: CbcCipher
      readonly key: Key
      readonly signKey: Key
      readonly digest: Digest
      readonly urlSafe: boolean
    }
  | { readonly kind: 'aead'; readonly cipher: AeadCipher; readonly key: Key; readonly urlSafe: boolean }

/** Arguments of PBKDF2-HMAC. `length` in bytes. */
export interface Derivation {
  readonly digest: Digest
  readonly secret: Uint8Array
  readonly salt: Uint8Array
  readonly iterations: number
  readonly length: number
}

/** Low bits of how to {@link Keyring.open}. */
export const OpenFlag = {
  /**
   * The text is form-escaped, as it stands in a Cookie header, and is unescaped as Rack does: `+` is a space, `%XX` a byte; a
   * text with any other `%` is left as it is.
   */
  ESCAPED: 1,
  /** Write tokens for the payload, if it is one that they can describe. */
  TOKENS: 2,
  /** Whoever reads the answers keeps the pur that was returned last with this flag. The same is not returned again. */
  KNOWN_PUR: 4,
  /** No character of the text is above 255, which makes it faster to read. */
  SINGLE_BYTES: 8,
} as const

/** Where the number of the scheme to begin with starts in how to {@link Keyring.open}. */
export const OPEN_FROM_SHIFT = 8

/** Bits of the flags of {@link Keyring.seal}. */
export const SealFlag = {
  /** Each character of the payload stands for one byte (0-255) instead of for UTF-8 text. */
  BYTES: 1,
  /** Form-escape the message, as Rack does for a Set-Cookie value. */
  ESCAPE: 2,
  /** In a draft: `<`, `>` and `&` as `\u003c`, `\u003e` and `\u0026`. */
  HTML_ENTITIES: 4,
  /** In a draft: U+2028 and U+2029 as `\u2028` and `\u2029`. */
  JS_SEPARATORS: 8,
} as const

/** Keys with the schemes they belong to. The first scheme seals; all of them open, in order. */
export interface Keyring {
  readonly report: Report
  /** Where a draft for {@link sealDraft} is written, one for all keyrings of the backend; null if this backend takes none. */
  readonly draft: Draft | null

  /**
   * Opens a message under the first scheme that authenticates it. `how`: {@link OpenFlag} bits, and above them
   * ({@link OPEN_FROM_SHIFT}) the number of the first scheme that may. Never throws, and writes the outcome to {@link Keyring.report}.
   *
   * Returns '' for what it refuses, otherwise payload, exp and pur. Without `ENVELOPE` the payload is the whole plaintext and
   * both others are empty. With it, the payload is the decoded `message`, and exp and pur are the texts between their
   * quotes; an empty one stands for null.
   *
   * An envelope is taken apart only if the plaintext is exactly
   * `{"_rails":{"message":"<strict base64>","exp":<value>,"pur":<value>}}`, where a value is `null` or a quoted
   * text of 1 to 127 printable ASCII characters without `"` and `\`. Any other plaintext is the payload.
   *
   * `PLAIN_JSON` is set if the payload is text (no `BYTES`) and has none of: a control character (below U+0020); a run
   * of 16 ASCII digits; `-0` at the start or after one of `:`, `[`, `,`, space; `\u` followed by `d` or `D`; more than
   * 100 characters that are `[` or `{`. It is set, too, if tokens were written for JSON, whatever else it has.
   */
  open(text: string, how: number): string

  /**
   * Seals under the first scheme and returns the message text. `flags`: {@link SealFlag} bits.
   *
   * With an empty `tail` the plaintext is the payload; otherwise it is
   * `{"_rails":{"message":"` + strict base64 of the payload + `tail`.
   */
  seal(payload: string, tail: string, flags: number): string

  /**
   * {@link seal} with the JSON of the backend's draft: `text` and so many `words` of it. Returns '' if there is a lone
   * surrogate in the text, which has no UTF-8.
   */
  sealDraft(text: string, tail: string, flags: number, words: number): string

  /** {@link seal} with a given IV. For tests that compare with recorded messages; never reachable by users. */
  sealWithIv(payload: string, tail: string, flags: number, iv: Uint8Array): string
}

/** A set of cryptographic primitives. */
export interface Backend {
  readonly name: 'native' | 'node'
  derive(derivation: Derivation): Key
  /** As {@link Backend.derive}, on another thread. */
  deriveAsync(derivation: Derivation): Promise<Key>
  /** A key from bytes that are a key already. The bytes are copied. */
  key(bytes: Uint8Array): Key
  /** Throws a `RangeError` when a key's length does not fit its cipher. At least one scheme, at most 127. */
  keyring(schemes: readonly Scheme[]): Keyring
}
