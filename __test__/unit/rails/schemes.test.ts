import { describe, expect, it } from 'vitest'
import type { Key } from '../../../src/backend/backend.ts'
import { ConfigError } from '../../../src/errors.ts'
import { readConfig } from '../../../src/rails/config.ts'
import type { RailsOptions } from '../../../src/rails/options.ts'
import { type KeySource, type PlannedScheme, planEncrypted, planSigned } from '../../../src/rails/schemes.ts'

const NEW = 'N'.repeat(32)
const OLD = 'O'.repeat(32)
const TOKEN = 'T'.repeat(32)

/** Salts by the names of their settings. */
const SALTS: ReadonlyMap<string, string> = new Map([
  ['signed cookie', 'signed'],
  ['encrypted cookie', 'cbc'],
  ['signed encrypted cookie', 'mac'],
  ['authenticated encrypted cookie', 'gcm'],
])

/** `N.gcm/32`: 32 bytes from the secret of N's and the salt for GCM; `=T32`: 32 raw bytes, all T. */
function source(from: KeySource): string {
  if ('bytes' in from) return `=${Buffer.from(from.bytes).toString('latin1', 0, 1)}${from.bytes.length}`
  const { secret, salt, length, digest, iterations } = from.derive
  const text = Buffer.from(salt).toString()
  const letter = Buffer.from(secret).toString('latin1', 0, 1)
  const unusual = `${digest === 'SHA1' ? '' : `,${digest}`}${iterations === 1000 ? '' : `,${iterations}`}`
  return `${letter}.${SALTS.get(text) ?? text}/${length}${unusual}`
}

/** One line a scheme: what it is to the application, cipher, digest, keys. */
function summary(plan: readonly PlannedScheme[]): string[] {
  return plan.map(({ rotation, keys, build }) => {
    const names = new Map<Key, string>()
    const made = keys.map((from) => {
      const key: Key = { length: 0, bytes: () => new Uint8Array() }
      names.set(key, source(from))
      return key
    })
    const scheme = build(made)
    expect(scheme.urlSafe).toBe(false)
    const label = rotation === null ? 'current' : String(rotation)
    if (scheme.kind === 'signed') return `${label} signed ${scheme.digest} ${names.get(scheme.key)}`
    if (scheme.kind === 'aead') return `${label} ${scheme.cipher} ${names.get(scheme.key)}`
    return `${label} ${scheme.cipher} ${scheme.digest} ${names.get(scheme.key)} ${names.get(scheme.signKey)}`
  })
}

const signed = (options: RailsOptions): string[] => summary(planSigned(readConfig({ secretKeyBase: NEW, ...options })))
const encrypted = (options: RailsOptions): string[] =>
  summary(planEncrypted(readConfig({ secretKeyBase: NEW, ...options })))
const bytes = (letter: string, length: number): Uint8Array => Buffer.alloc(length, letter)

