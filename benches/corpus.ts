import type { SessionData } from '../src/session/request-session.ts'

/** Sessions of one size and shape. Fixed for ever: ratios move by a factor of two with the shape of the JSON. */
export interface Sample {
  /** As it stands in the names of cases, e.g. `250` or `1024 string-heavy`. */
  readonly name: string
  /** Length of every session as JSON, in bytes. */
  readonly bytes: number
  readonly sessions: readonly SessionData[]
  /** The sessions as JSON. */
  readonly json: readonly string[]
}

/** How many different sessions, and so cookies, a sample has. A power of two. */
export const SESSIONS_PER_SAMPLE = 64

/** Two small sessions, and of the large ones a cart (many small objects) and a token (few long strings). */
export function corpus(): readonly Sample[] {
  return [
    sample('60', 60, minimal),
    sample('250', 250, signedIn),
    sample('1024', 1024, withCart),
    sample('2560', 2560, withCart),
    sample('1024 string-heavy', 1024, withToken),
    sample('2560 string-heavy', 2560, withToken),
  ]
}

/** As many different sessions of 250 bytes as asked for, none of which is in the sample of that name. */
export function signedInSessions(count: number): readonly SessionData[] {
  return Array.from({ length: count }, (_, index) => signedIn(new Random(1_000_000 + index), 250))
}

type Generator = (random: Random, bytes: number) => SessionData

function sample(name: string, bytes: number, generate: Generator): Sample {
  const sessions = Array.from({ length: SESSIONS_PER_SAMPLE }, (_, index) => generate(new Random(bytes + index), bytes))
  const json = sessions.map((session) => JSON.stringify(session))
  for (const text of json) {
    if (Buffer.byteLength(text) !== bytes) throw new Error(`corpus ${name}: ${Buffer.byteLength(text)} bytes`)
  }
  return { name, bytes, sessions, json }
}

function minimal(random: Random): SessionData {
  return { session_id: random.hex(32), uid: random.between(1000, 9999) }
}

/** What Devise leaves after signing in. */
function signedIn(random: Random, bytes: number): SessionData {
  const data = devise(random)
  return padded(bytes, (notice) => ({ ...data, flash: { discard: [], flashes: { notice } } }), random)
}

function withCart(random: Random, bytes: number): SessionData {
  const items: unknown[] = []
  const data = {
    ...devise(random),
    locale: 'en',
    user_return_to: `/projects/${random.word(20)}?page=2&sort=asc`,
    cart: { id: 991, items },
    prefs: { theme: 'dark', per_page: 50, beta: true, tz: 'Europe/Berlin', ratio: 0.75, none: null },
  }
  while (JSON.stringify(data).length < bytes - 100) {
    items.push({
      sku: random.word(10),
      qty: random.between(1, 9),
      price: random.between(1, 999_999) / 100,
      gift: random.between(0, 1) === 1,
    })
  }
  return padded(bytes, (note) => ({ ...data, note }), random)
}

function withToken(random: Random, bytes: number): SessionData {
  const data = {
    ...devise(random),
    flash: { discard: [], flashes: { notice: 'Signed in successfully.' } },
    user_return_to: `/oauth/authorize?client_id=${random.word(32)}&redirect_uri=https%3A%2F%2Fexample.com&state=${random.word(40)}`,
  }
  return padded(bytes, (token) => ({ ...data, omniauth: { provider: 'oidc', token } }), random)
}

function devise(random: Random): SessionData {
  return {
    session_id: random.hex(32),
    _csrf_token: random.word(43),
    user_id: random.between(1000, 9999),
    'warden.user.user.key': [[random.between(1000, 9999)], `$2a$12$${random.word(22)}`],
  }
}

/** Gives `make` a text of the length that makes the whole exactly `bytes` long. */
function padded(bytes: number, make: (padding: string) => SessionData, random: Random): SessionData {
  return make(random.word(bytes - JSON.stringify(make('')).length))
}

/** The same sequence on every machine: mulberry32. */
class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  between(lowest: number, highest: number): number {
    return lowest + Math.floor(this.#next() * (highest - lowest + 1))
  }

  word(length: number): string {
    return this.#characters(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')
  }

  hex(length: number): string {
    return this.#characters(length, '0123456789abcdef')
  }

  #characters(length: number, alphabet: string): string {
    if (length < 1) throw new RangeError('corpus: no room for padding')
    let text = ''
    while (text.length < length) text += alphabet[this.between(0, alphabet.length - 1)]
    return text
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
