import { describe, expect, it } from 'vitest'
import {
  KeyGenerator,
  MessageEncryptor,
  type MessageEncryptorOptions,
  MessageVerifier,
} from '../../../src/active-support/index.ts'
import { ConfigError } from '../../../src/errors.ts'
import { AEAD_CIPHERS, CBC_CIPHERS, CIPHERS, keyLength } from '../../../src/rails/names.ts'
import { application, backendNames, NOW, SECRET } from '../../support/application.ts'

const key = (length: number, letter = 'k'): Buffer => Buffer.alloc(length, letter)
const options = { serializer: 'json', backend: 'node', now: () => NOW } as const
const encryptor = (more: MessageEncryptorOptions = {}): MessageEncryptor =>
  new MessageEncryptor(key(keyLength(more.cipher ?? 'aes-256-gcm')), { ...options, ...more })

describe.each(backendNames)('MessageEncryptor on %s', (backend) => {
  it.each(CIPHERS)('%s opens what it sealed', (cipher) => {
    for (const urlSafe of [false, true]) {
      const own = encryptor({ cipher, backend, urlSafe })
      for (const value of [1, 'é', null, { a: ['?'.repeat(30), '>'.repeat(31)] }]) {
        const message = own.encryptAndSign(value)
        expect(own.decryptAndVerify(message)).toMatchObject({ ok: true, data: value })
      }
    }
  })

  it.each(CIPHERS)('%s writes the alphabet that is asked for', (cipher) => {
    const value = ['?'.repeat(30), '>'.repeat(31)]
    expect(encryptor({ cipher, backend, urlSafe: true }).encryptAndSign(value)).toMatch(/^[A-Za-z0-9\-_]+$/)
    expect(encryptor({ cipher, backend }).encryptAndSign(value)).toMatch(/^[A-Za-z0-9+/=-]+$/)
  })

  it('refuses, and throws at nothing', () => {
    for (const cipher of CIPHERS) {
      const own = encryptor({ cipher, backend })
      const message = own.encryptAndSign(1)
      const other = new MessageEncryptor(key(keyLength(cipher), 'x'), { ...options, cipher, backend })
      expect(other.decryptAndVerify(message)).toEqual({ ok: false, reason: 'unauthenticated', authenticated: false })
      for (const bad of [
        '',
        'x',
        '--',
        '----',
        `${message}x`,
        message.toLowerCase(),
        message.slice(1),
        `${message}--x`,
        'é--é--é',
        '\uDC00',
      ]) {
        expect(own.decryptAndVerify(bad)).toMatchObject({ ok: false, authenticated: false })
      }
      expect(own.decryptAndVerify(undefined as never)).toMatchObject({ reason: 'absent' })
    }
  })

  it('metadata in both layouts, purposes, expiry', () => {
    for (const forceLegacyMetadataSerializer of [false, true]) {
      const own = encryptor({ backend, forceLegacyMetadataSerializer })
      const message = own.encryptAndSign({ a: 1 }, { purpose: 'p', expiresIn: 60 })
      for (const reader of [encryptor({ backend }), encryptor({ backend, forceLegacyMetadataSerializer: true })]) {
        expect(reader.decryptAndVerify(message, { purpose: 'p' })).toMatchObject({
          ok: true,
          data: { a: 1 },
          meta: { purpose: 'p', expiresAt: new Date(NOW + 60_000) },
        })
        expect(reader.decryptAndVerify(message)).toMatchObject({ reason: 'wrong_purpose' })
      }
      const later = encryptor({ backend, now: () => NOW + 60_000 })
      expect(later.decryptAndVerify(message, { purpose: 'p' })).toMatchObject({ reason: 'expired' })
    }
  })
})

