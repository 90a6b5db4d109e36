import { type CipherGCMTypes, createCipheriv, getCipherInfo } from 'node:crypto'
import type { AeadCipher, CbcCipher } from '../backend.ts'

/** The length of a cipher's key, in bytes. Throws an `Error` naming the cipher if this build of Node.js lacks it. */
export function keyLengthOf(cipher: AeadCipher | CbcCipher): number {
  const { keyLength = 0, ivLength = 0 } = getCipherInfo(cipher) ?? {}
  try {
    // Node.js also knows of ciphers that a FIPS provider then refuses, so the only sure way to know is to try.
    createCipheriv(cipher as CipherGCMTypes, Buffer.alloc(keyLength), Buffer.alloc(ivLength), { authTagLength: 16 })
  } catch (cause) {
    throw new Error(`this build of Node.js has no ${cipher}`, { cause })
  }
  return keyLength
}
