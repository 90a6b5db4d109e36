import { Buffer } from 'node:buffer'
import { readJsonValue } from '../../src/serializers/json/reader.ts'
import { writeJson } from '../../src/serializers/json/writer.ts'
import type { RailsOptions, RotationOptions, SessionCookieOptions } from '../../src/rails/options.ts'
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'
import type { CustomSerializer } from '../../src/serializers/serializer.ts'
import type { VectorConfig } from './vectors.ts'

/** The Rails that is answered for, and the rack beside it. */
export interface Framework {
  readonly rails: RailsVersion
  readonly rack: '2' | '3'
}

/** Rack's generation: as its version says, otherwise the one that came with that Rails. */
export function rackOf(rails: RailsVersion, rack: string): '2' | '3' {
  if (rack !== '') return rack.startsWith('3.') ? '3' : '2'
  return atLeast(rails, '7.1') ? '3' : '2'
}

/** The Rails and rack of a label such as `6.1p` or `main`; `7.1b` is Rails 7.1 with rack 2. */
export function frameworkOf(label: string): Framework {
  const rails = (label === 'main' ? '8.2' : label.replace(/[a-z]+$/, '')) as RailsVersion
  return { rails, rack: label !== '7.1b' && atLeast(rails, '7.1') ? '3' : '2' }
}

/** Thrown for a recorded setting that this library has no option for: the case cannot be put to it. */
export class NoSuchOption extends Error {
  constructor(kind: string, name: string) {
    super(`${kind} ${name}`)
    this.name = 'NoSuchOption'
  }
}

/** The options of `createRails` for recorded settings. Throws {@link NoSuchOption}. */
export function railsOptions(config: VectorConfig, { rails, rack }: Framework): RailsOptions {
  const options: Record<string, unknown> = {
    loadDefaults: rails,
    railsVersion: rails,
    rackVersion: rack,
    allowWeakSecret: true,
    overflow: 'rails',
    limits: { cachedKeys: 100_000 },
  }
  for (const [name, value] of Object.entries(config)) {
    if (NOT_OURS.has(name) || !hasSetting(rails, name)) continue
    const option = OPTIONS.get(name)
    if (option === undefined) throw new NoSuchOption('setting', name)
    const translated = translate(name, value)
    if (translated !== undefined) options[option] = translated
  }
  return options
}

/** What was recorded of a cookie names the settings of a later Rails, too; an older one did nothing about them. */
function hasSetting(rails: RailsVersion, name: string): boolean {
  const since = SINCE.get(name)
  if (name === 'secret_token' && atLeast(rails, '6.0')) return false
  return since === undefined || atLeast(rails, since)
}

function translate(name: string, value: unknown): unknown {
  switch (name) {
    case 'secret_key_base':
    case 'secret_token':
    case 'urlsafe_csrf_tokens':
      return value ?? undefined
    case 'cookies_serializer':
      return value === 'custom:prefixed_json' ? PREFIXED_JSON : value
    case 'cookies_rotations':
      return (value as RecordedRotation[]).map(rotation)
    case 'session_options':
      return sessionOptions(value as VectorConfig)
    default:
      return value
  }
}

/** One entry of a recorded `cookies_rotations`. */
export interface RecordedRotation {
  readonly kind: 'encrypted' | 'signed'
  readonly secrets_hex: readonly string[]
  readonly options: { readonly digest?: string; readonly cipher?: string }
  readonly derived_from?: {
    readonly secret_key_base: string
    readonly key_generator_hash_digest_class: string
    readonly key_generator_iterations: number
    readonly salts: readonly string[]
  }
}

function rotation({ kind, secrets_hex: secrets, options }: RecordedRotation): RotationOptions {
  const raw = secrets.length === 0 ? {} : { secrets: secrets.map((hex) => Buffer.from(hex, 'hex')) }
  return { kind, ...raw, ...options } as RotationOptions
}

/** The same rotation with its keys not given but derived, where the case tells from what. */
export function derivedRotation(recorded: RecordedRotation): RotationOptions {
  const from = recorded.derived_from
  if (from === undefined) return rotation(recorded)
  const [first = '', second = ''] = from.salts
  const salts =
    recorded.kind === 'signed'
      ? { signedCookieSalt: first }
      : from.salts.length === 2
        ? { encryptedCookieSalt: first, encryptedSignedCookieSalt: second }
        : { authenticatedEncryptedCookieSalt: first }
  return {
    kind: recorded.kind,
    ...recorded.options,
    ...salts,
    secretKeyBase: from.secret_key_base,
    keyGeneratorHashDigestClass: from.key_generator_hash_digest_class,
    keyGeneratorIterations: from.key_generator_iterations,
  } as RotationOptions
}

/** The session cookie's options by our names. Throws {@link NoSuchOption}. */
export function sessionOptions(config: VectorConfig): SessionCookieOptions {
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(config)) {
    if (name.startsWith('_')) continue
    const option = SESSION_OPTIONS.get(name)
    if (option === undefined) throw new NoSuchOption('session option', name)
    options[option] = value
  }
  return options
}

/** The recorded application's own serializer: `pj1:` and plain JSON. */
export const PREFIXED_JSON: CustomSerializer = {
  dump: (value) =>
    `pj1:${writeJson(value, { escapeHtmlEntities: false, escapeJsSeparators: false, dialect: 'json_gem' })}`,
  load(bytes) {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.startsWith('pj1:')) throw new Error('no prefix')
    const read = readJsonValue(text.slice(4))
    if (!read.ok) throw new Error(read.reason)
    return read.value
  },
}

const camelCase = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

const OPTIONS: ReadonlyMap<string, string> = new Map([
  ...[
    'secret_key_base',
    'secret_token',
    'cookies_serializer',
    'use_authenticated_cookie_encryption',
    'encrypted_cookie_cipher',
    'signed_cookie_digest',
    'cookies_digest',
    'key_generator_hash_digest_class',
    'key_generator_iterations',
    'signed_cookie_salt',
    'encrypted_cookie_salt',
    'encrypted_signed_cookie_salt',
    'authenticated_encrypted_cookie_salt',
    'use_cookies_with_metadata',
    'cookies_same_site_protection',
    'cookies_rotations',
    'escape_html_entities_in_json',
    'escape_js_separators_in_json',
    'per_form_csrf_tokens',
    'urlsafe_csrf_tokens',
  ].map((name): [string, string] => [name, camelCase(name)]),
  ['session_options', 'session'],
])

const SINCE: ReadonlyMap<string, RailsVersion> = new Map([
  ['secret_key_base', '4.0'],
  ['cookies_serializer', '4.1'],
  ['use_authenticated_cookie_encryption', '5.2'],
  ['encrypted_cookie_cipher', '5.2'],
  ['signed_cookie_digest', '5.2'],
  ['authenticated_encrypted_cookie_salt', '5.2'],
  ['cookies_rotations', '5.2'],
  ['use_cookies_with_metadata', '6.0'],
  ['cookies_same_site_protection', '6.1'],
  ['key_generator_hash_digest_class', '7.0'],
  ['per_form_csrf_tokens', '5.0'],
  ['urlsafe_csrf_tokens', '5.2'],
])

const SESSION_OPTIONS: ReadonlyMap<string, string> = new Map([
  ...['key', 'path', 'domain', 'tld_length', 'secure', 'same_site', 'partitioned', 'expire_after'].map(
    (name): [string, string] => [name, camelCase(name)],
  ),
  ['httponly', 'httpOnly'],
])

/** Settings that no cookie shows. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'use_message_serializer_for_metadata',
  'use_standard_json_time_format',
  'time_precision',
])
