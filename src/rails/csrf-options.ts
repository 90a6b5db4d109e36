import type { CsrfSettings } from '../csrf/csrf.ts'
import { ConfigError } from '../errors.ts'
import { VERIFICATION_STRATEGIES } from './names.ts'
import { type CsrfPreset, csrfPresetFor } from './presets.ts'
import type { OptionReader } from './validate.ts'
import { atLeast, type RailsVersion } from './version.ts'

/** Reads the options of `createRails` about CSRF. What a token is follows the framework and not its defaults. */
export function readCsrf(reader: OptionReader, railsVersion: RailsVersion, loadDefaults: RailsVersion): CsrfSettings {
  const preset = csrfPresetFor(loadDefaults)
  const originCheck = reader.boolean('forgeryProtectionOriginCheck') ?? preset.forgeryProtectionOriginCheck
  return Object.freeze({
    tokens: atLeast(railsVersion, '5.2') ? 'derived' : atLeast(railsVersion, '4.2') ? 'masked' : 'plain',
    perFormCsrfTokens: reader.boolean('perFormCsrfTokens') ?? preset.perFormCsrfTokens,
    urlsafeCsrfTokens: readUrlSafe(reader, railsVersion, preset),
    forgeryProtectionOriginCheck: originCheck,
    forgeryProtectionVerificationStrategy: readStrategy(reader, railsVersion, preset),
    forgeryProtectionTrustedOrigins: readTrustedOrigins(reader, originCheck),
  })
}

function readUrlSafe(reader: OptionReader, railsVersion: RailsVersion, preset: CsrfPreset): boolean {
  const given = reader.boolean('urlsafeCsrfTokens')
  if (!atLeast(railsVersion, '7.1')) return given ?? preset.urlsafeCsrfTokens
  if (given === false) {
    throw new ConfigError(
      `createRails: urlsafeCsrfTokens false with railsVersion ${railsVersion}: from 7.1 on, Rails writes no others; leave it out`,
    )
  }
  return true
}

function readStrategy(
  reader: OptionReader,
  railsVersion: RailsVersion,
  preset: CsrfPreset,
): CsrfSettings['forgeryProtectionVerificationStrategy'] {
  const name = 'forgeryProtectionVerificationStrategy'
  if (reader.has(name)) return reader.oneOf(name, VERIFICATION_STRATEGIES)!
  return atLeast(railsVersion, '8.2') ? preset.forgeryProtectionVerificationStrategy : null
}

function readTrustedOrigins(reader: OptionReader, originCheck: boolean): readonly string[] {
  const name = 'forgeryProtectionTrustedOrigins'
  const origins = reader.list(name)
  if (!origins.every((origin) => typeof origin === 'string' && ORIGIN.test(origin))) {
    reader.fail(name, "an array of origins without a path, such as 'https://accounts.google.com'")
  }
  if (origins.length > 0 && originCheck) {
    reader.fail(name, 'forgeryProtectionOriginCheck: false beside it: Rails checks the Origin first, and refuses these')
  }
  return Object.freeze(origins as string[])
}

/** As browsers write it, since it is compared as it is. */
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/?#\s]+$/
