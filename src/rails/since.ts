import { ConfigError } from '../errors.ts'
import type { OptionReader } from './validate.ts'
import { atLeast, type RailsVersion } from './version.ts'

/**
 * Throws for a setting that the Rails on the other side does not have: it would be written by a rule that this Rails
 * cannot read by.
 */
export function checkSettingsExist(reader: OptionReader, railsVersion: RailsVersion): void {
  for (const [name, since, old] of SETTINGS) {
    const given = reader.raw(name)
    if (given === undefined || given === null || old.includes(given) || atLeast(railsVersion, since)) continue
    throw new ConfigError(
      `createRails: ${name} with railsVersion ${railsVersion}: Rails has it since ${since}; leave it out, or write the railsVersion of the application`,
    )
  }
  const serializer = reader.raw('cookiesSerializer')
  const since = SERIALIZERS_SINCE.get(serializer)
  if (since !== undefined && !atLeast(railsVersion, since)) {
    throw new ConfigError(
      `createRails: cookiesSerializer ${String(serializer)} with railsVersion ${railsVersion}: Rails has it since ${since}`,
    )
  }
  if (reader.raw('secretKeyBase') !== undefined && !atLeast(railsVersion, '4.0')) {
    throw new ConfigError(
      'createRails: secretKeyBase with railsVersion 3.2: Rails 3.2 signs with its secret_token; give secretToken',
    )
  }
}

/** Name, the first Rails that has it, and the values that say what older ones do anyway. */
const SETTINGS: ReadonlyArray<readonly [name: string, since: RailsVersion, old: readonly unknown[]]> = [
  ['useAuthenticatedCookieEncryption', '5.2', [false]],
  ['encryptedCookieCipher', '5.2', []],
  ['signedCookieDigest', '5.2', ['SHA1']],
  ['useCookiesWithMetadata', '6.0', [false]],
  ['keyGeneratorHashDigestClass', '7.0', ['SHA1']],
  ['perFormCsrfTokens', '5.0', [false]],
  ['urlsafeCsrfTokens', '5.2', [false]],
]

// JSON came with 4.1 and is not here: there are gems that bring it to older ones.
const SERIALIZERS_SINCE: ReadonlyMap<unknown, RailsVersion> = new Map([
  ['json_allow_marshal', '7.1'],
  ['message_pack', '7.1'],
  ['message_pack_allow_marshal', '7.1'],
])
