import { ConfigError } from '../errors.ts'
import { parseDuration } from './duration.ts'
import { SAME_SITES } from './names.ts'
import { OptionReader } from './validate.ts'

/** Validated `session` options. `sameSite` undefined: as `cookiesSameSiteProtection`; null: none. */
export interface SessionCookieConfig {
  readonly key: string
  readonly path: string
  readonly domain: string | readonly string[] | undefined
  readonly tldLength: number | undefined
  readonly secure: boolean | 'auto'
  readonly httpOnly: boolean
  readonly sameSite: (typeof SAME_SITES)[number] | undefined
  readonly partitioned: boolean
  readonly expireAfterSeconds: number | null
}

/** Validates the `session` option of `createRails`. */
export function readSessionCookie(given: unknown): SessionCookieConfig {
  const reader = new OptionReader('createRails: session', given === undefined ? {} : given, SESSION_OPTIONS)
  const key = reader.text('key') ?? '_session_id'
  if (key === '') reader.fail('key', "the name of the session cookie, e.g. '_shop_session'")
  const config: SessionCookieConfig = {
    key,
    path: reader.text('path') ?? '/',
    domain: readDomain(reader),
    tldLength: reader.integer('tldLength', 0, 10),
    secure: reader.oneOf('secure', [true, false, 'auto']) ?? false,
    httpOnly: reader.boolean('httpOnly') ?? true,
    sameSite: reader.oneOf('sameSite', SAME_SITES),
    partitioned: reader.boolean('partitioned') ?? false,
    expireAfterSeconds: readExpireAfter(reader),
  }
  checkNamePrefix(config)
  return Object.freeze(config)
}

function readDomain(reader: OptionReader): string | readonly string[] | undefined {
  const given = reader.raw('domain')
  if (!Array.isArray(given)) return reader.text('domain')
  const domains: unknown[] = [...given]
  if (domains.length === 0 || !domains.every((domain) => typeof domain === 'string')) {
    reader.fail('domain', "a string, an array of strings, or 'all'")
  }
  return Object.freeze(domains as string[])
}

function readExpireAfter(reader: OptionReader): number | null {
  const given = reader.raw('expireAfter')
  if (given === undefined || given === null) return null
  return parseDuration(given) ?? reader.fail('expireAfter', "a positive number of seconds or a text such as '14 days'")
}

/** The name prefixes that make browsers drop a cookie without these attributes; set in vain, it is hard to find later. */
function checkNamePrefix({ key, secure, path, domain }: SessionCookieConfig): void {
  if (key.startsWith('__Secure-') && secure !== true) {
    throw new ConfigError(`createRails: session: key is ${key} and secure is ${secure}; write secure: true`)
  }
  if (key.startsWith('__Host-') && !(secure === true && path === '/' && domain === undefined)) {
    throw new ConfigError(`createRails: session: key is ${key}; write secure: true and path: '/', and no domain`)
  }
}

const SESSION_OPTIONS = [
  'key',
  'path',
  'domain',
  'tldLength',
  'secure',
  'httpOnly',
  'sameSite',
  'partitioned',
  'expireAfter',
]
