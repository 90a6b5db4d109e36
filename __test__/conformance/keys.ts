import { Buffer } from 'node:buffer'
import { KeyGenerator } from '../../src/active-support/index.ts'
import type { Digest } from '../../src/backend/backend.ts'
import type { KeyCase } from './vectors.ts'

/** The key of the case in hexadecimal. */
export function keyOf(backend: 'node' | 'native', vector: KeyCase): string {
  const generator = new KeyGenerator(vector.secret, {
    iterations: vector.iterations,
    hashDigestClass: vector.hash_digest_class as Digest,
    backend,
  })
  const key = vector.key_size_given
    ? generator.generateKey(vector.salt, vector.key_size)
    : generator.generateKey(vector.salt)
  return Buffer.from(key).toString('hex')
}
