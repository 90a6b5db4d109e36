import { describe, expect, it } from 'vitest'
import { KeyGenerator } from '../../../src/active-support/index.ts'
import type { Digest } from '../../../src/backend/backend.ts'
import { ConfigError } from '../../../src/errors.ts'
import { backends } from '../../contract/backends.ts'
import { jsonLines } from '../../support/recorded.ts'

interface RailsKey {
  id: string
  secret: string
  salt: string
  key_size: number
  iterations: number
  hash_digest_class: Digest
  key_hex: string
}

const [, ...keys] = jsonLines(new URL('rails-keys.jsonl', import.meta.url)) as [unknown, ...RailsKey[]]
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe.each(backends.map(({ name }) => name))('KeyGenerator on %s', (backend) => {
  it.each(keys)(
    '$id is the key of Rails',
    async ({ secret, salt, key_size, iterations, hash_digest_class, key_hex }) => {
      const generator = new KeyGenerator(secret, { iterations, hashDigestClass: hash_digest_class, backend })
      expect(hex(generator.generateKey(salt, key_size))).toBe(key_hex)
      expect(hex(await generator.generateKeyAsync(salt, key_size))).toBe(key_hex)

      const fromBytes = new KeyGenerator(Buffer.from(secret), {
        iterations,
        hashDigestClass: hash_digest_class,
        backend,
      })
      expect(hex(fromBytes.generateKey(Buffer.from(salt), key_size))).toBe(key_hex)
    },
  )

  it('derives on another thread what is not there yet', async () => {
    const options = { iterations: 77, hashDigestClass: 'SHA256', backend } as const
    const key = await new KeyGenerator('not derived before', options).generateKeyAsync('salt', 100)
    expect(hex(key)).toBe(hex(new KeyGenerator('not derived before', options).generateKey('salt', 100)))
    expect(key).toHaveLength(100)
  })

  it('has the defaults of a bare ActiveSupport::KeyGenerator', () => {
    const key = new KeyGenerator('secret', { backend }).generateKey('salt')
    expect(hex(key)).toBe(
      hex(new KeyGenerator('secret', { iterations: 65_536, hashDigestClass: 'SHA1', backend }).generateKey('salt', 64)),
    )
  })

  it('copies the secret, a Buffer too, and hands out copies of keys', () => {
    const expected = hex(new KeyGenerator('secret', { iterations: 1, backend }).generateKey('salt'))
    const secret = Buffer.from('secret')
    const generator = new KeyGenerator(secret, { iterations: 1, backend })
    secret.fill(0)
    generator.generateKey('salt').fill(0)
    expect(hex(generator.generateKey('salt'))).toBe(expected)
  })

  it('takes secrets of any length', () => {
    for (const secret of ['', 'x', 'x'.repeat(10_000)]) {
      expect(new KeyGenerator(secret, { iterations: 1, backend }).generateKey('')).toHaveLength(64)
    }
  })
})

describe('KeyGenerator refuses', () => {
  it.each<[unknown, object | undefined, string]>([
    [undefined, undefined, 'secret is no string and no Uint8Array'],
    [1, undefined, 'secret is no string'],
    ['x', { iterations: 0 }, 'iterations is 0; write a whole number from 1'],
    ['x', { iterations: '1000' }, "iterations is '1000'"],
    ['x', { hashDigestClass: 'sha1' }, "hashDigestClass is 'sha1'; write one of 'SHA1'"],
    ['x', { hash_digest_class: 'SHA1' }, 'unknown option hash_digest_class; did you mean hashDigestClass?'],
    ['x', { backend: 'rust' }, "backend is 'rust'; write one of 'auto', 'native', 'node'"],
  ])('%o with %o', (secret, options, expected) => {
    expect(() => new KeyGenerator(secret as string, options)).toThrow(ConfigError)
    expect(() => new KeyGenerator(secret as string, options)).toThrow(expected)
  })

  it.each([0, -1, 1.5, 1025, Number.NaN, '64'])('a key size of %o', async (size) => {
    const generator = new KeyGenerator('x', { backend: 'node' })
    expect(() => generator.generateKey('salt', size as number)).toThrow(
      /keySize is .*; write a number of bytes from 1 to 1024/,
    )
    await expect(generator.generateKeyAsync('salt', size as number)).rejects.toThrow(ConfigError)
  })

  it.each([undefined, null, 1])('a salt of %o', (salt) => {
    const generator = new KeyGenerator('x', { backend: 'node' })
    expect(() => generator.generateKey(salt as unknown as string)).toThrow(/salt is no string/)
  })
})
