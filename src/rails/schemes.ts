import { Buffer } from 'node:buffer'
import type { AeadCipher, CbcCipher, Derivation, Digest, Key, Scheme } from '../backend/backend.ts'
import { ConfigError } from '../errors.ts'
import type { Config } from './config.ts'
import { isCbc, keyLength } from './names.ts'
import type { Rotation } from './rotation-options.ts'
import { atLeast } from './version.ts'

/** Where a key comes from. Planning derives nothing, so that it costs nothing. */
export type KeySource = { readonly derive: Derivation } | { readonly bytes: Uint8Array }

/** A scheme whose keys are still to be made, and what it is to the application. */
export interface PlannedScheme {
  /** Index into `cookiesRotations`, `'legacy'` for a built-in upgrade or an older secret, null for the current scheme. */
  readonly rotation: number | 'legacy' | null
  readonly keys: readonly KeySource[]
  build(keys: readonly Key[]): Scheme
}

/**
 * The schemes of `cookies.signed`, as Rails sets up its jar: the current one, those of older secrets, the rotations
 * in order, and the built-in upgrade from `secret_token`.
 */
export function planSigned(config: Config): readonly PlannedScheme[] {
  const digest = config.signedDigest
  const token = config.secretToken === null ? null : { bytes: config.secretToken }
  if (config.secrets.length === 0) return [signed({ rotation: null, key: token!, digest })]
  const key = (secret: Uint8Array, from: KeySettings): KeySource =>
    derived(config, from, secret, from.signedCookieSalt ?? config.signedCookieSalt, HMAC_KEY_LENGTH)
  return [
    ...currentAndOlder(config, (secret, rotation) => signed({ rotation, key: key(secret, {}), digest })),
    ...rotations(config, 'signed', (rotation, index, secret) => {
      const raw = rotation.secrets[0]
      const source = raw === undefined ? key(secret, rotation) : { bytes: raw }
      return [signed({ rotation: index, key: source, digest: rotation.digest ?? digest })]
    }),
    ...(token === null ? [] : [signed({ rotation: 'legacy', key: token, digest: 'SHA1' })]),
  ]
}

/** The schemes of `cookies.encrypted`; throws a `ConfigError` where Rails has no such jar. */
export function planEncrypted(config: Config): readonly PlannedScheme[] {
  if (config.secrets.length === 0) {
    throw new ConfigError(
      'createRails: encrypted cookies need a secretKeyBase; with secretToken alone, Rails only signs: use cookies.signed',
    )
  }
  const current = config.useAuthenticatedCookieEncryption
  return [
    ...currentAndOlder(config, (secret, rotation) =>
      current ? authenticated(config, {}, secret, rotation) : cbc(config, {}, secret, rotation, config.cbcDigest),
    ),
    ...rotations(config, 'encrypted', (rotation, index, secret) => [rotated(config, rotation, index, secret)]),
    ...config.secrets.flatMap((secret) => upgrades(config, secret)),
    ...(config.secretToken === null
      ? []
      : [signed({ rotation: 'legacy', key: { bytes: config.secretToken }, digest: 'SHA1' })]),
  ]
}

/** Rails reads AES-CBC cookies when it writes AES-GCM, and from 6.1 on the other way round, unless a salt is missing. */
function upgrades(config: Config, secret: Uint8Array): PlannedScheme[] {
  if (config.useAuthenticatedCookieEncryption) {
    const salted = config.encryptedCookieSalt !== null && config.encryptedSignedCookieSalt !== null
    return salted ? [cbc(config, {}, secret, 'legacy', config.cookiesDigest)] : []
  }
  const readsGcm = atLeast(config.railsVersion, '5.2') && config.authenticatedEncryptedCookieSalt !== null
  return readsGcm ? [authenticated(config, {}, secret, 'legacy')] : []
}

type KeySettings = Partial<
  Pick<
    Rotation,
    | 'keyGeneratorHashDigestClass'
    | 'keyGeneratorIterations'
    | 'signedCookieSalt'
    | 'encryptedCookieSalt'
    | 'encryptedSignedCookieSalt'
    | 'authenticatedEncryptedCookieSalt'
    | 'cipher'
  >
>

function rotated(config: Config, rotation: Rotation, index: number, secret: Uint8Array): PlannedScheme {
  const cipher = rotation.cipher ?? config.primaryCipher
  const digest = rotation.digest ?? (config.useAuthenticatedCookieEncryption ? 'SHA1' : config.cbcDigest)
  const [key, signKey] = rotation.secrets
  if (key === undefined) {
    return isCbc(cipher) && !derivesFromAuthenticatedSalt(config, rotation, cipher)
      ? cbc(config, rotation, secret, index, digest)
      : authenticated(config, rotation, secret, index, digest)
  }
  if (!isCbc(cipher)) return aead({ rotation: index, key: { bytes: key }, cipher })
  return encryptThenMac({
    rotation: index,
    key: { bytes: key.subarray(0, keyLength(cipher)) },
    signKey: signKey === undefined ? inheritedSignKey(config, key) : { bytes: signKey },
    cipher,
    digest,
  })
}

