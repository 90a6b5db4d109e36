import type { AeadCipher, CbcCipher, Digest } from '../backend/backend.ts'
import type { CookiesSerializerName, CustomSerializer } from '../serializers/serializer.ts'
import type { SessionData } from '../session/request-session.ts'
import type { Rolling, WriteRule } from '../session/write-rule.ts'
import type { StandardSchema } from '../standard-schema.ts'
import type { RailsVersion } from './version.ts'

/**
 * Options of `createRails`. Each setting of Rails has its Rails name in camelCase and, unless it is given, the value
 * that `loadDefaults` gives it in Rails.
 */
export interface RailsOptions<Session = SessionData> {
  /**
   * The application's `secret_key_base`, as text: it is never hex-decoded, and a trailing newline counts. An array
   * holds it newest first: the first seals, all open. At least 32 bytes. `undefined`, as of a variable that is missing from
   * the environment, is none.
   */
  secretKeyBase?: string | readonly string[] | undefined
  /** `secret_token` of Rails 3.2 and 4.x to 5.2. Alone, cookies are signed with it; beside `secretKeyBase`, it reads old ones. */
  secretToken?: string | undefined
  /** `config.load_defaults`: the defaults of everything below. Default `'8.1'`. */
  loadDefaults?: RailsVersion
  /** The Rails on the other side, for the writing rules that follow the framework and not its defaults. Default `loadDefaults`. */
  railsVersion?: RailsVersion
  /** The session cookie: `config.session_store :cookie_store, …`. */
  session?: SessionCookieOptions

  /** How payloads are serialized. `null`, as in Rails, is `'marshal'`. */
  cookiesSerializer?: CookiesSerializerName | CustomSerializer | null
  /** Encrypt with AES-GCM (Rails 5.2+) instead of AES-CBC and HMAC. */
  useAuthenticatedCookieEncryption?: boolean
  /** Cipher in authenticated mode. Default `'aes-256-gcm'`. */
  encryptedCookieCipher?: AeadCipher | CbcCipher | null
  /** HMAC digest of signed cookies from Rails 5.2 on. Default `'SHA1'`, in every version. */
  signedCookieDigest?: Digest | null
  /** HMAC digest of Rails 4.2 to 5.1; later, only that of the AES-CBC cookies read in AES-GCM mode. Default `'SHA1'`. */
  cookiesDigest?: Digest | null
  /** PBKDF2 digest. */
  keyGeneratorHashDigestClass?: Digest
  /** PBKDF2 iterations. Default 1000, as every Rails application uses. */
  keyGeneratorIterations?: number
  /** Default `'signed cookie'`. */
  signedCookieSalt?: string
  /** Default `'encrypted cookie'`. `null` switches AES-CBC off in AES-GCM mode. */
  encryptedCookieSalt?: string | null
  /** Default `'signed encrypted cookie'`. `null` switches AES-CBC off in AES-GCM mode. */
  encryptedSignedCookieSalt?: string | null
  /** Default `'authenticated encrypted cookie'`. `null` switches AES-GCM off in AES-CBC mode. */
  authenticatedEncryptedCookieSalt?: string | null
  /** Put the purpose `cookie.<name>` into every signed and encrypted cookie (Rails 6.0+). */
  useCookiesWithMetadata?: boolean
  /** SameSite of every cookie that does not set its own. */
  cookiesSameSiteProtection?: 'lax' | 'strict' | 'none' | null
  /** Older settings that still open cookies, tried in order; at most 8. */
  cookiesRotations?: readonly RotationOptions[]
  /** Write `<`, `>` and `&` as `\u003c`, `\u003e` and `\u0026`. Default true. */
  escapeHtmlEntitiesInJson?: boolean
  /** Write U+2028 and U+2029 as escapes. */
  escapeJsSeparatorsInJson?: boolean

  /** Make CSRF tokens that are good for one form, and accept them (Rails 5.0+). */
  perFormCsrfTokens?: boolean
  /** Write CSRF tokens in the url-safe alphabet. An option of Rails 5.2 to 7.0; later ones always do. Both are read. */
  urlsafeCsrfTokens?: boolean
  /** Refuse requests whose Origin header is another than their own (Rails 5.0+). */
  forgeryProtectionOriginCheck?: boolean
  /**
   * Judge requests by the Sec-Fetch-Site header instead of tokens (Rails 8.2): alone, or with tokens where it is missing.
   * `null` takes tokens alone, as Rails up to 8.1 do.
   */
  forgeryProtectionVerificationStrategy?: 'header_only' | 'header_or_legacy_token' | null
  /**
   * Origins whose cross-site requests are accepted by that header, such as `'https://accounts.google.com'`. Needs
   * `forgeryProtectionOriginCheck: false`, since Rails checks the Origin first.
   */
  forgeryProtectionTrustedOrigins?: readonly string[]

