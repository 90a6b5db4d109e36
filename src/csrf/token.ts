/**
 * The bytes of Rails' CSRF tokens (`ActionController::RequestForgeryProtection`).
 */

import { Buffer } from 'node:buffer'
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { decodeUrlSafe, encode } from '../backend/node-crypto/base64.ts'

/** Length of a session's token, in bytes. A masked token has twice as many. */
export const TOKEN_BYTES = 32

/** A new token for a session, encoded. */
export function newSessionToken(urlSafe: boolean): string {
  return encode(randomBytes(TOKEN_BYTES), urlSafe)
}

/**
 * The bytes of a token, which Rails 8.1 decodes from either alphabet, padded or not. Null for what it refuses, and for
 * whatever is longer than a masked token, however long that may be.
 */
export function decodeToken(token: unknown): Buffer | null {
  if (typeof token !== 'string' || token === '' || token.length > MOST_CHARACTERS) return null
  return decodeUrlSafe(token)
}

/** The token that is good for every form: what a session's `real` token is masked as from Rails 5.2 on. */
export function globalToken(real: Buffer): Buffer {
  return hmac(real, '!real_csrf_token')
}

/** The token that is good for one form. `path` is without query and trailing slash. */
export function perFormToken(real: Buffer, path: string, method: string): Buffer {
  return hmac(real, `${path}#${method.toLowerCase()}`)
}

/** Hides a token behind random bytes, so that no two responses have the same text to guess (BREACH). */
export function maskToken(token: Buffer, urlSafe: boolean): string {
  const pad = randomBytes(token.length)
  return encode(Buffer.concat([pad, xor(pad, token)]), urlSafe)
}

/** The token behind the random bytes; `masked` has twice its length. */
export function unmaskToken(masked: Buffer): Buffer {
  return xor(masked.subarray(0, TOKEN_BYTES), masked.subarray(TOKEN_BYTES))
}

/** Whether two tokens are the same, in a time that does not tell where they differ. */
export function sameToken(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ b[i]!))
}

/** Of a masked token, padded. */
const MOST_CHARACTERS = 88