describe('cookies.signed', () => {
  it('is HMAC-SHA1 in every version', () => {
    for (const loadDefaults of ['4.0', '4.2', '5.2', '6.1'] as const) {
      expect(signed({ loadDefaults })).toEqual(['current signed SHA1 N.signed/64'])
    }
    for (const loadDefaults of ['7.0', '7.1', '8.2'] as const) {
      expect(signed({ loadDefaults })).toEqual(['current signed SHA1 N.signed/64,SHA256'])
    }
  })

  it('signedCookieDigest counts from 5.2 on, cookiesDigest before', () => {
    const digests = { signedCookieDigest: 'SHA256', cookiesDigest: 'SHA512' } as const
    expect(signed({ loadDefaults: '5.2', ...digests })).toEqual(['current signed SHA256 N.signed/64'])
    expect(signed({ loadDefaults: '5.1', railsVersion: '6.0', ...digests })).toEqual([
      'current signed SHA256 N.signed/64',
    ])
    for (const loadDefaults of ['4.2', '5.1'] as const) {
      expect(signed({ loadDefaults, cookiesDigest: 'SHA512' })).toEqual(['current signed SHA512 N.signed/64'])
    }
  })

  it('older secrets, rotations in order, then secret_token', () => {
    expect(
      signed({
        loadDefaults: '5.2',
        secretKeyBase: [NEW, OLD],
        secretToken: TOKEN,
        signedCookieDigest: 'SHA256',
        cookiesRotations: [
          { kind: 'signed', digest: 'SHA1' },
          { kind: 'encrypted', cipher: 'aes-128-gcm' },
          { kind: 'signed', secrets: [bytes('R', 20)] },
          { kind: 'signed', secretKeyBase: 'X'.repeat(32), signedCookieSalt: 'pepper', keyGeneratorIterations: 7 },
        ],
      }),
    ).toEqual([
      'current signed SHA256 N.signed/64',
      'legacy signed SHA256 O.signed/64',
      '0 signed SHA1 N.signed/64',
      '0 signed SHA1 O.signed/64',
      '2 signed SHA256 =R20',
      '3 signed SHA256 X.pepper/64,7',
      'legacy signed SHA1 =T32',
    ])
  })

  it('secret_token alone is the key, with the digest of the version', () => {
    const alone = (options: RailsOptions): string[] =>
      summary(planSigned(readConfig({ secretToken: TOKEN, ...options })))
    expect(alone({ loadDefaults: '3.2' })).toEqual(['current signed SHA1 =T32'])
    expect(alone({ loadDefaults: '4.2', cookiesDigest: 'SHA256' })).toEqual(['current signed SHA256 =T32'])
    expect(alone({ loadDefaults: '5.2', signedCookieDigest: 'SHA384' })).toEqual(['current signed SHA384 =T32'])
  })

  it('takes salts, iterations and digest of the key generator as set', () => {
    expect(
      signed({ signedCookieSalt: 'pepper', keyGeneratorIterations: 65_536, keyGeneratorHashDigestClass: 'SHA512' }),
    ).toEqual(['current signed SHA1 N.pepper/64,SHA512,65536'])
  })
})

