import type { RailsVersion } from '../../src/rails/version.ts'
import { atLeast } from '../../src/rails/version.ts'
import { typedTree } from '../../src/ruby/index.ts'
import { type RailsConfig, randomConfig } from './configs.ts'
import type { OurSide } from './our-side.ts'
import type { Random } from './random.ts'
import type { RailsProcess } from './rails-process.ts'
import { randomValue } from './values.ts'

/** A session that Rails writes, and that Node changes in one key. */
export interface Rewriting {
  readonly seed: number
  /** What the random session must fit in. */
  readonly format: 'json' | 'marshal' | 'message_pack'
  /** The application that writes the session, and the one that Node stands in for. */
  readonly written: RailsConfig
  readonly config: RailsConfig
  readonly now: number
  readonly choice: number
  readonly value: unknown
}

/**
 * What came of a rewriting: the differences that Rails found, what both raised when they were to write the session again, or
 * what Rails raised when it was to write it first.
 */
export type Rewritten =
  | { readonly differences: readonly string[] }
  | { readonly refused: string }
  | { readonly unwritten: string }

/** Endless random rewritings. */
export function* randomRewritings(random: Random, rails: RailsVersion): Generator<Rewriting, never> {
  for (;;) {
    const application = randomConfig(random, rails)
    for (let trials = 0; trials < TRIALS_OF_AN_APPLICATION; trials++) {
      const [writes, reads] = random.pick(serializers(rails))
      const session_options = {}
      yield {
        seed: random.integer(0, 2 ** 31),
        format: FORMATS.get(random.chance(0.2) ? reads : writes)!,
        written: { ...application, session_options, cookies_serializer: writes },
        config: { ...application, session_options, cookies_serializer: reads },
        now: random.integer(1_000_000_000, 2_000_000_000) * 1000,
        choice: random.integer(0, 1000),
        value: random.chance(0.2) ? null : randomValue(random),
      }
    }
  }
}

/** Lets Rails write the session, changes one key here, and asks Rails what has become of the others. */
export async function rewrite(rewriting: Rewriting, rails: RailsProcess, ours: OurSide): Promise<Rewritten> {
  const { seed, format, written, config, now, choice, value } = rewriting
  const request = { name: NAME, now }
  const sameFormat = FORMATS.get(written.cookies_serializer) === FORMATS.get(config.cookies_serializer)
  const session = await rails.ask({ op: 'session', ...request, config: written, seed, format, described: !sameFormat })
  if ('raised' in session) return { unwritten: session.raised.replace(/: .*/s, '') }
  const keys = [...session.keys, 'added_by_node']
  const key = keys[choice % keys.length]!
  const after = ours.update({ jar: 'session', name: NAME, config, cookie: session.cookie, now }, { [key]: value })
  const compared = await rails.ask({
    op: 'compare',
    ...request,
    config,
    written,
    before: session.cookie,
    after: 'raised' in after ? null : after.cookie,
    changes: [[key, value === null ? null : typedTree(value)]],
    same_format: sameFormat,
  })
  if ('differences' in compared && !('raised' in after)) return compared
  const [we, they] = [after, compared].map((made) => ('raised' in made ? made.raised : 'nothing'))
  // Rails 7.1 and later rejects JSON that it has written itself, where 6.1 raises.
  const unread = we === TOO_DEEP && they === 'nothing, and reads nothing'
  return we === they || unread ? { refused: we! } : { differences: [`${key}: we raise ${we}, Rails ${they}`] }
}

/** Pairs of settings: what the session was written under, and what it is read and written again under. */
function serializers(rails: RailsVersion): ReadonlyArray<readonly [string, string]> {
  const common = [
    ['marshal', 'marshal'],
    ['marshal', 'marshal'],
    ['json', 'json'],
    ['hybrid', 'json'],
    ['marshal', 'hybrid'],
  ] as const
  if (!atLeast(rails, '7.1')) return common
  return [
    ...common,
    ['message_pack', 'message_pack'],
    ['message_pack', 'json'],
    ['json', 'message_pack'],
    ['json', 'marshal'],
    ['message_pack', 'marshal'],
    ['marshal', 'message_pack_allow_marshal'],
  ]
}

/** The format that each setting writes. */
const FORMATS: ReadonlyMap<string, Rewriting['format']> = new Map([
  ['json', 'json'],
  ['hybrid', 'json'],
  ['json_allow_marshal', 'json'],
  ['marshal', 'marshal'],
  ['message_pack', 'message_pack'],
  ['message_pack_allow_marshal', 'message_pack'],
])
const TOO_DEEP = 'JSON::NestingError'
const NAME = '_app_session'
const TRIALS_OF_AN_APPLICATION = 20
