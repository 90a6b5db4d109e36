import type { RailsVersion } from '../../src/rails/version.ts'
import { harmlessChange, type RailsConfig, randomConfig, randomSecret, rotatedFrom } from './configs.ts'
import type { Random } from './random.ts'
import { enriched, enrichedSession } from './rich-values.ts'
import { randomSession, randomText, randomValue } from './values.ts'

/** One cookie that both sides write and both sides read. */
export interface Trial {
  readonly number: number
  /** What distinguishes the reading application from the writing one. */
  readonly variation: Variation
  readonly jar: Jar
  readonly name: string
  readonly config: RailsConfig
  readonly value: unknown
  /** Whether there may be more in the value than JSON has forms for. */
  readonly rich: boolean
  readonly attributes: Attributes
  /** Lengthens the value until the cookie is this many steps from the longest that is accepted. */
  readonly padding: { readonly text: string; readonly beyond: number } | null
  readonly now: number
  readonly https: boolean
  readonly host: string
  readonly reader: { readonly jar: Jar; readonly name: string; readonly config: RailsConfig }
  /** Whether the reader gets the value; null: as Rails says. */
  readonly readable: boolean | null
  /** Where the tampered twin has another character, from 0 to 1, and which; a second one if that is there already. */
  readonly tamper: { readonly at: number; readonly by: readonly [string, string] }
}

export type Jar = (typeof JARS)[number]

/** All kinds of cookies, by the calls in Rails that lead to them. */
export const JARS = [
  'session',
  'encrypted',
  'signed',
  'plain',
  'permanent_encrypted',
  'permanent_signed',
  'permanent_plain',
] as const

export type Variation = (typeof VARIATIONS)[number]

/** How the reader may differ from the writer. */
export const VARIATIONS = [
  'same application',
  'rotated secrets',
  'built-in upgrade',
  'other settings',
  'other name',
  'other jar',
  'other secret',
] as const

/** Options of one cookie by Rails' names. `expires`: at a time, or in so many seconds. */
export interface Attributes {
  readonly expires?: { readonly at: number } | { readonly in: number }
  readonly path?: string
  readonly domain?: string
  readonly secure?: boolean
  readonly httponly?: boolean
  readonly same_site?: string
}

/** Endless random trials. Some come in a row with the same application, as deriving its keys takes a while. */
export function* randomTrials(random: Random, rails: RailsVersion): Generator<Trial, never> {
  for (let number = 1; ;) {
    const config = randomConfig(random, rails)
    const readers = {
      'same application': config,
      'rotated secrets': rotatedFrom(random, config, randomConfig(random, rails)),
      'built-in upgrade': {
        ...config,
        use_authenticated_cookie_encryption: !config.use_authenticated_cookie_encryption,
      },
      'other settings': harmlessChange(random, config),
      'other name': config,
      'other jar': config,
      'other secret': { ...config, secret_key_base: randomSecret(random) },
    }
    for (let trials = 0; trials < TRIALS_OF_AN_APPLICATION; trials++, number++) {
      yield randomTrial(random, number, config, readers)
    }
  }
}

/** When the message itself expires, in milliseconds since 1970; null for never. */
export function expiry({ jar, attributes, config, now }: Trial): number | null {
  if (jar === 'session') {
    const seconds = config.session_options['expire_after']
    return seconds === undefined ? null : now + Number(seconds) * 1000
  }
  const { expires } = attributes
  if (expires === undefined || jar.endsWith('plain')) return null
  return 'at' in expires ? expires.at : now + expires.in * 1000
}

function randomTrial(
  random: Random,
  number: number,
  config: RailsConfig,
  readers: Readonly<Record<Variation, RailsConfig>>,
): Trial {
  const jar = random.pick(OFTEN)
  const variation = random.chance(0.5) || jar.endsWith('plain') ? 'same application' : random.pick(VARIATIONS)
  const name = random.pick(NAMES)
  const rich = !jar.endsWith('plain') && !config.cookies_serializer.startsWith('custom') && random.chance(0.5)
  const now = random.integer(0, 4_000_000_000) * 1000 + random.integer(0, 999)
  return {
    number,
    variation,
    jar,
    name,
    config,
    value: randomContent(random, jar, rich),
    rich,
    attributes: jar === 'session' ? {} : randomAttributes(random, jar, now),
    padding:
      !jar.endsWith('plain') && random.chance(0.15)
        ? { text: random.pick(['x', '"', '<', 'é', '\u2028', '🔑', '\u0000']), beyond: random.pick([-1, 0, 0, 1, 1]) }
        : null,
    now,
    https: random.chance(0.8),
    host: random.pick(['www.example.org', 'www.example.co.uk', 'localhost', '127.0.0.1']),
    reader: {
      jar: variation === 'other jar' ? random.pick(SEALED.filter((other) => other !== jar)) : jar,
      name: variation === 'other name' ? random.pick(NAMES.filter((other) => other !== name)) : name,
      config: readers[variation],
    },
    readable: readable(variation, config),
    tamper: { at: random.fraction(), by: [random.pick(PRINTABLE), random.pick(['A', '-', '=', '~'])] },
  }
}

function readable(variation: Variation, config: RailsConfig): boolean | null {
  switch (variation) {
    case 'same application':
    case 'rotated secrets':
    case 'other settings':
      return true
    case 'other name':
      return !config.use_cookies_with_metadata
    case 'other secret':
      return false
    default:
      return null
  }
}

function randomContent(random: Random, jar: Jar, rich: boolean): unknown {
  if (jar === 'session') return rich ? enrichedSession(random, randomSession(random)) : randomSession(random)
  if (!jar.endsWith('plain')) return rich ? enriched(random, randomValue(random)) : randomValue(random)
  if (random.chance(0.1)) return random.bytes(random.integer(0, 20))
  return random.chance(0.7) ? randomText(random) : random.pick([0, -1, 42, true, false, 2n ** 70n])
}

function randomAttributes(random: Random, jar: Jar, now: number): Attributes {
  return {
    ...(random.chance(0.3) && !jar.startsWith('permanent') ? { expires: randomExpires(random, now) } : {}),
    ...(random.chance(0.2) ? { path: '/shop' } : {}),
    ...(random.chance(0.2) ? { domain: random.pick(['all', 'example.org']) } : {}),
    ...(random.chance(0.2) ? { secure: true } : {}),
    ...(random.chance(0.2) ? { httponly: true } : {}),
    ...(random.chance(0.2) ? { same_site: random.pick(['lax', 'strict', 'none']) } : {}),
  }
}

function randomExpires(random: Random, now: number): { at: number } | { in: number } {
  if (random.chance(0.5)) return { in: random.integer(1, 100_000_000) }
  return { at: now + (random.chance(0.3) ? random.integer(1, 2000) : random.integer(1, 1e12)) }
}

const TRIALS_OF_AN_APPLICATION = 8
const SEALED = ['session', 'encrypted', 'signed'] as const
const OFTEN: readonly Jar[] = [...JARS, 'session', 'session', 'encrypted', 'signed']
// Rails' parser of the Cookie header takes names as they are, so these have no "=" and no ";".
const NAMES = ['_shop_session', 'user_id', 'remember-me', 'x', 'a<b>&c', 'cart[1]', 'a.b', 'c'.repeat(60)]
const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i))
