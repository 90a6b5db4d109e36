import { Buffer } from 'node:buffer'
import type { Backend, Derivation, Digest } from '../backend/backend.ts'
import { selectBackend } from '../backend/select.ts'
import { ConfigError } from '../errors.ts'
import { DIGESTS } from '../rails/names.ts'
import { OptionReader } from '../rails/validate.ts'
import { keyCacheOf } from './key-cache.ts'

/** Options of {@link KeyGenerator}. */
export interface KeyGeneratorOptions {
  /** PBKDF2 iterations. Default 65536, as a bare `ActiveSupport::KeyGenerator`; a Rails application uses 1000. */
  iterations?: number
  /** PBKDF2 digest. Default `'SHA1'`; applications with `load_defaults` 7.0 and later use `'SHA256'`. */
  hashDigestClass?: Digest
  /** Default `'auto'`. */
  backend?: 'auto' | 'native' | 'node'
}

/**
 * Derives keys from a secret, as `ActiveSupport::KeyGenerator` does. Derived keys are cached for the process.
 *
 * @example
 * import { KeyGenerator } from 'rails-session/active-support'
 *
 * const generator = new KeyGenerator('secret_key_base', { iterations: 1000, hashDigestClass: 'SHA256' })
 * const key = generator.generateKey('signed cookie') // 64 bytes
 */
export class KeyGenerator {
  readonly #backend: Backend
  readonly #settings: Pick<Derivation, 'secret' | 'iterations' | 'digest'>

  /** `secret`: text (its UTF-8 counts) or bytes, of any length. Throws a `ConfigError` for wrong options. */
  constructor(secret: string | Uint8Array, options: KeyGeneratorOptions = {}) {
    const reader = new OptionReader('KeyGenerator', options, ['iterations', 'hashDigestClass', 'backend'])
    this.#backend = selectBackend(reader.oneOf('backend', ['auto', 'native', 'node']) ?? 'auto')
    this.#settings = {
      secret: toBytes(secret, 'secret'),
      iterations: reader.integer('iterations', 1, 10_000_000) ?? 65_536,
      digest: reader.oneOf('hashDigestClass', DIGESTS) ?? 'SHA1',
    }
  }

  /**
   * The key for a salt. Blocks for 0.1 ms to 1 ms per 1000 iterations, once.
   *
   * @param keySize length in bytes, 1 to 1024; default 64
   */
  generateKey(salt: string | Uint8Array, keySize: number = DEFAULT_KEY_SIZE): Uint8Array {
    return keyCacheOf(this.#backend).get(this.#derivation(salt, keySize)).bytes()
  }

  /** As {@link KeyGenerator.generateKey}, derived on another thread. */
  async generateKeyAsync(salt: string | Uint8Array, keySize: number = DEFAULT_KEY_SIZE): Promise<Uint8Array> {
    const key = await keyCacheOf(this.#backend).getAsync(this.#derivation(salt, keySize))
    return key.bytes()
  }

  #derivation(salt: string | Uint8Array, length: number): Derivation {
    if (!Number.isInteger(length) || length < 1 || length > 1024) {
      throw new ConfigError(`KeyGenerator: keySize is ${length}; write a number of bytes from 1 to 1024`)
    }
    return { ...this.#settings, salt: toBytes(salt, 'salt'), length }
  }
}

function toBytes(value: unknown, name: string): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value)
  // Not `slice`, which in a Buffer shares the memory.
  if (value instanceof Uint8Array) return new Uint8Array(value)
  throw new ConfigError(`KeyGenerator: ${name} is no string and no Uint8Array`)
}

const DEFAULT_KEY_SIZE = 64
