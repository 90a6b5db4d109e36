import { pbkdf2Sync } from 'node:crypto'
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'
import type { RecordedRotation } from '../conformance/settings.ts'
import type { Random } from './random.ts'

/** Settings of a Rails application by their Rails names, as the vectors have them. */
export interface RailsConfig {
  readonly secret_key_base: string
  readonly key_generator_iterations: number
  readonly key_generator_hash_digest_class: 'SHA1' | 'SHA256'
  readonly use_authenticated_cookie_encryption: boolean
  readonly encrypted_cookie_cipher: string | null
  readonly signed_cookie_digest: string | null
  readonly cookies_digest: string | null
  readonly signed_cookie_salt: string
  readonly encrypted_cookie_salt: string
  readonly encrypted_signed_cookie_salt: string
  readonly authenticated_encrypted_cookie_salt: string
  readonly use_cookies_with_metadata: boolean
  readonly use_message_serializer_for_metadata: boolean
  readonly cookies_serializer: string
  readonly escape_html_entities_in_json: boolean
  readonly cookies_same_site_protection: string | null
  readonly session_options: SessionOptions
  readonly cookies_rotations: readonly RecordedRotation[]
  readonly [setting: string]: unknown
}

/** Options of the session store; `expire_after` in seconds. */
export type SessionOptions = Readonly<Record<string, string | number | boolean>>

/** Random settings, all of which that Rails knows. */
export function randomConfig(random: Random, rails: RailsVersion): RailsConfig {
  const salt = (standard: string): string =>
    random.chance(0.6) ? standard : `${standard} ${random.pick(SALT_ENDINGS)}`
  return {
    secret_key_base: randomSecret(random),
    key_generator_iterations: random.chance(0.8) ? 1000 : random.pick([1, 2, 999, 2048]),
    key_generator_hash_digest_class: atLeast(rails, '7.0') && random.chance(0.6) ? 'SHA256' : 'SHA1',
    use_authenticated_cookie_encryption: random.chance(0.7),
    encrypted_cookie_cipher: random.pick([null, ...AEAD_CIPHERS, ...CBC_CIPHERS]),
    signed_cookie_digest: random.pick([null, ...DIGESTS]),
    cookies_digest: random.pick([null, null, ...DIGESTS]),
    signed_cookie_salt: salt('signed cookie'),
    encrypted_cookie_salt: salt('encrypted cookie'),
    encrypted_signed_cookie_salt: salt('signed encrypted cookie'),
    authenticated_encrypted_cookie_salt: salt('authenticated encrypted cookie'),
    use_cookies_with_metadata: random.chance(0.6),
    // Rails does not apply it to cookies; before 7.1 there is none.
    use_message_serializer_for_metadata: atLeast(rails, '7.1') && random.chance(0.5),
    cookies_serializer: random.pick(serializers(rails)),
    escape_html_entities_in_json: random.chance(0.6),
    cookies_same_site_protection: random.pick([null, 'lax', 'strict', 'none']),
    session_options: randomSessionOptions(random),
    cookies_rotations: [],
  }
}

/** The same application, in settings that do not decide what it can read. */
export function harmlessChange(random: Random, config: RailsConfig): RailsConfig {
  const alike = ['json', 'hybrid']
  return {
    ...config,
    use_cookies_with_metadata: !config.use_cookies_with_metadata,
    escape_html_entities_in_json: !config.escape_html_entities_in_json,
    cookies_same_site_protection: random.pick([null, 'lax', 'strict', 'none']),
    cookies_serializer: alike.includes(config.cookies_serializer) ? random.pick(alike) : config.cookies_serializer,
  }
}

/** `config` with rotations that read the cookies of the application that `old` was, among others that read nothing. */
export function rotatedFrom(random: Random, old: RailsConfig, config: RailsConfig): RailsConfig {
  const rotations = [encryptedRotation(old), signedRotation(old)]
  for (let decoys = random.integer(0, 2); decoys > 0; decoys--) {
    const other = { ...old, secret_key_base: randomSecret(random) }
    rotations.splice(random.integer(0, rotations.length), 0, random.pick([encryptedRotation, signedRotation])(other))
  }
  return { ...config, cookies_serializer: old.cookies_serializer, cookies_rotations: rotations }
}

