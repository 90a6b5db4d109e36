import { createRails, type RailsOptions, type RailsVersion, type RotationOptions } from '../../index.ts'
import type { Equals } from './equals.ts'

/** Fails to compile unless its argument is `true`. */
declare function check<T extends true>(): T

const secretKeyBase = 'x'.repeat(64)

// Everything there is.
export const all: RailsOptions = {
  secretKeyBase: [secretKeyBase, secretKeyBase],
  secretToken: 'x'.repeat(30),
  loadDefaults: '5.2',
  railsVersion: '5.2',
  session: {
    key: '_s',
    path: '/',
    domain: ['a.test', 'b.test'],
    tldLength: 2,
    secure: true,
    httpOnly: true,
    sameSite: null,
    partitioned: true,
    expireAfter: '14 days',
  },
  cookiesSerializer: { dump: (value) => String(value), load: (bytes) => bytes.length },
  useAuthenticatedCookieEncryption: true,
  encryptedCookieCipher: 'aes-256-gcm',
  signedCookieDigest: 'SHA256',
  cookiesDigest: null,
  keyGeneratorHashDigestClass: 'SHA1',
  keyGeneratorIterations: 1000,
  signedCookieSalt: 'a',
  encryptedCookieSalt: null,
  encryptedSignedCookieSalt: null,
  authenticatedEncryptedCookieSalt: 'b',
  useCookiesWithMetadata: true,
  cookiesSameSiteProtection: null,
  cookiesRotations: [
    { kind: 'encrypted', keyGeneratorHashDigestClass: 'SHA1' },
    { kind: 'signed', secrets: ['raw', new Uint8Array(64)], digest: 'SHA256' },
  ],
  escapeHtmlEntitiesInJson: true,
  escapeJsSeparatorsInJson: false,
  perFormCsrfTokens: true,
  urlsafeCsrfTokens: false,
  forgeryProtectionOriginCheck: false,
  forgeryProtectionVerificationStrategy: 'header_or_legacy_token',
  forgeryProtectionTrustedOrigins: ['https://accounts.google.com'],
  encryptSession: true,
  requirePurpose: true,
  allowWeakSecret: true,
  rackVersion: '3',
  overflow: 'rails',
  limits: { readBytes: 4096, cachedKeys: 128 },
  backend: 'native',
  now: () => Date.now(),
}

check<
  Equals<
    RailsVersion,
    | '3.2'
    | '4.0'
    | '4.1'
    | '4.2'
    | '5.0'
    | '5.1'
    | '5.2'
    | '6.0'
    | '6.1'
    | '7.0'
    | '7.1'
    | '7.2'
    | '8.0'
    | '8.1'
    | '8.2'
  >
>()

// Read-only arrays are taken.
const secrets: readonly string[] = [secretKeyBase]
const rotations: readonly RotationOptions[] = []
createRails({ secretKeyBase: secrets, cookiesRotations: rotations })

// A variable of the environment, which may be missing, is taken; createRails says so if it is.
createRails({ secretKeyBase: process.env['SECRET_KEY_BASE'] })

// @ts-expect-error: unknown option
createRails({ secretKeyBase, secret_key_base: 'x' })
// @ts-expect-error: unknown option
createRails({ secretKeyBase, key: '_s' })
// @ts-expect-error: options are needed
createRails()
// @ts-expect-error: versions are texts
createRails({ secretKeyBase, loadDefaults: 7.1 })
// @ts-expect-error: no such version
createRails({ secretKeyBase, loadDefaults: '7.3' })
// @ts-expect-error: no such serializer
createRails({ secretKeyBase, cookiesSerializer: 'yaml' })
// @ts-expect-error: a serializer has load, too
createRails({ secretKeyBase, cookiesSerializer: { dump: String } })
// @ts-expect-error: digests are in upper case
createRails({ secretKeyBase, signedCookieDigest: 'sha256' })
// @ts-expect-error: no such cipher
createRails({ secretKeyBase, encryptedCookieCipher: 'aes-256-ecb' })
// @ts-expect-error: a number
createRails({ secretKeyBase, keyGeneratorIterations: '1000' })
// @ts-expect-error: the salt of signed cookies cannot be switched off
createRails({ secretKeyBase, signedCookieSalt: null })
// @ts-expect-error: unknown session option
createRails({ secretKeyBase, session: { name: '_s' } })
// @ts-expect-error: SameSite in lower case
createRails({ secretKeyBase, session: { sameSite: 'Lax' } })
// @ts-expect-error: a text
createRails({ secretKeyBase, rackVersion: 3 })
// @ts-expect-error: no such backend
createRails({ secretKeyBase, backend: 'js' })
// @ts-expect-error: unknown limit
createRails({ secretKeyBase, limits: { bytes: 1 } })
// @ts-expect-error: a rotation has a kind
createRails({ secretKeyBase, cookiesRotations: [{ digest: 'SHA256' }] })
// @ts-expect-error: unknown rotation option
createRails({ secretKeyBase, cookiesRotations: [{ kind: 'signed', salt: 'x' }] })
// @ts-expect-error: no Standard Schema
createRails({ secretKeyBase, schema: (value: unknown) => value })
