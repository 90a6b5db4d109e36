import { RubyFloat } from '../../src/ruby/float.ts'
import type { Random } from './random.ts'

/** A random value that JSON can hold: any scalar, or containers in containers. */
export function randomValue(random: Random): unknown {
  if (random.chance(0.02)) return tower(random, random.integer(50, 100))
  return random.chance(0.3) ? scalar(random) : container(random, random.integer(1, 5))
}

/** A random session: a Hash whose keys are not `session_id`, which Rails sets itself. */
export function randomSession(random: Random): Record<string, unknown> {
  if (random.chance(0.02)) return withoutPrototype([[key(random), tower(random, random.integer(50, 99))]])
  const entries = Array.from({ length: random.integer(0, 6) }, (): [string, unknown] => [
    key(random),
    element(random, random.integer(0, 4)),
  ])
  return withoutPrototype(entries)
}

/** Random text: pieces of all kinds that some layer treats in a way of its own. */
export function randomText(random: Random): string {
  let text = ''
  for (let pieces = random.integer(0, 6); pieces > 0; pieces--) text += piece(random)
  return text
}

function element(random: Random, depth: number): unknown {
  return depth > 0 && random.chance(0.4) ? container(random, depth - 1) : scalar(random)
}

function container(random: Random, depth: number): unknown {
  const size = random.chance(0.1) ? 0 : random.integer(1, 4)
  if (random.chance(0.4)) return Array.from({ length: size }, () => element(random, depth))
  const nested = (): string => (random.chance(0.02) ? '$' : key(random))
  const entries = Array.from({ length: size }, (): [string, unknown] => [nested(), element(random, depth)])
  return random.chance(0.1) ? new Map(entries) : withoutPrototype(entries)
}

/** Nothing but containers in each other; Ruby's limit is 100. */
function tower(random: Random, height: number): unknown {
  let value: unknown = random.chance(0.5) ? [] : withoutPrototype([])
  for (let i = 1; i < height; i++) value = random.chance(0.5) ? [value] : withoutPrototype([['a', value]])
  return value
}

function scalar(random: Random): unknown {
  switch (random.integer(0, 9)) {
    case 0:
      return null
    case 1:
      return random.chance(0.5)
    case 2:
    case 3:
      return random.pick([
        0,
        1,
        -1,
        7,
        123_456,
        Number.MAX_SAFE_INTEGER,
        Number.MIN_SAFE_INTEGER,
        random.integer(-1e9, 1e9),
      ])
    case 4:
      return bigInteger(random)
    case 5:
      return new RubyFloat(float(random))
    case 6:
      // A number with a fraction is a Float without being told so.
      return random.integer(-1e6, 1e6) + 0.5
    default:
      return randomText(random)
  }
}

function bigInteger(random: Random): bigint {
  if (random.chance(0.2)) return BigInt(random.integer(-100, 100))
  const digits = Array.from({ length: random.integer(16, 60) }, () => random.integer(0, 9)).join('')
  return BigInt(random.chance(0.5) ? digits : `-1${digits}`)
}

function float(random: Random): number {
  if (random.chance(0.5)) return random.pick(FLOATS)
  if (random.chance(0.3)) return random.integer(-1e6, 1e6)
  return new DataView(random.bytes(8).buffer).getFloat64(0)
}

function piece(random: Random): string {
  switch (random.integer(0, 8)) {
    case 0:
      return random.pick(PIECES)
    case 1:
      return String.fromCodePoint(random.integer(0, 0x1f))
    case 2:
      return String.fromCodePoint(random.integer(0x7f, 0x7ff))
    case 3:
      return String.fromCodePoint(random.chance(0.5) ? random.integer(0x800, 0xd7ff) : random.integer(0xe000, 0xffff))
    case 4:
      return String.fromCodePoint(random.integer(0x1_0000, 0x10_ffff))
    default:
      return String.fromCodePoint(...Array.from({ length: random.integer(1, 8) }, () => random.integer(0x20, 0x7e)))
  }
}

function key(random: Random): string {
  if (random.chance(0.6)) return random.pick(KEYS)
  const text = randomText(random)
  // `_rails` marks a metadata envelope, `$` a node of a typed tree, and Rails writes `session_id` itself.
  return ['_rails', '$', 'session_id'].includes(text) ? 'key' : text
}

function withoutPrototype(entries: ReadonlyArray<[string, unknown]>): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null)
  for (const [name, value] of entries) object[name] = value
  return object
}

const KEYS = [
  'user_id',
  'cart',
  'warden.user.user.key',
  '_csrf_token',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '',
  '0',
  '42',
  'a<b>&c',
  'naïve 🔑',
]
const PIECES = [
  '<script>alert("&amp;")</script>',
  '\u2028',
  '\u2029',
  '\u007f',
  '\ufeff',
  '\ufffd',
  'e\u0301',
  '"',
  '\\',
  '\\u2028',
  '/',
  '--',
  '%2B+ %',
  '; path=/',
  '\r\n',
  '{"_rails":{"message":"',
  '\u0004\u0008',
  '2024-02-29T12:00:00.000Z',
  'null',
]
const FLOATS = [
  0,
  -0,
  1,
  -1,
  0.1,
  100,
  1e14,
  1e15,
  1e16,
  1e-4,
  9.9e-5,
  1e22,
  1e25,
  2 ** 53,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
]
