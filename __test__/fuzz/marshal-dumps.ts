import { Buffer } from 'node:buffer'
import type { Random } from '../mutation/random.ts'
import {
  RubyDecimal,
  RubyFloat,
  RubyHash,
  RubyRange,
  RubyString,
  RubySymbol,
  RubyTime,
  writeMarshal,
} from '../../src/ruby/index.ts'

/** A dump of values that a session may hold, one in thirty of them unusual; some things in it come more than once. */
export function marshalDump(random: Random): Buffer {
  const bytes = Buffer.from(writeMarshal(new Values(random).root()))
  if (random.below(16) > 0) return bytes
  bytes[2 + random.below(bytes.length - 2)] = random.below(256)
  return bytes
}

class Values {
  readonly #random: Random
  readonly #made: unknown[] = []
  #left: number

  constructor(random: Random) {
    this.#random = random
    this.#left = 1 + random.below(random.below(16) === 0 ? 200 : 20)
  }

  root(): unknown {
    return this.#random.below(20) === 0 ? this.#value(0) : this.#hash(0)
  }

  #value(depth: number): unknown {
    const random = this.#random
    this.#left -= 1
    if (this.#left > 0 && depth < DEEPEST && random.below(5) === 0) {
      return random.below(3) === 0 ? this.#array(depth) : this.#hash(depth)
    }
    if (this.#made.length > 0 && random.below(12) === 0) return random.pick(this.#made)
    return this.#remember(random.below(30) === 0 ? this.#unusual() : this.#scalar())
  }

  #scalar(): unknown {
    const random = this.#random
    switch (random.below(10)) {
      case 0:
        return random.pick([null, true, false])
      case 1:
        return (random.next() | 0) >> random.below(32)
      case 2:
        return random.pick(NUMBERS)
      case 3:
        return new RubyFloat(random.pick(FLOATS) * (random.below(2) === 0 ? 1 : random.next()))
      case 4:
        return new RubySymbol(random.pick(KEYS))
      case 5:
        return new RubyString(random.pick(KEYS), random.pick(['UTF-8', 'UTF-8', 'US-ASCII']) as 'UTF-8')
      default:
        return this.#text()
    }
  }

  #unusual(): unknown {
    const random = this.#random
    switch (random.below(6)) {
      case 0:
        return new RubyString(Uint8Array.from({ length: random.below(12) }, () => random.below(256)))
      case 1:
        return new RubyString(Uint8Array.of(0x63, 0xe9), random.pick(['ISO-8859-1', 'UTF-8', 'Windows-1252']))
      case 2:
        return new RubyTime(BigInt(random.next()) * 1_000_003n)
      case 3:
        return new RubyDecimal(`${random.next()}.${random.next()}`)
      case 4:
        return new RubyRange(random.below(9), random.below(9), random.below(2) === 0)
      default:
        return new Set([this.#scalar(), random.below(5)])
    }
  }

  #array(depth: number): unknown[] {
    const array = Array.from({ length: this.#size() }, () => this.#value(depth + 1))
    this.#made.push(array)
    return array
  }

  #hash(depth: number): RubyHash {
    const random = this.#random
    const kind = random.below(8)
    const pairs = Array.from({ length: this.#size() }, (): [unknown, unknown] => [
      this.#key(kind),
      this.#value(depth + 1),
    ])
    const hash = new RubyHash(pairs, {
      indifferentAccess: kind === 1,
      ...(random.below(60) === 0 ? { default: random.below(3) } : {}),
      ...(random.below(60) === 0 ? { compareByIdentity: true } : {}),
    })
    this.#made.push(hash)
    return hash
  }

  /** Strings, mostly; Symbols, or both, or anything by the kind of the Hash. */
  #key(kind: number): unknown {
    const random = this.#random
    const text = random.below(12) === 0 ? this.#text() : random.pick(KEYS)
    if (kind === 2) return new RubySymbol(text)
    if (kind === 3 && random.below(2) === 0) return new RubySymbol(text)
    if (kind === 4 && random.below(10) === 0) return random.pick([1, null, new RubyFloat(1), 10n ** 20n, true])
    return this.#remember(random.below(6) === 0 ? new RubyString(text) : text)
  }

  #size(): number {
    return this.#random.below(this.#left > 20 ? 40 : 6)
  }

  #text(): string {
    const random = this.#random
    const alphabet = random.below(3) === 0 ? PIECES : PLAIN_PIECES
    return Array.from({ length: random.below(random.below(8) === 0 ? 300 : 14) }, () => random.pick(alphabet)).join('')
  }

  /** What may come again as a link. */
  #remember(value: unknown): unknown {
    if (typeof value === 'object' && value !== null) this.#made.push(value)
    return value
  }
}

const DEEPEST = 8
const KEYS: readonly string[] = [
  ['session_id', '_csrf_token', 'user_id', 'warden.user.user.key', 'flash', 'cart', 'a', 'b', 'E', '', '$', '@a'],
  ['__proto__', 'constructor', 'toString', 'length', '0', '1', '2', '10', '01', '-1', '4294967295', 'x'.repeat(257)],
].flat()
const NUMBERS: readonly unknown[] = [
  [0, 1, -1, 122, 123, -123, -124, 255, 256, 65_535, 65_536, 2 ** 24],
  [2 ** 30 - 1, 2 ** 30, -(2 ** 30), -(2 ** 30) - 1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32],
  [2 ** 53 - 1, -(2 ** 53) + 1, 2n ** 53n, -(2n ** 53n), 2n ** 62n, 2n ** 63n, 2n ** 64n, 2n ** 100n, -(2n ** 64n)],
].flat()
const FLOATS: readonly number[] = [
  [0, -0, 1, -1, 0.1, 1.5, 100, 1e14, 1e15, 1e16, 1e21, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, 2 ** 53],
  [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 123_456_789.123_456_79, 1 / 3],
].flat()
const PLAIN_PIECES: readonly string[] = [...'abcdefXYZ0189 -_./:@\u0000\n'.split(''), 'flash', 'user', 'notice']
const PIECES: readonly string[] = [...PLAIN_PIECES, ...'é ÿ € ж 👍 \ufeff \ufffd \u007f \u0080 "'.split(' ')]
