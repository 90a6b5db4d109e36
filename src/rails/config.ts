import { Buffer } from 'node:buffer'
import type { AeadCipher, CbcCipher, Digest } from '../backend/backend.ts'
import type { CsrfSettings } from '../csrf/csrf.ts'
import { ConfigError } from '../errors.ts'
import type { CookiesSerializerName, CustomSerializer } from '../serializers/serializer.ts'
import type { Rolling, WriteRule } from '../session/write-rule.ts'
import type { StandardSchema } from '../standard-schema.ts'
import { readCsrf } from './csrf-options.ts'
import { CIPHERS, DIGESTS, ROLLINGS, SAME_SITES, SERIALIZERS, WRITE_RULES } from './names.ts'
import type { RailsOptions } from './options.ts'
import { type Preset, presetFor } from './presets.ts'
import { type Rotation, readRotations } from './rotation-options.ts'
import { type SessionCookieConfig, readSessionCookie } from './session-options.ts'
import { checkSettingsExist } from './since.ts'
import { OptionReader } from './validate.ts'
import { atLeast, RAILS_VERSIONS, type RailsVersion } from './version.ts'

/** Validated, complete and frozen options. Holds secrets: it stays in private fields. */
export interface Config {
  /** `secret_key_base`s as bytes, newest first; empty with a `secretToken` alone. */
  readonly secrets: readonly Uint8Array[]
  readonly secretToken: Uint8Array | null
  readonly railsVersion: RailsVersion
  readonly session: SessionCookieConfig
  readonly encryptSession: boolean

  readonly cookiesSerializer: CookiesSerializerName | CustomSerializer
  readonly escapeHtmlEntities: boolean
  readonly escapeJsSeparators: boolean

  readonly useAuthenticatedCookieEncryption: boolean
  /** Cipher of the scheme in authenticated mode. */
  readonly authenticatedCipher: AeadCipher | CbcCipher
  /** Cipher of the scheme that seals. */
  readonly primaryCipher: AeadCipher | CbcCipher
  readonly signedDigest: Digest
  /** HMAC digest where AES-CBC is the scheme that seals. */
  readonly cbcDigest: Digest
  /** HMAC digest of AES-CBC cookies read in AES-GCM mode. */
  readonly cookiesDigest: Digest
  readonly keyGeneratorHashDigestClass: Digest
  readonly keyGeneratorIterations: number
  readonly signedCookieSalt: string
  readonly encryptedCookieSalt: string | null
  readonly encryptedSignedCookieSalt: string | null
  readonly authenticatedEncryptedCookieSalt: string | null
  readonly cookiesRotations: readonly Rotation[]

  readonly useCookiesWithMetadata: boolean
  readonly requirePurpose: boolean
  readonly cookiesSameSiteProtection: 'lax' | 'strict' | 'none' | null
  readonly csrf: CsrfSettings
  readonly rackVersion: '2' | '3'
  readonly write: WriteRule
  readonly rolling: Rolling
  readonly overflow: 'browser' | 'rails'
  readonly readBytes: number
  readonly cachedKeys: number
  readonly schema: StandardSchema | undefined
  readonly backend: 'auto' | 'native' | 'node'
  readonly now: () => number
}

/** Reads, checks and completes the options of `createRails`; throws a `ConfigError` at the first mistake. */
export function readConfig(options: unknown): Config {
  const reader = new OptionReader('createRails', options, OPTIONS)
  const loadDefaults = reader.oneOf('loadDefaults', RAILS_VERSIONS) ?? '8.1'
  const railsVersion = reader.oneOf('railsVersion', RAILS_VERSIONS) ?? loadDefaults
  if (!atLeast(railsVersion, loadDefaults)) {
    throw new ConfigError(
      `createRails: loadDefaults is ${loadDefaults} and railsVersion ${railsVersion}; Rails cannot load the defaults of a later version: write a railsVersion that is at least loadDefaults`,
    )
  }
  checkSettingsExist(reader, railsVersion)
  const preset = presetFor(loadDefaults)
  const secrets = readSecrets(reader, railsVersion)
  const useGcm = reader.boolean('useAuthenticatedCookieEncryption') ?? preset.useAuthenticatedCookieEncryption
  const authenticatedCipher = reader.oneOf('encryptedCookieCipher', [...CIPHERS, null]) ?? 'aes-256-gcm'
  const primaryCipher = useGcm ? authenticatedCipher : 'aes-256-cbc'
  const useCookiesWithMetadata = reader.boolean('useCookiesWithMetadata') ?? preset.useCookiesWithMetadata
  const session = readSessionCookie(reader.raw('session'))
  const limits = new OptionReader('createRails: limits', reader.has('limits') ? reader.raw('limits') : {}, [
    'readBytes',
    'cachedKeys',
  ])
  return Object.freeze({
    ...secrets,
    railsVersion,
    session,
    encryptSession: readEncryptSession(reader, secrets.secrets.length > 0),
    cookiesSerializer: readSerializer(reader, preset),
    escapeHtmlEntities: reader.boolean('escapeHtmlEntitiesInJson') ?? true,
    escapeJsSeparators: reader.boolean('escapeJsSeparatorsInJson') ?? preset.escapeJsSeparatorsInJson,
    useAuthenticatedCookieEncryption: useGcm,
    authenticatedCipher,
    primaryCipher,
    ...readHmacDigests(reader, railsVersion),
    keyGeneratorHashDigestClass:
      reader.oneOf('keyGeneratorHashDigestClass', DIGESTS) ?? preset.keyGeneratorHashDigestClass,
    keyGeneratorIterations: reader.integer('keyGeneratorIterations', 1, 10_000_000) ?? 1000,
    ...readSalts(reader, useGcm),
    cookiesRotations: readRotations(reader.raw('cookiesRotations'), primaryCipher),
    useCookiesWithMetadata,
    requirePurpose: readRequirePurpose(reader, useCookiesWithMetadata),
    cookiesSameSiteProtection: reader.has('cookiesSameSiteProtection')
      ? reader.oneOf('cookiesSameSiteProtection', SAME_SITES)!
      : preset.cookiesSameSiteProtection,
    csrf: readCsrf(reader, railsVersion, loadDefaults),
    rackVersion: reader.oneOf('rackVersion', ['2', '3']) ?? (atLeast(railsVersion, '7.1') ? '3' : '2'),
    overflow: reader.oneOf('overflow', ['browser', 'rails']) ?? 'browser',
    ...readWriting(reader, session),
    readBytes: limits.integer('readBytes', 1, 1_048_576) ?? 8192,
    cachedKeys: limits.integer('cachedKeys', 1, 1_000_000) ?? 64,
    schema: readSchema(reader),
    backend: reader.oneOf('backend', ['auto', 'native', 'node']) ?? 'auto',
    now: reader.function<() => number>('now') ?? Date.now,
  })
}

