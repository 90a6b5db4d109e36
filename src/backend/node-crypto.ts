import { pbkdf2, pbkdf2Sync } from 'node:crypto'
import { promisify } from 'node:util'
import type { Backend, Derivation, Key, Keyring, Scheme } from './backend.ts'
import { digestInfo } from './node-crypto/digest.ts'
import { NodeKey } from './node-crypto/key.ts'
import { NodeKeyring } from './node-crypto/keyring.ts'

/**
 * The backend on top of `node:crypto`: what runs where no native binary exists, and what the native one is compared
 * with. Throws an `Error` naming the algorithm where this build of Node.js lacks one (FIPS builds lack MD5 and
 * chacha20-poly1305).
 */
export const nodeBackend: Backend = {
  name: 'node',

  derive({ digest, secret, salt, iterations, length }: Derivation): Key {
    return new NodeKey(pbkdf2Sync(secret, salt, iterations, length, digestInfo(digest).nodeName))
  },

  async deriveAsync({ digest, secret, salt, iterations, length }: Derivation): Promise<Key> {
    return new NodeKey(await pbkdf2OnAnotherThread(secret, salt, iterations, length, digestInfo(digest).nodeName))
  },

  key(bytes: Uint8Array): Key {
    return new NodeKey(bytes)
  },

  keyring(schemes: readonly Scheme[]): Keyring {
    return new NodeKeyring(schemes)
  },
}

const pbkdf2OnAnotherThread = promisify(pbkdf2)