describe('cookies.encrypted', () => {
  it('is AES-CBC below 5.2, AES-GCM with the old one behind it from then on', () => {
    expect(encrypted({ loadDefaults: '4.0' })).toEqual(['current aes-256-cbc SHA1 N.cbc/32 N.mac/64'])
    expect(encrypted({ loadDefaults: '5.1' })).toEqual(['current aes-256-cbc SHA1 N.cbc/32 N.mac/64'])
    for (const loadDefaults of ['5.2', '6.1'] as const) {
      expect(encrypted({ loadDefaults })).toEqual([
        'current aes-256-gcm N.gcm/32',
        'legacy aes-256-cbc SHA1 N.cbc/32 N.mac/64',
      ])
    }
    expect(encrypted({ loadDefaults: '7.0' })).toEqual([
      'current aes-256-gcm N.gcm/32,SHA256',
      'legacy aes-256-cbc SHA1 N.cbc/32,SHA256 N.mac/64,SHA256',
    ])
  })

  it('cookiesDigest: signs below 5.2; later it is of the upgrade from AES-CBC only', () => {
    const cookiesDigest = 'SHA256'
    expect(encrypted({ loadDefaults: '4.2', cookiesDigest })).toEqual(['current aes-256-cbc SHA256 N.cbc/32 N.mac/64'])
    expect(encrypted({ loadDefaults: '5.1', railsVersion: '5.2', cookiesDigest })).toEqual([
      'current aes-256-cbc SHA1 N.cbc/32 N.mac/64',
      'legacy aes-256-gcm N.gcm/32',
    ])
    expect(encrypted({ loadDefaults: '6.0', cookiesDigest })).toEqual([
      'current aes-256-gcm N.gcm/32',
      'legacy aes-256-cbc SHA256 N.cbc/32 N.mac/64',
    ])
    expect(encrypted({ loadDefaults: '6.0', useAuthenticatedCookieEncryption: false, cookiesDigest })[0]).toBe(
      'current aes-256-cbc SHA1 N.cbc/32 N.mac/64',
    )
  })

  it('in CBC mode reads what encryptedCookieCipher would write', () => {
    const mode = { loadDefaults: '6.1', useAuthenticatedCookieEncryption: false } as const
    expect(encrypted(mode)[1]).toBe('legacy aes-256-gcm N.gcm/32')
    expect(encrypted({ ...mode, encryptedCookieCipher: 'aes-128-gcm' })[1]).toBe('legacy aes-128-gcm N.gcm/16')
  })

  it('salts that are null or empty switch the upgrades off', () => {
    for (const nothing of [null, '']) {
      expect(encrypted({ loadDefaults: '6.1', encryptedCookieSalt: nothing })).toEqual(['current aes-256-gcm N.gcm/32'])
      expect(encrypted({ loadDefaults: '6.1', encryptedSignedCookieSalt: nothing })).toHaveLength(1)
      expect(
        encrypted({
          loadDefaults: '6.1',
          useAuthenticatedCookieEncryption: false,
          authenticatedEncryptedCookieSalt: nothing,
        }),
      ).toEqual(['current aes-256-cbc SHA1 N.cbc/32 N.mac/64'])
    }
  })

  it.each([
    ['aes-128-gcm', 'current aes-128-gcm N.gcm/16'],
    ['aes-192-gcm', 'current aes-192-gcm N.gcm/24'],
    ['chacha20-poly1305', 'current chacha20-poly1305 N.gcm/32'],
    // Rails hands the one key to AES and to HMAC.
    ['aes-256-cbc', 'current aes-256-cbc SHA1 N.gcm/32 N.gcm/32'],
    ['aes-128-cbc', 'current aes-128-cbc SHA1 N.gcm/16 N.gcm/16'],
  ] as const)('encryptedCookieCipher %s in authenticated mode', (encryptedCookieCipher, current) => {
    expect(encrypted({ loadDefaults: '6.1', encryptedCookieCipher })).toEqual([
      current,
      'legacy aes-256-cbc SHA1 N.cbc/32 N.mac/64',
    ])
  })

  it('older secrets, rotations in order, upgrades of each secret, then secret_token', () => {
    expect(
      encrypted({
        loadDefaults: '5.2',
        secretKeyBase: [NEW, OLD],
        secretToken: TOKEN,
        cookiesRotations: [
          { kind: 'encrypted', keyGeneratorHashDigestClass: 'SHA256' },
          { kind: 'signed', digest: 'SHA256' },
          { kind: 'encrypted', secrets: [bytes('R', 32)] },
          {
            kind: 'encrypted',
            secretKeyBase: 'X'.repeat(32),
            cipher: 'aes-128-gcm',
            authenticatedEncryptedCookieSalt: 'pepper',
          },
        ],
      }),
    ).toEqual([
      'current aes-256-gcm N.gcm/32',
      'legacy aes-256-gcm O.gcm/32',
      '0 aes-256-gcm N.gcm/32,SHA256',
      '0 aes-256-gcm O.gcm/32,SHA256',
      '2 aes-256-gcm =R32',
      '3 aes-128-gcm X.pepper/16',
      'legacy aes-256-cbc SHA1 N.cbc/32 N.mac/64',
      'legacy aes-256-cbc SHA1 O.cbc/32 O.mac/64',
      'legacy signed SHA1 =T32',
    ])
  })

  it('has none with a secret_token alone', () => {
    const config = readConfig({ secretToken: TOKEN, loadDefaults: '4.0' })
    expect(() => planEncrypted(config)).toThrow(ConfigError)
  })

  it('8 secrets and 8 rotations make a keyring that no backend refuses', () => {
    const plan = encrypted({
      secretKeyBase: Array.from({ length: 8 }, () => NEW),
      cookiesRotations: Array.from({ length: 8 }, () => ({
        kind: 'encrypted' as const,
        cipher: 'aes-128-gcm' as const,
      })),
    })
    expect(plan).toHaveLength(8 + 8 * 8 + 8)
    expect(plan.length).toBeLessThanOrEqual(127)
  })
})

