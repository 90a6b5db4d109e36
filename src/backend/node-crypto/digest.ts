import { createHash } from 'node:crypto'
import type { Digest } from '../backend.ts'

/** What HMAC and PBKDF2 need to know of a hash function. Lengths in bytes. */
export interface DigestInfo {
  readonly nodeName: string
  readonly length: number
  readonly blockLength: number
}

/** Looks a digest up. Throws an `Error` naming it if this build of Node.js lacks it. */
export function digestInfo(digest: Digest): DigestInfo {
  const info = DIGESTS[digest]
  try {
    // `getHashes` also lists what a FIPS provider then refuses, so the only sure way to know is to try.
    createHash(info.nodeName)
  } catch (cause) {
    throw new Error(`this build of Node.js has no ${digest}`, { cause })
  }
  return info
}

const DIGESTS: Readonly<Record<Digest, DigestInfo>> = {
  MD5: { nodeName: 'md5', length: 16, blockLength: 64 },
  SHA1: { nodeName: 'sha1', length: 20, blockLength: 64 },
  SHA256: { nodeName: 'sha256', length: 32, blockLength: 64 },
  SHA384: { nodeName: 'sha384', length: 48, blockLength: 128 },
  SHA512: { nodeName: 'sha512', length: 64, blockLength: 128 },
}
