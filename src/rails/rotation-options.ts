import { Buffer } from 'node:buffer'
import type { AeadCipher, CbcCipher, Digest } from '../backend/backend.ts'
import { ConfigError } from '../errors.ts'
import { CIPHERS, DIGESTS, isCbc, keyLength } from './names.ts'
import { OptionReader } from './validate.ts'

/** One validated entry of `cookiesRotations`; undefined fields are those of the main options. */
export interface Rotation {
  readonly kind: 'encrypted' | 'signed'
  readonly secrets: readonly Uint8Array[]
  readonly cipher: AeadCipher | CbcCipher | undefined
  readonly digest: Digest | undefined
  readonly secretKeyBase: Uint8Array | undefined
  readonly keyGeneratorHashDigestClass: Digest | undefined
  readonly keyGeneratorIterations: number | undefined
  readonly signedCookieSalt: string | undefined
  readonly encryptedCookieSalt: string | undefined
  readonly encryptedSignedCookieSalt: string | undefined
  readonly authenticatedEncryptedCookieSalt: string | undefined
}

/** Validates `cookiesRotations`. `primaryCipher` is what an encrypted rotation without a cipher inherits. */
export function readRotations(given: unknown, primaryCipher: AeadCipher | CbcCipher): readonly Rotation[] {
  if (given === undefined) return []
  if (!Array.isArray(given)) throw new ConfigError('createRails: cookiesRotations is not an array; write [{ kind, … }]')
  const entries: unknown[] = [...given]
  if (entries.length > MOST_ROTATIONS) {
    throw new ConfigError(
      `createRails: cookiesRotations has ${entries.length} entries; keep ${MOST_ROTATIONS} at most, since a forged cookie costs work for each`,
    )
  }
  return Object.freeze(entries.map((entry, index) => readRotation(entry, index, primaryCipher)))
}

function readRotation(entry: unknown, index: number, primaryCipher: AeadCipher | CbcCipher): Rotation {
  const where = `cookiesRotations[${index}]`
  const reader = new OptionReader(where, entry, ROTATION_OPTIONS)
  const kind = reader.oneOf('kind', ['encrypted', 'signed']) ?? reader.fail('kind', "'encrypted' or 'signed'")
  const secrets = readSecrets(reader, where)
  const cipher = reader.oneOf('cipher', CIPHERS)
  const rotation: Rotation = {
    kind,
    secrets,
    cipher,
    digest: reader.oneOf('digest', DIGESTS),
    secretKeyBase: bytes(reader.text('secretKeyBase', true)),
    keyGeneratorHashDigestClass: reader.oneOf('keyGeneratorHashDigestClass', DIGESTS),
    keyGeneratorIterations: reader.integer('keyGeneratorIterations', 1, MOST_ITERATIONS),
    signedCookieSalt: reader.text('signedCookieSalt'),
    encryptedCookieSalt: reader.text('encryptedCookieSalt'),
    encryptedSignedCookieSalt: reader.text('encryptedSignedCookieSalt'),
    authenticatedEncryptedCookieSalt: reader.text('authenticatedEncryptedCookieSalt'),
  }
  const derivesFrom = DERIVATION_OPTIONS.find((name) => reader.has(name))
  if (secrets.length > 0 && derivesFrom !== undefined) {
    throw new ConfigError(
      `${where}: secrets and ${derivesFrom} contradict each other; give raw secrets or what to derive them from`,
    )
  }
  if (kind === 'signed') {
    if (cipher !== undefined) reader.fail('cipher', "kind: 'encrypted', or leave cipher out: signed cookies have none")
    if (secrets.length > 1) reader.fail('secrets', 'one key: signed cookies have no second')
  } else if (secrets.length > 0) {
    checkKeyLength(where, secrets[0]!, cipher ?? primaryCipher)
  }
  return Object.freeze(rotation)
}

function readSecrets(reader: OptionReader, where: string): readonly Uint8Array[] {
  const given = reader.raw('secrets')
  if (given === undefined) return []
  const keys: unknown[] = Array.isArray(given) ? [...given] : []
  if (!Array.isArray(given) || keys.length > 2) reader.fail('secrets', 'an array of one or two keys', true)
  return keys.map((secret, i) => {
    // Not `slice`, which in a Buffer shares the memory.
    const copy =
      typeof secret === 'string' ? bytes(secret) : secret instanceof Uint8Array ? new Uint8Array(secret) : undefined
    if (copy === undefined || copy.length === 0) {
      throw new ConfigError(`${where}: secrets[${i}] is no key; write a Uint8Array or a string that is not empty`)
    }
    return copy
  })
}

function checkKeyLength(where: string, secret: Uint8Array, cipher: AeadCipher | CbcCipher): void {
  const expected = keyLength(cipher)
  // Rails below 5.2 handed 64 bytes to OpenSSL, which used the first 32.
  if (secret.length === expected || (isCbc(cipher) && secret.length === 64)) return
  throw new ConfigError(`${where}: secrets[0] has ${secret.length} bytes; ${cipher} needs ${expected}`)
}

function bytes(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : Buffer.from(text)
}

const MOST_ROTATIONS = 8
const MOST_ITERATIONS = 10_000_000
const DERIVATION_OPTIONS = [
  'secretKeyBase',
  'keyGeneratorHashDigestClass',
  'keyGeneratorIterations',
  'signedCookieSalt',
  'encryptedCookieSalt',
  'encryptedSignedCookieSalt',
  'authenticatedEncryptedCookieSalt',
]
const ROTATION_OPTIONS = ['kind', 'secrets', 'cipher', 'digest', ...DERIVATION_OPTIONS]