describe('rotations of cookies.encrypted', () => {
  const rotation = (options: RailsOptions, entry: object): string | undefined =>
    encrypted({ loadDefaults: '6.1', ...options, cookiesRotations: [{ kind: 'encrypted', ...entry }] })[1]
  const cbcMode = { useAuthenticatedCookieEncryption: false }

  it('raw secrets are keys as they are', () => {
    expect(rotation({}, { secrets: [bytes('R', 16)], cipher: 'aes-128-gcm' })).toBe('0 aes-128-gcm =R16')
    expect(rotation({}, { secrets: [bytes('R', 32), bytes('S', 64)], cipher: 'aes-256-cbc' })).toBe(
      '0 aes-256-cbc SHA1 =R32 =S64',
    )
    expect(rotation({}, { secrets: [bytes('R', 32), bytes('S', 64)], cipher: 'aes-256-cbc', digest: 'SHA256' })).toBe(
      '0 aes-256-cbc SHA256 =R32 =S64',
    )
    expect(rotation(cbcMode, { secrets: [bytes('R', 64), bytes('S', 64)] })).toBe('0 aes-256-cbc SHA1 =R32 =S64')
  })

  it('a missing sign secret is inherited, and in authenticated mode there is none to inherit', () => {
    expect(rotation(cbcMode, { secrets: [bytes('R', 32)] })).toBe('0 aes-256-cbc SHA1 =R32 N.mac/64')
    expect(rotation({}, { secrets: [bytes('R', 32)], cipher: 'aes-256-cbc' })).toBe('0 aes-256-cbc SHA1 =R32 =R32')
    expect(rotation({ encryptedCookieCipher: 'aes-256-cbc' }, { secrets: [bytes('R', 32)] })).toBe(
      '0 aes-256-cbc SHA1 =R32 =R32',
    )
  })

  it('derived ones use the salts of the cipher', () => {
    expect(rotation({}, { secretKeyBase: OLD })).toBe('0 aes-256-gcm O.gcm/32')
    expect(rotation({}, { secretKeyBase: OLD, cipher: 'aes-256-cbc', digest: 'SHA256' })).toBe(
      '0 aes-256-cbc SHA256 O.cbc/32 O.mac/64',
    )
    expect(rotation({}, { cipher: 'aes-128-cbc', encryptedCookieSalt: 'a', encryptedSignedCookieSalt: 'b' })).toBe(
      '0 aes-128-cbc SHA1 N.a/16 N.b/64',
    )
    expect(rotation(cbcMode, { secretKeyBase: OLD })).toBe('0 aes-256-cbc SHA1 O.cbc/32 O.mac/64')
    expect(rotation(cbcMode, { secretKeyBase: OLD, cipher: 'aes-256-gcm' })).toBe('0 aes-256-gcm O.gcm/32')
    expect(rotation(cbcMode, { keyGeneratorHashDigestClass: 'SHA256', keyGeneratorIterations: 5 })).toBe(
      '0 aes-256-cbc SHA1 N.cbc/32,SHA256,5 N.mac/64,SHA256,5',
    )
  })

  it('the CBC cipher of authenticated mode rotates with its one key, and with the digest that is asked for', () => {
    const mode = { encryptedCookieCipher: 'aes-256-cbc' } as const
    expect(rotation(mode, { secretKeyBase: OLD })).toBe('0 aes-256-cbc SHA1 O.gcm/32 O.gcm/32')
    expect(rotation(mode, { secretKeyBase: OLD, digest: 'SHA256' })).toBe('0 aes-256-cbc SHA256 O.gcm/32 O.gcm/32')
  })

  it('a salt that is named tells which of the two AES-CBC schemes is meant', () => {
    const mode = { encryptedCookieCipher: 'aes-256-cbc' } as const
    const pepper = { authenticatedEncryptedCookieSalt: 'pepper' }
    expect(rotation(mode, { encryptedCookieSalt: 'salt' })).toBe('0 aes-256-cbc SHA1 N.salt/32 N.mac/64')
    expect(rotation(mode, { encryptedSignedCookieSalt: 'salt', ...pepper })).toBe(
      '0 aes-256-cbc SHA1 N.cbc/32 N.salt/64',
    )
    expect(rotation(mode, pepper)).toBe('0 aes-256-cbc SHA1 N.pepper/32 N.pepper/32')
    expect(rotation({}, { cipher: 'aes-128-cbc', ...pepper })).toBe('0 aes-128-cbc SHA1 N.pepper/16 N.pepper/16')
    expect(rotation({}, { cipher: 'aes-128-cbc' })).toBe('0 aes-128-cbc SHA1 N.cbc/16 N.mac/64')
  })

  it('a salt that was switched off and that a rotation needs is an error', () => {
    const options = { secretKeyBase: NEW, encryptedCookieSalt: null } as const
    const cookiesRotations = [{ kind: 'encrypted', cipher: 'aes-256-cbc' }] as const
    expect(() => planEncrypted(readConfig({ ...options, cookiesRotations }))).toThrow(/encryptedCookieSalt is null/)
  })
})
