import { createHash } from 'node:crypto'
import type { Backend, Derivation, Key } from '../backend/backend.ts'

/**
 * Derived keys, least recently used first out. PBKDF2 takes 0.1 to 1 ms a key, so equal settings share one.
 *
 * What is asked for comes from configuration only, never from a cookie.
 */
export class KeyCache {
  readonly #backend: Backend
  readonly #keys = new Map<string, Key>()
  readonly #pending = new Map<string, Promise<Key>>()
  #capacity: number

  constructor(backend: Backend, capacity: number = DEFAULT_CAPACITY) {
    this.#backend = backend
    this.#capacity = capacity
  }

  /** The derived key, from the cache or on this thread. */
  get(derivation: Derivation): Key {
    const id = identify(derivation)
    return this.#touch(id) ?? this.#put(id, this.#backend.derive(derivation))
  }

  /** As {@link KeyCache.get}; a key that is missing is derived on another thread. */
  async getAsync(derivation: Derivation): Promise<Key> {
    const id = identify(derivation)
    const cached = this.#touch(id)
    if (cached !== undefined) return cached
    let pending = this.#pending.get(id)
    if (pending === undefined) {
      pending = this.#backend.deriveAsync(derivation).finally(() => this.#pending.delete(id))
      this.#pending.set(id, pending)
    }
    return this.#put(id, await pending)
  }

  /** Makes room for at least `capacity` keys. */
  grow(capacity: number): void {
    this.#capacity = Math.max(this.#capacity, capacity)
  }

  get size(): number {
    return this.#keys.size
  }

  #touch(id: string): Key | undefined {
    const key = this.#keys.get(id)
    if (key !== undefined) {
      this.#keys.delete(id)
      this.#keys.set(id, key)
    }
    return key
  }

  #put(id: string, key: Key): Key {
    this.#keys.set(id, key)
    if (this.#keys.size > this.#capacity) {
      const [oldest] = this.#keys.keys()
      this.#keys.delete(oldest!)
    }
    return key
  }
}

/** The cache of a backend: one a process, so that two `createRails` with equal settings share their keys. */
export function keyCacheOf(backend: Backend): KeyCache {
  let cache = CACHES.get(backend)
  if (cache === undefined) {
    cache = new KeyCache(backend)
    CACHES.set(backend, cache)
  }
  return cache
}

// A digest of the settings, so that the cache holds no second copy of the secret. Lengths keep fields apart.
function identify({ digest, secret, salt, iterations, length }: Derivation): string {
  const settings = `${digest}:${iterations}:${length}:${secret.length}:${salt.length}:`
  return createHash('sha256').update(settings).update(secret).update(salt).digest('base64')
}

const DEFAULT_CAPACITY = 64
const CACHES = new WeakMap<Backend, KeyCache>()