function readWriting(
  reader: OptionReader,
  { expireAfterSeconds }: SessionCookieConfig,
): Pick<Config, 'write' | 'rolling'> {
  const write = reader.oneOf('write', WRITE_RULES) ?? 'changed'
  const rolling = reader.oneOf('rolling', ROLLINGS)
  if (rolling === undefined || rolling === 'never') return { write, rolling: 'never' }
  if (expireAfterSeconds === null) {
    throw new ConfigError(
      `createRails: rolling is '${rolling}' and nothing expires; write session: { expireAfter: '14 days' }`,
    )
  }
  if (write !== 'changed') {
    throw new ConfigError(
      `createRails: rolling is '${rolling}' and write '${write}', which says itself when a cookie is sent; leave one of them out`,
    )
  }
  return { write, rolling }
}

function readSecrets(reader: OptionReader, railsVersion: RailsVersion): Pick<Config, 'secrets' | 'secretToken'> {
  const weak = reader.boolean('allowWeakSecret') ?? false
  const token = reader.text('secretToken', true)
  if (token !== undefined && atLeast(railsVersion, '6.0')) {
    throw new ConfigError(
      `createRails: secretToken with railsVersion ${railsVersion}: Rails 6.0 dropped secret_token; give secretKeyBase, or the railsVersion (to 5.2) that uses it`,
    )
  }
  const given = reader.raw('secretKeyBase')
  const bases: unknown[] = given === undefined ? [] : Array.isArray(given) ? [...given] : [given]
  if (bases.length === 0 && token === undefined) {
    reader.fail('secretKeyBase', "the application's secret_key_base (secretToken for Rails 3.2)")
  }
  if (bases.length > MOST_SECRETS) reader.fail('secretKeyBase', `at most ${MOST_SECRETS} secrets, newest first`)
  return {
    secrets: Object.freeze(
      bases.map((base, i) =>
        secretBytes(base, Array.isArray(given) ? `secretKeyBase[${i}]` : 'secretKeyBase', weak, SHORTEST_SECRET),
      ),
    ),
    secretToken: token === undefined ? null : secretBytes(token, 'secretToken', weak, SHORTEST_TOKEN),
  }
}

function secretBytes(secret: unknown, name: string, weak: boolean, shortest: number): Uint8Array {
  if (typeof secret !== 'string' || !secret.isWellFormed() || secret === '') {
    const what = secret === '' ? 'empty' : typeof secret === 'string' ? 'not well-formed' : 'no string'
    throw new ConfigError(`createRails: ${name} is ${what}; write the secret as Rails has it, as a string`)
  }
  const bytes = Buffer.from(secret)
  if (bytes.length < shortest && !weak) {
    throw new ConfigError(
      `createRails: ${name} has ${bytes.length} bytes; write at least ${shortest} (bin/rails secret makes 128), or allowWeakSecret: true`,
    )
  }
  return bytes
}

function readEncryptSession(reader: OptionReader, hasSecretKeyBase: boolean): boolean {
  const given = reader.boolean('encryptSession')
  if (given === true && !hasSecretKeyBase) {
    reader.fail('encryptSession', 'false, or give a secretKeyBase: with secretToken alone, Rails only signs')
  }
  return given ?? hasSecretKeyBase
}