describe('AES-CBC', () => {
  it('signs with signSecret, or with the key itself', () => {
    for (const cipher of CBC_CIPHERS) {
      const own = encryptor({ cipher, signSecret: 'sign', digest: 'SHA256' })
      const message = own.encryptAndSign(1)
      const verifier = new MessageVerifier('sign', { digest: 'SHA256', backend: 'node' })
      expect(verifier.validMessage(message)).toBe(true)
      expect(encryptor({ cipher, digest: 'SHA256' }).decryptAndVerify(message)).toMatchObject({
        reason: 'unauthenticated',
      })
      const alone = encryptor({ cipher }).encryptAndSign(1)
      expect(new MessageVerifier(key(keyLength(cipher)), { backend: 'node' }).validMessage(alone)).toBe(true)
    }
  })
})

describe('rotations', () => {
  it('of secrets, ciphers and digests', () => {
    const own = encryptor({
      rotations: [
        { secret: key(32, 'o') },
        { secret: key(16, 'o'), cipher: 'aes-128-gcm' },
        { cipher: 'aes-256-cbc', signSecret: 'sign', digest: 'SHA512' },
        { secret: key(24, 'p'), cipher: 'aes-192-cbc' },
      ],
    })
    const rotation = (writer: MessageEncryptor): unknown => {
      const opened = own.decryptAndVerify(writer.encryptAndSign(1))
      return opened.ok ? opened.meta.rotation : opened.reason
    }
    expect(rotation(own)).toBeNull()
    expect(rotation(new MessageEncryptor(key(32, 'o'), options))).toBe(0)
    expect(rotation(new MessageEncryptor(key(16, 'o'), { ...options, cipher: 'aes-128-gcm' }))).toBe(1)
    expect(rotation(encryptor({ cipher: 'aes-256-cbc', signSecret: 'sign', digest: 'SHA512' }))).toBe(2)
    expect(rotation(new MessageEncryptor(key(24, 'p'), { ...options, cipher: 'aes-192-cbc' }))).toBe(3)
    expect(rotation(new MessageEncryptor(key(32, 'z'), options))).toBe('unauthenticated')
  })
})

describe('with keys of a KeyGenerator', () => {
  it('opens the cookies of an application', () => {
    const generator = new KeyGenerator(SECRET, { iterations: 1000, hashDigestClass: 'SHA256', backend: 'node' })
    const own = new MessageEncryptor(generator.generateKey('authenticated encrypted cookie', 32), options)
    const cookie = application().cookies.encrypted('c').seal({ n: 1 })
    expect(own.decryptAndVerify(decodeURIComponent(cookie), { purpose: 'cookie.c' })).toMatchObject({
      ok: true,
      data: { n: 1 },
    })
  })
})

describe('MessageEncryptor refuses', () => {
  it.each<[unknown, object, string]>([
    [key(31), {}, 'MessageEncryptor: the secret has 31 bytes; aes-256-gcm needs 32'],
    [key(64), {}, 'the secret has 64 bytes; aes-256-gcm needs 32'],
    ['é'.repeat(32), {}, 'the secret has 64 bytes'],
    [key(32), { cipher: 'aes-128-cbc' }, 'the secret has 32 bytes; aes-128-cbc needs 16'],
    [key(32), { cipher: 'aes-256-ecb' }, "cipher is 'aes-256-ecb'; write one of 'aes-256-gcm'"],
    [key(32), { signSecret: '' }, 'the secret is no string and no Uint8Array, or empty'],
    [
      key(32),
      { rotations: [{ cipher: 'aes-128-gcm' }] },
      'rotations[0]: the secret has 32 bytes; aes-128-gcm needs 16',
    ],
    [key(32), { rotations: [{ cypher: 'aes-128-gcm' }] }, 'rotations[0]: unknown option cypher; did you mean cipher?'],
    ['', {}, 'the secret is no string and no Uint8Array, or empty'],
  ])('%o %o', (secret, given, expected) => {
    expect(() => new MessageEncryptor(secret as string, given)).toThrow(ConfigError)
    expect(() => new MessageEncryptor(secret as string, given)).toThrow(expected)
  })

  it('knows the key length of every cipher', () => {
    expect([...AEAD_CIPHERS, ...CBC_CIPHERS].map(keyLength)).toEqual([32, 24, 16, 32, 32, 24, 16])
  })
})