/** What a rotation of one raw secret signs with: Rails' current sign key, or, where that has none, the secret itself. */
function inheritedSignKey(config: Config, key: Uint8Array): KeySource {
  const salt = config.useAuthenticatedCookieEncryption ? null : config.encryptedSignedCookieSalt
  return salt === null ? { bytes: key } : derived(config, {}, config.secrets[0]!, salt, HMAC_KEY_LENGTH)
}

/** Whether an AES-CBC rotation is one of authenticated mode: a salt that it names tells, else it is as the current scheme. */
function derivesFromAuthenticatedSalt(config: Config, from: KeySettings, cipher: AeadCipher | CbcCipher): boolean {
  if ((from.encryptedCookieSalt ?? from.encryptedSignedCookieSalt) !== undefined) return false
  if (from.authenticatedEncryptedCookieSalt !== undefined) return true
  return config.useAuthenticatedCookieEncryption && cipher === config.primaryCipher
}

/** One key from the authenticated salt; under a CBC cipher, Rails signs with that same key. */
function authenticated(
  config: Config,
  from: KeySettings,
  secret: Uint8Array,
  rotation: PlannedScheme['rotation'],
  digest: Digest = 'SHA1',
): PlannedScheme {
  const cipher = from.cipher ?? config.authenticatedCipher
  const salt = required(from, config, 'authenticatedEncryptedCookieSalt')
  const key = derived(config, from, secret, salt, keyLength(cipher))
  return isCbc(cipher)
    ? encryptThenMac({ rotation, key, signKey: key, cipher, digest })
    : aead({ rotation, key, cipher })
}

function cbc(
  config: Config,
  from: KeySettings,
  secret: Uint8Array,
  rotation: PlannedScheme['rotation'],
  digest: Digest,
): PlannedScheme {
  const cipher = from.cipher !== undefined && isCbc(from.cipher) ? from.cipher : 'aes-256-cbc'
  const salt = required(from, config, 'encryptedCookieSalt')
  const signSalt = required(from, config, 'encryptedSignedCookieSalt')
  return encryptThenMac({
    rotation,
    key: derived(config, from, secret, salt, keyLength(cipher)),
    signKey: derived(config, from, secret, signSalt, HMAC_KEY_LENGTH),
    cipher,
    digest,
  })
}

type SaltName = 'encryptedCookieSalt' | 'encryptedSignedCookieSalt' | 'authenticatedEncryptedCookieSalt'

function required(from: KeySettings, config: Config, name: SaltName): string {
  const salt = from[name] ?? config[name]
  if (salt === null)
    throw new ConfigError(`createRails: ${name} is null, and a scheme that is in use derives its key from it`)
  return salt
}

function derived(config: Config, from: KeySettings, secret: Uint8Array, salt: string, length: number): KeySource {
  return {
    derive: {
      digest: from.keyGeneratorHashDigestClass ?? config.keyGeneratorHashDigestClass,
      secret,
      salt: Buffer.from(salt),
      iterations: from.keyGeneratorIterations ?? config.keyGeneratorIterations,
      length,
    },
  }
}

function currentAndOlder(
  config: Config,
  plan: (secret: Uint8Array, rotation: 'legacy' | null) => PlannedScheme,
): PlannedScheme[] {
  return config.secrets.map((secret, age) => plan(secret, age === 0 ? null : 'legacy'))
}

/** A rotation without a secret of its own stands for one scheme per configured secret. */
function rotations(
  config: Config,
  kind: Rotation['kind'],
  plan: (rotation: Rotation, index: number, secret: Uint8Array) => PlannedScheme[],
): PlannedScheme[] {
  return config.cookiesRotations.flatMap((rotation, index) => {
    if (rotation.kind !== kind) return []
    if (rotation.secrets.length > 0) return plan(rotation, index, NO_SECRET)
    const secrets = rotation.secretKeyBase === undefined ? config.secrets : [rotation.secretKeyBase]
    return secrets.flatMap((secret) => plan(rotation, index, secret))
  })
}

function signed(plan: { rotation: PlannedScheme['rotation']; key: KeySource; digest: Digest }): PlannedScheme {
  return {
    rotation: plan.rotation,
    keys: [plan.key],
    build: ([key]) => ({ kind: 'signed', digest: plan.digest, key: key!, urlSafe: false }),
  }
}

function aead(plan: { rotation: PlannedScheme['rotation']; key: KeySource; cipher: AeadCipher }): PlannedScheme {
  return {
    rotation: plan.rotation,
    keys: [plan.key],
    build: ([key]) => ({ kind: 'aead', cipher: plan.cipher, key: key!, urlSafe: false }),
  }
}

function encryptThenMac(plan: {
  rotation: PlannedScheme['rotation']
  key: KeySource
  signKey: KeySource
  cipher: CbcCipher
  digest: Digest
}): PlannedScheme {
  return {
    rotation: plan.rotation,
    keys: [plan.key, plan.signKey],
    build: ([key, signKey]) => ({
      kind: 'cbc',
      cipher: plan.cipher,
      key: key!,
      signKey: signKey!,
      digest: plan.digest,
      urlSafe: false,
    }),
  }
}

// ActiveSupport::KeyGenerator's default; every HMAC key of a Rails application has this length.
const HMAC_KEY_LENGTH = 64
const NO_SECRET = new Uint8Array(0)
