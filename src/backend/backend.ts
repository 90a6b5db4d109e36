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

/** First character of what {@link Keyring.open} returns. Everything but `OK` is the whole answer. */
export const Status = {
  OK: 0,
  /** The text cannot be a message of any scheme: separator, alphabet, lengths. */
  MALFORMED: 1,
  /** Some scheme's framing fits, but no MAC or tag, or the CBC padding, was right. */
  UNAUTHENTICATED: 2,
  /** A MAC was right, and the text below it is not base64 or not framed as it should be. */
  UNDECODABLE: 3,
} as const

/** Bits of the third character of what {@link Keyring.open} returns for `OK`. */
export const OpenFlag = {
  /**
   * Each character of the payload stands for one byte (0-255): it is not UTF-8, or it starts with the signature of
   * Marshal (04 08) or MessagePack (CC 80), whose lengths count bytes.
   */
  BYTES: 1,
  /** The plaintext was a canonical metadata envelope, which has been taken apart. */
  ENVELOPE: 2,
  /** `JSON.parse` and Ruby's parser are sure to agree on the payload, should both accept it. */
  PLAIN_JSON: 4,
} as const

/** Number of characters before the payload in an `OK` answer of {@link Keyring.open}. */
export const OPEN_HEADER = 5

/** Bits of the last argument of {@link Keyring.seal}. */
export const SealFlag = {
  /** Each character of the payload stands for one byte (0-255) instead of for UTF-8 text. */
  BYTES: 1,
  /** Form-escape the message, as Rack does for a Set-Cookie value. */
  ESCAPE: 2,
} as const

/** Keys with the schemes they belong to. The first scheme seals; all of them open, in order. */
export interface Keyring {
  /**
   * Opens a message under the first scheme that authenticates it, from scheme number `from` on.
   *
   * `escaped`: the text is form-escaped, as it stands in a Cookie header, and is unescaped as Rack does:
   * `+` is a space, `%XX` a byte; a text with any other `%` is left as it is.
   *
   * Never throws. One string is returned, since that is the cheapest thing to carry across the native boundary:
   *
   * - refused: one character, a {@link Status};
   * - opened: characters `OK`, number of the scheme, {@link OpenFlag} bits, length of exp, length of pur; then
   *   payload, exp and pur. Without `ENVELOPE` the payload is the whole plaintext and both lengths are 0. With it,
   *   the payload is the decoded `message`, and exp and pur are the texts between their quotes; length 0 is null.
   *
   * An envelope is taken apart only if the plaintext is exactly
   * `{"_rails":{"message":"<strict base64>","exp":<value>,"pur":<value>}}`, where a value is `null` or a quoted
   * text of 1 to 127 printable ASCII characters without `"` and `\`. Any other plaintext is the payload.
   *
   * `PLAIN_JSON` is set if the payload is text (no `BYTES`) and has none of: a control character (below U+0020); a run
   * of 16 ASCII digits; `-0` at the start or after one of `:`, `[`, `,`, space; `\u` followed by `d` or `D`; more than
   * 100 characters that are `[` or `{`.
   */
  open(text: string, escaped: boolean, from: number): string

  /**
   * Seals under the first scheme and returns the message text. `flags`: {@link SealFlag} bits.
   *
   * With an empty `tail` the plaintext is the payload; otherwise it is
   * `{"_rails":{"message":"` + strict base64 of the payload + `tail`.
   */
  seal(payload: string, tail: string, flags: number): string

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
