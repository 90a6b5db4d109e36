import type { AeadCipher, CbcCipher, Digest } from '../backend/backend.ts'
import type { CookiesSerializerName } from '../serializers/serializer.ts'
import type { Rolling, WriteRule } from '../session/write-rule.ts'

/** The values that options take by name, in the order in which error messages list them. */
export const DIGESTS: readonly Digest[] = ['SHA1', 'SHA256', 'SHA384', 'SHA512', 'MD5']

export const AEAD_CIPHERS: readonly AeadCipher[] = ['aes-256-gcm', 'aes-192-gcm', 'aes-128-gcm', 'chacha20-poly1305']

export const CBC_CIPHERS: readonly CbcCipher[] = ['aes-256-cbc', 'aes-192-cbc', 'aes-128-cbc']

export const CIPHERS: ReadonlyArray<AeadCipher | CbcCipher> = [...AEAD_CIPHERS, ...CBC_CIPHERS]

export const SERIALIZERS: readonly CookiesSerializerName[] = [
  'json',
  'hybrid',
  'marshal',
  'json_allow_marshal',
  'message_pack',
  'message_pack_allow_marshal',
]

export const VERIFICATION_STRATEGIES = ['header_only', 'header_or_legacy_token', null] as const

export const WRITE_RULES: readonly WriteRule[] = ['changed', 'rails', 'manual']

export const ROLLINGS: readonly Rolling[] = ['never', 'half-life', 'always']

export const SAME_SITES = ['lax', 'strict', 'none', null] as const

/** Whether a cipher needs an HMAC beside it. */
export function isCbc(cipher: AeadCipher | CbcCipher): cipher is CbcCipher {
  return cipher.endsWith('-cbc')
}

/** Key length of a cipher, in bytes. */
export function keyLength(cipher: AeadCipher | CbcCipher): number {
  return cipher === 'chacha20-poly1305' ? 32 : Number(cipher.slice(4, 7)) / 8
}
