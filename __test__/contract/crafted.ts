import { type CipherGCMTypes, createCipheriv, createHmac } from 'node:crypto'
import type { AeadCipher, Backend, CbcCipher, Digest, Scheme } from '../../src/backend/backend.ts'

/** A {@link Scheme} with key bytes instead of keys of a certain backend. */
export type SchemeSpec =
  | { readonly kind: 'signed'; readonly digest: Digest; readonly key: Uint8Array; readonly urlSafe: boolean }
  | {
      readonly kind: 'cbc'
      readonly cipher: CbcCipher
      readonly key: Uint8Array
      readonly signKey: Uint8Array
      readonly digest: Digest
      readonly urlSafe: boolean
    }
  | { readonly kind: 'aead'; readonly cipher: AeadCipher; readonly key: Uint8Array; readonly urlSafe: boolean }

/** The scheme of a spec, with keys of `backend`. */
export function schemeOf(backend: Backend, spec: SchemeSpec): Scheme {
  if (spec.kind !== 'cbc') return { ...spec, key: backend.key(spec.key) }
  return { ...spec, key: backend.key(spec.key), signKey: backend.key(spec.signKey) }
}

/** `length` bytes that differ from those of another `seed`. */
export function keyBytes(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + seed * 31 + 1) % 256)
}

/** One scheme of each kind, in both alphabets. */
export const SPECS = {
  signed: { kind: 'signed', digest: 'SHA1', key: keyBytes(64, 1), urlSafe: false },
  signedUrlSafe: { kind: 'signed', digest: 'SHA256', key: keyBytes(64, 2), urlSafe: true },
  cbc: {
    kind: 'cbc',
    cipher: 'aes-256-cbc',
    key: keyBytes(32, 3),
    signKey: keyBytes(64, 4),
    digest: 'SHA1',
    urlSafe: false,
  },
  cbcUrlSafe: {
    kind: 'cbc',
    cipher: 'aes-128-cbc',
    key: keyBytes(16, 5),
    signKey: keyBytes(20, 6),
    digest: 'SHA384',
    urlSafe: true,
  },
  gcm: { kind: 'aead', cipher: 'aes-256-gcm', key: keyBytes(32, 7), urlSafe: false },
  gcmUrlSafe: { kind: 'aead', cipher: 'aes-128-gcm', key: keyBytes(16, 8), urlSafe: true },
  chacha: { kind: 'aead', cipher: 'chacha20-poly1305', key: keyBytes(32, 9), urlSafe: false },
} as const satisfies Record<string, SchemeSpec>

/** Appends the right MAC to any data, base64 or not. */
export function sign(data: string | Buffer, { key, digest }: { key: Uint8Array; digest: Digest }): string {
  return `${data.toString()}--${macOf(data, { key, digest })}`
}

/** The MAC of the UTF-8 bytes of `data`. */
export function macOf(data: string | Buffer, { key, digest }: { key: Uint8Array; digest: Digest }): string {
  return createHmac(digest.toLowerCase(), key).update(data).digest('hex')
}

/** A ciphertext in AES-CBC. With `padded: false`, `plaintext` must fill its blocks. */
export function encryptCbc(spec: typeof SPECS.cbc, plaintext: Uint8Array, iv: Uint8Array, padded = true): Buffer {
  const cipher = createCipheriv(spec.cipher, spec.key, iv).setAutoPadding(padded)
  return Buffer.concat([cipher.update(plaintext), cipher.final()])
}

/** A CBC message with the right MAC around any inner text. */
export function signInner(spec: typeof SPECS.cbc, inner: string): string {
  return sign(Buffer.from(inner, 'latin1').toString('base64'), { key: spec.signKey, digest: spec.digest })
}

/** Ciphertext and tag of an AEAD cipher under an IV of any length. */
export function encryptAead(
  spec: { readonly cipher: AeadCipher; readonly key: Uint8Array },
  plaintext: Uint8Array,
  iv: Uint8Array,
): { ciphertext: Buffer; tag: Buffer } {
  const cipher = createCipheriv(spec.cipher as CipherGCMTypes, spec.key, iv, { authTagLength: 16 })
  const ciphertext = cipher.update(plaintext)
  cipher.final()
  return { ciphertext, tag: cipher.getAuthTag() }
}
