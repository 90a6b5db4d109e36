import {
  type Cookie,
  createRails,
  type CustomSerializer,
  type Rails,
  type RailsOptions,
  type RailsVersion,
  type RotationOptions,
} from '../../../index.ts'
import type { TypedTree } from '../../../src/ruby/typed.ts'
import { jsonLines } from '../../support/recorded.ts'

/** A cookie that Rails wrote, and what that Rails made of it. */
export interface RailsCookie {
  readonly rails: RailsVersion
  readonly id: string
  readonly jar: Jar | `permanent_${Exclude<Jar, 'session'>}`
  readonly name: string
  /** What stands behind `name=` in Set-Cookie. */
  readonly cookie: string
  /** The rest of the Set-Cookie line, where writer and reader had the same settings. */
  readonly attributes?: string
  readonly config?: Settings
  readonly expected:
    | {
        readonly typed: TypedTree
        readonly value?: unknown
        readonly rewritten?: boolean
        readonly refused?: undefined
      }
    | { readonly refused: string }
}

type Jar = 'session' | 'encrypted' | 'signed' | 'plain'

/** Settings by their Rails names. */
type Settings = { readonly [name: string]: unknown }

interface RailsRotation {
  readonly kind: 'encrypted' | 'signed'
  readonly secrets_hex: readonly string[]
  readonly options: Pick<RotationOptions, 'cipher' | 'digest'>
  readonly derived_from?: {
    readonly secret_key_base: string
    readonly key_generator_hash_digest_class: 'SHA1' | 'SHA256'
    readonly key_generator_iterations: number
  }
}

const [{ now, configs }, ...rows] = jsonLines(new URL('rails-cookies.jsonl', import.meta.url)) as [
  { now: string; configs: Record<string, Settings> },
  ...RailsCookie[],
]

/** The recorded cookies. */
export const railsCookies: readonly RailsCookie[] = rows

/** The clock, in milliseconds, when Rails wrote and read the cookies. */
const recordedNow: number = Date.parse(now)

/** An application with the settings of the one that read the cookie. */
export function applicationOf(recorded: RailsCookie, more: RailsOptions): Rails {
  const settings = { ...configs[recorded.rails], ...recorded.config }
  const options: RailsOptions = { loadDefaults: recorded.rails, allowWeakSecret: true, now: () => recordedNow }
  for (const [name, value] of Object.entries(settings)) {
    if (value === null && name.startsWith('secret_')) continue
    if (name !== 'cookies_rotations' && name !== 'session_options') Object.assign(options, { [camelCase(name)]: value })
  }
  const rotations = (settings['cookies_rotations'] ?? []) as RailsRotation[]
  options.cookiesRotations = rotations.map(rotation)
  if (settings['cookies_serializer'] === 'custom:prefixed_json') options.cookiesSerializer = prefixedJson
  return createRails({ ...options, session: { key: recorded.name }, ...more })
}

/** The cookie of the jar that the recorded one was read from. */
export function cookieOf(rails: Rails, { jar, name }: Pick<RailsCookie, 'jar' | 'name'>): Cookie<unknown, never> {
  switch (jar) {
    case 'session':
      return rails.session
    case 'permanent_plain':
      return rails.cookies.permanent.plain(name)
    case 'permanent_signed':
      return rails.cookies.permanent.signed(name)
    case 'permanent_encrypted':
      return rails.cookies.permanent.encrypted(name)
    default:
      return rails.cookies[jar](name)
  }
}

function rotation({ kind, secrets_hex, options, derived_from: from }: RailsRotation): RotationOptions {
  if (from === undefined) {
    const secrets = secrets_hex.map((hex) => Buffer.from(hex, 'hex'))
    return { kind, ...options, ...(secrets.length > 0 && { secrets }) }
  }
  return {
    kind,
    ...options,
    secretKeyBase: from.secret_key_base,
    keyGeneratorHashDigestClass: from.key_generator_hash_digest_class,
    keyGeneratorIterations: from.key_generator_iterations,
  }
}

/** A serializer that the applications were given: JSON after `pj1:`. */
const prefixedJson: CustomSerializer = {
  dump: (value) => `pj1:${JSON.stringify(value)}`,
  load: (bytes) => JSON.parse(Buffer.from(bytes).toString().slice(4)) as unknown,
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