  /** `false`: the session cookie is signed and not encrypted. Default: encrypted where there is a `secretKeyBase`. */
  encryptSession?: boolean
  /** Refuse cookies that carry no purpose. Safe once every Rails is 6.0+ with metadata on. Default false, as in Rails. */
  requirePurpose?: boolean
  /** Accept secrets that are too short. Default false. */
  allowWeakSecret?: boolean
  /** The rack on the other side, which spells Set-Cookie: `'3'` in lower case. Default `'3'` from `railsVersion` 7.1 on. */
  rackVersion?: '2' | '3'
  /** `'browser'` (default) refuses cookies that browsers would drop, too; `'rails'` checks only what Rails checks. */
  overflow?: 'browser' | 'rails'
  /**
   * When `commit()` of a request's session gives a cookie. `'changed'` (default): when something changed, or Rails would seal it
   * otherwise today. `'rails'`: as Rails, whenever a session was so much as read; with `expireAfter`, for every response.
   * `'manual'`: whenever it is called, and adapters send only what was committed by then.
   */
  write?: WriteRule
  /**
   * With `session.expireAfter` and `write: 'changed'`, when the expiry of a session that did not change is set anew: `'never'`
   * (default), once half of the time is over (`'half-life'`), or with every response (`'always'`). Rails before 5.2 put no
   * date into the cookie, so that half of the time counts as over.
   */
  rolling?: Rolling
  /** Bounds. */
  limits?: LimitOptions
  /**
   * Standard Schema (Zod, Valibot, ArkType …) that session data must satisfy. Synchronous. A request's session keeps the keys
   * of Rails and Devise (flash, CSRF token, user) though the schema drops them.
   */
  schema?: StandardSchema<Session>
  /** `'auto'` (default) takes the native addon, or `node:crypto` with a warning where no binary loads. */
  backend?: 'auto' | 'native' | 'node'
  /** The clock: milliseconds since 1970. Default `Date.now`; for tests. */
  now?: () => number
}

/** Options of the session cookie, by the names of `config.session_store`. */
export interface SessionCookieOptions {
  /** Name of the cookie. Default `'_session_id'`, as in Rails. */
  key?: string
  /** Default `'/'`. */
  path?: string
  /** A domain, several to choose from by host, or `'all'` for the registrable domain of the request's host. */
  domain?: string | readonly string[]
  /** Number of labels that `domain: 'all'` keeps. */
  tldLength?: number
  /**
   * Send the cookie over https only; over http, no session cookie is sent at all. `'auto'`: over https with `secure`, over
   * http without.
   */
  secure?: boolean | 'auto'
  /** Default true. */
  httpOnly?: boolean
  /** `null` writes none. Default `cookiesSameSiteProtection`. */
  sameSite?: 'lax' | 'strict' | 'none' | null
  partitioned?: boolean
  /** Lifetime from each write on: seconds, or a text such as `'14 days'`. Default: until the browser closes. */
  expireAfter?: number | string
}

/** Bounds on work and memory. */
export interface LimitOptions {
  /** Longest cookie value that is looked at, in characters as it stands in the header. Default 8192. */
  readBytes?: number
  /** Derived keys kept for the whole process. Default 64; the largest number asked for counts. */
  cachedKeys?: number
}

/**
 * One entry of `cookiesRotations`: either raw `secrets`, as Rails takes them, or what to derive them from, where
 * everything that is not given is as in the main options.
 */
export interface RotationOptions {
  kind: 'encrypted' | 'signed'
  /** Raw keys, bytes or text: `[key]`, or `[key, signKey]` for AES-CBC. */
  secrets?: ReadonlyArray<string | Uint8Array>
  /** Cipher of an encrypted rotation. */
  cipher?: AeadCipher | CbcCipher
  /** HMAC digest of a signed or AES-CBC rotation. */
  digest?: Digest
  secretKeyBase?: string
  keyGeneratorHashDigestClass?: Digest
  keyGeneratorIterations?: number
  signedCookieSalt?: string
  encryptedCookieSalt?: string
  encryptedSignedCookieSalt?: string
  authenticatedEncryptedCookieSalt?: string
}
