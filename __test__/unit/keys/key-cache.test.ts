import { describe, expect, it } from 'vitest'
import type { Backend, Derivation, Key } from '../../../src/backend/backend.ts'
import { KeyCache, keyCacheOf } from '../../../src/keys/key-cache.ts'

/** A backend that only counts: every key is another object. */
function spy(): { backend: Backend; derived: Derivation[]; fail: boolean } {
  const state = { derived: [] as Derivation[], fail: false }
  const derive = (derivation: Derivation): Key => {
    state.derived.push(derivation)
    return { length: derivation.length, bytes: () => new Uint8Array(derivation.length) }
  }
  const backend: Backend = {
    name: 'node',
    derive,
    async deriveAsync(derivation) {
      const key = derive(derivation)
      await new Promise((resolve) => setTimeout(resolve, 1))
      if (state.fail) throw new Error('no memory')
      return key
    },
    key: () => ({ length: 0, bytes: () => new Uint8Array() }),
    keyring: () => {
      throw new Error('not needed')
    },
  }
  return Object.assign(state, { backend })
}

const derivation = (salt: string, more: Partial<Derivation> = {}): Derivation => ({
  digest: 'SHA1',
  secret: Buffer.from('secret'),
  salt: Buffer.from(salt),
  iterations: 1000,
  length: 64,
  ...more,
})

describe('KeyCache', () => {
  it('derives equal settings once', () => {
    const { backend, derived } = spy()
    const cache = new KeyCache(backend)
    expect(cache.get(derivation('a'))).toBe(cache.get(derivation('a')))
    expect(derived).toHaveLength(1)
  })

  it('keeps apart whatever differs, also where texts run together', () => {
    const { backend, derived } = spy()
    const cache = new KeyCache(backend)
    const settings = [
      derivation('a'),
      derivation('b'),
      derivation('a', { digest: 'SHA256' }),
      derivation('a', { iterations: 1001 }),
      derivation('a', { length: 32 }),
      derivation('a', { secret: Buffer.from('secre') }),
      derivation('ta', { secret: Buffer.from('secre') }),
      derivation('', { secret: Buffer.from('secreta') }),
      derivation('a', { iterations: 1, length: 100 }),
      derivation('a', { iterations: 11, length: 0 }),
    ]
    expect(new Set(settings.map((each) => cache.get(each))).size).toBe(settings.length)
    expect(derived).toHaveLength(settings.length)
  })

  it('holds 64 keys, and drops the one that was used least recently', () => {
    const { backend, derived } = spy()
    const cache = new KeyCache(backend)
    for (let i = 0; i < 64; i++) cache.get(derivation(`salt ${i}`))
    cache.get(derivation('salt 0'))
    expect([cache.size, derived.length]).toEqual([64, 64])
    cache.get(derivation('salt 64'))
    expect([cache.size, derived.length]).toEqual([64, 65])
    cache.get(derivation('salt 0'))
    expect(derived).toHaveLength(65)
    cache.get(derivation('salt 1'))
    expect(derived).toHaveLength(66)
    for (let i = 0; i < 1000; i++) cache.get(derivation(`other ${i}`))
    expect(cache.size).toBe(64)
  })

  it('grows, and never shrinks', async () => {
    const { backend } = spy()
    const cache = new KeyCache(backend, 2)
    cache.grow(3)
    cache.grow(1)
    for (const salt of 'abcd') cache.get(derivation(salt))
    await cache.getAsync(derivation('e'))
    expect(cache.size).toBe(3)
  })

  it('derives once for callers that wait at the same time', async () => {
    const { backend, derived } = spy()
    const cache = new KeyCache(backend)
    const keys = await Promise.all(Array.from({ length: 20 }, () => cache.getAsync(derivation('a'))))
    expect(new Set(keys).size).toBe(1)
    expect([derived.length, cache.size]).toEqual([1, 1])
    expect(cache.get(derivation('a'))).toBe(keys[0])
  })

  it('does not keep a failure', async () => {
    const state = spy()
    const cache = new KeyCache(state.backend)
    state.fail = true
    const results = await Promise.allSettled([cache.getAsync(derivation('a')), cache.getAsync(derivation('a'))])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    state.fail = false
    await expect(cache.getAsync(derivation('a'))).resolves.toHaveProperty('length', 64)
    expect(state.derived).toHaveLength(2)
  })
})

describe('keyCacheOf', () => {
  it('is one cache for each backend', () => {
    const [one, other] = [spy().backend, spy().backend]
    expect(keyCacheOf(one)).toBe(keyCacheOf(one))
    expect(keyCacheOf(one)).not.toBe(keyCacheOf(other))
  })
})