/** A secret_key_base: hexadecimal as `bin/rails secret` makes it, or any text. */
export function randomSecret(random: Random): string {
  const text = Array.from(random.bytes(32), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return random.chance(0.6) ? text : text + random.pick(['\n', 'schlüssel', 'ключ 🔑', ' \u0001'])
}

/** The scheme that seals encrypted cookies, for counting. */
export function cipherOf(config: RailsConfig): string {
  if (!config.use_authenticated_cookie_encryption) return 'aes-256-cbc'
  const cipher = config.encrypted_cookie_cipher ?? 'aes-256-gcm'
  return cipher.endsWith('-cbc') ? `${cipher} (authenticated mode)` : cipher
}

function serializers(rails: RailsVersion): readonly string[] {
  const common = ['json', 'hybrid', 'marshal', 'marshal', 'custom:prefixed_json']
  return atLeast(rails, '7.1') ? [...common, ...SINCE_7_1] : common
}

function randomSessionOptions(random: Random): SessionOptions {
  const options: Record<string, string | number | boolean> = {}
  if (random.chance(0.3)) options['expire_after'] = random.integer(1, 100_000_000)
  if (random.chance(0.2)) options['path'] = '/shop'
  if (random.chance(0.2)) options['domain'] = random.pick(['all', 'example.org'])
  if (random.chance(0.2)) options['secure'] = true
  if (random.chance(0.2)) options['httponly'] = false
  if (random.chance(0.2)) options['same_site'] = random.pick(['lax', 'strict', 'none'])
  return options
}

function encryptedRotation(old: RailsConfig): RecordedRotation {
  if (!old.use_authenticated_cookie_encryption) {
    const salts = [old.encrypted_cookie_salt, old.encrypted_signed_cookie_salt]
    const secrets = [key(old, salts[0]!, 32), key(old, salts[1]!, HMAC_KEY_LENGTH)]
    return rotation(old, 'encrypted', secrets, { cipher: 'aes-256-cbc', digest: 'SHA1' }, salts)
  }
  const cipher = old.encrypted_cookie_cipher ?? 'aes-256-gcm'
  const salts = [old.authenticated_encrypted_cookie_salt]
  const secret = key(old, salts[0]!, cipher.startsWith('chacha') ? 32 : Number(cipher.slice(4, 7)) / 8)
  if (!cipher.endsWith('-cbc')) return rotation(old, 'encrypted', [secret], { cipher }, salts)
  return rotation(old, 'encrypted', [secret, secret], { cipher, digest: 'SHA1' }, salts)
}

function signedRotation(old: RailsConfig): RecordedRotation {
  const digest = old.signed_cookie_digest ?? 'SHA1'
  const salts = [old.signed_cookie_salt]
  return rotation(old, 'signed', [key(old, salts[0]!, HMAC_KEY_LENGTH)], { digest }, salts)
}

function rotation(
  old: RailsConfig,
  kind: RecordedRotation['kind'],
  secrets: readonly string[],
  options: RecordedRotation['options'],
  salts: readonly string[],
): RecordedRotation {
  const { secret_key_base, key_generator_hash_digest_class, key_generator_iterations } = old
  const from = { secret_key_base, key_generator_hash_digest_class, key_generator_iterations }
  return { kind, secrets_hex: secrets, options, derived_from: { ...from, salts } }
}

function key(config: RailsConfig, salt: string, length: number): string {
  const { secret_key_base: secret, key_generator_iterations: iterations } = config
  return pbkdf2Sync(secret, salt, iterations, length, config.key_generator_hash_digest_class).toString('hex')
}

const SINCE_7_1 = ['json_allow_marshal', 'message_pack', 'message_pack_allow_marshal']
const HMAC_KEY_LENGTH = 64
const SALT_ENDINGS = ['2', '(neu)', 'соль', '\n', '']
const AEAD_CIPHERS = ['aes-128-gcm', 'aes-192-gcm', 'aes-256-gcm', 'chacha20-poly1305']
const CBC_CIPHERS = ['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc']
const DIGESTS = ['SHA1', 'SHA256', 'SHA384', 'SHA512', 'MD5']