function readRequirePurpose(reader: OptionReader, useCookiesWithMetadata: boolean): boolean {
  const given = reader.boolean('requirePurpose') ?? false
  if (given && !useCookiesWithMetadata) {
    reader.fail('requirePurpose', 'false: useCookiesWithMetadata is off, so that no cookie is written with a purpose')
  }
  return given
}

function readSerializer(reader: OptionReader, preset: Preset): Config['cookiesSerializer'] {
  const given = reader.raw('cookiesSerializer')
  if (given === undefined) return preset.cookiesSerializer
  if (typeof given === 'object' && given !== null) {
    const { dump, load } = given as Partial<CustomSerializer>
    if (typeof dump !== 'function' || typeof load !== 'function') {
      reader.fail('cookiesSerializer', 'an object with the functions dump(value) and load(bytes), or a name')
    }
    // Bound once, so that a later change of the object changes nothing here.
    return Object.freeze({ dump: dump.bind(given), load: load.bind(given) })
  }
  return reader.oneOf('cookiesSerializer', [...SERIALIZERS, null]) ?? 'marshal'
}

function readHmacDigests(
  reader: OptionReader,
  railsVersion: RailsVersion,
): Pick<Config, 'signedDigest' | 'cbcDigest' | 'cookiesDigest'> {
  const signedCookieDigest = reader.oneOf('signedCookieDigest', [...DIGESTS, null]) ?? 'SHA1'
  const cookiesDigest = reader.oneOf('cookiesDigest', [...DIGESTS, null]) ?? 'SHA1'
  // 5.2 stopped to pass cookies_digest to both jars; nothing passes a digest to the encrypted one since.
  return atLeast(railsVersion, '5.2')
    ? { signedDigest: signedCookieDigest, cbcDigest: 'SHA1', cookiesDigest }
    : { signedDigest: cookiesDigest, cbcDigest: cookiesDigest, cookiesDigest }
}

type Salts = Pick<
  Config,
  'signedCookieSalt' | 'encryptedCookieSalt' | 'encryptedSignedCookieSalt' | 'authenticatedEncryptedCookieSalt'
>

function readSalts(reader: OptionReader, useGcm: boolean): Salts {
  const salt = (name: string, standard: string): string | null => {
    const given = reader.salt(name)
    return given === undefined ? standard : given
  }
  const salts = {
    signedCookieSalt: reader.text('signedCookieSalt') ?? 'signed cookie',
    encryptedCookieSalt: salt('encryptedCookieSalt', 'encrypted cookie'),
    encryptedSignedCookieSalt: salt('encryptedSignedCookieSalt', 'signed encrypted cookie'),
    authenticatedEncryptedCookieSalt: salt('authenticatedEncryptedCookieSalt', 'authenticated encrypted cookie'),
  }
  const needed = useGcm
    ? (['authenticatedEncryptedCookieSalt'] as const)
    : (['encryptedCookieSalt', 'encryptedSignedCookieSalt'] as const)
  for (const name of needed) {
    if (salts[name] === null) {
      reader.fail(name, `a salt: useAuthenticatedCookieEncryption is ${useGcm}, so the current key is derived from it`)
    }
  }
  return salts
}

function readSchema(reader: OptionReader): StandardSchema | undefined {
  const schema = reader.raw('schema') as StandardSchema | undefined
  // ArkType's schemas are functions.
  const usable = (typeof schema === 'object' && schema !== null) || typeof schema === 'function'
  if (schema !== undefined && !(usable && typeof schema['~standard']?.validate === 'function')) {
    reader.fail('schema', 'a Standard Schema, such as a Zod, Valibot or ArkType schema')
  }
  return schema
}

const MOST_SECRETS = 8
const SHORTEST_SECRET = 32
// Rails 3.2 refused tokens below this.
const SHORTEST_TOKEN = 30
const OPTIONS: ReadonlyArray<keyof RailsOptions> = [
  'secretKeyBase',
  'secretToken',
  'loadDefaults',
  'railsVersion',
  'session',
  'cookiesSerializer',
  'useAuthenticatedCookieEncryption',
  'encryptedCookieCipher',
  'signedCookieDigest',
  'cookiesDigest',
  'keyGeneratorHashDigestClass',
  'keyGeneratorIterations',
  'signedCookieSalt',
  'encryptedCookieSalt',
  'encryptedSignedCookieSalt',
  'authenticatedEncryptedCookieSalt',
  'useCookiesWithMetadata',
  'cookiesSameSiteProtection',
  'cookiesRotations',
  'escapeHtmlEntitiesInJson',
  'escapeJsSeparatorsInJson',
  'perFormCsrfTokens',
  'urlsafeCsrfTokens',
  'forgeryProtectionOriginCheck',
  'forgeryProtectionVerificationStrategy',
  'forgeryProtectionTrustedOrigins',
  'encryptSession',
  'requirePurpose',
  'allowWeakSecret',
  'rackVersion',
  'overflow',
  'write',
  'rolling',
  'limits',
  'schema',
  'backend',
  'now',
]
