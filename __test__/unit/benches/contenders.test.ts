import { pbkdf2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { canonicalOpener, derivingOpener } from '../../../benches/contenders/canonical.ts'
import { nodeOpeners } from '../../../benches/contenders/openers.ts'
import { sealers } from '../../../benches/contenders/seal.ts'
import type { Opener } from '../../../benches/contenders/session.ts'
import { corpus } from '../../../benches/corpus.ts'
import { COOKIE_NAME, cookiesOf, FORMATS, SALTS } from '../../../benches/formats.ts'
import { createRails } from '../../../src/rails/rails.ts'
import type { RailsOptions } from '../../../src/rails/options.ts'
import { jsonLines } from '../../support/recorded.ts'

/** A cookie that Rails wrote, or that was altered afterwards. Without `value`, Rails refused it. */
interface RailsCookie {
  readonly id: string
  readonly jar: 'session' | 'encrypted' | 'signed'
  readonly kind: 'gcm' | 'cbc' | 'signed'
  readonly digest: 'SHA1' | 'SHA256'
  readonly name: string
  readonly cookie: string
  readonly value?: unknown
}

const [{ secret_key_base: secret }, ...railsCookies] = jsonLines(new URL('rails-cookies.jsonl', import.meta.url)) as [
  { secret_key_base: string },
  ...RailsCookie[],
]

const sample = corpus().find(({ name }) => name === '250')!
const [data = {}] = sample.sessions

describe('cookies of Rails', () => {
  it.each(railsCookies)('$id', (recorded) => {
    const { jar, kind, digest, name, cookie, value } = recorded
    const derive = (salt: string, length: number): Buffer => pbkdf2Sync(secret, salt, 1000, length, digest)
    const [salt, length] = SALTS[kind]
    const keys = { name: kind, key: derive(salt, length), signKey: derive('signed encrypted cookie', 64) }
    const openers = nodeOpeners(keys, name, jar === 'session')
    expect(answers(openers, cookie)).toEqual(theSame(openers, value))
    expect(openedByLibrary(recorded)).toEqual(value)
  })

  it.each(['gcm', 'cbc', 'signed'])('are both read and refused: %s', (kind) => {
    const ofKind = railsCookies.filter((each) => each.kind === kind)
    expect(ofKind.filter(({ value }) => value !== undefined).length).toBeGreaterThan(3)
    expect(ofKind.filter(({ value }) => value === undefined).length).toBeGreaterThan(5)
  })
})

describe.each(FORMATS)('$name', (format) => {
  const openers = nodeOpeners(format)
  const rails = createRails({ ...format.rails, backend: 'node' })
  const [cookie = ''] = cookiesOf(format, sample)
  const library: Opener = (text) => {
    const opened = rails.session.open(text)
    return opened.ok ? opened.data : undefined
  }

  it('opens the corpus to the data that it was made of', () => {
    const all = { ...openers, canonical: canonicalOpener(format), library }
    for (const { sessions, ...rest } of corpus()) {
      const texts = cookiesOf(format, { sessions, ...rest }).slice(0, 4)
      for (const [index, text] of texts.entries()) expect(answers(all, text)).toEqual(theSame(all, sessions[index]))
    }
  })

  it('agrees with the library on a cookie with one character changed, added or left out', () => {
    for (const text of altered(cookie)) expect(answers(openers, text)).toEqual(theSame(openers, library(text)))
  })

  it('reads escapes in lower case', () => {
    const lower = cookie.replaceAll(/%../g, (escape) => escape.toLowerCase())
    expect(lower).not.toBe(cookie)
    expect(answers(openers, lower)).toEqual(theSame(openers, data))
  })

  it('refuses a character that only ends in the right byte, and a text that is too long', () => {
    const wide = String.fromCharCode(cookie.charCodeAt(0) + 0x100) + cookie.slice(1)
    for (const text of [wide, cookie + 'A'.repeat(8192)]) {
      expect(answers(openers, text)).toEqual(theSame(openers, undefined))
    }
  })

  it('seals what the library opens', () => {
    const sealed = Object.values(sealers(format)).map((seal) => library(seal(data)))
    expect(sealed).toEqual(sealed.map(() => data))
    expect(sealed.length).toBeGreaterThan(0)
  })

  it('comes to the same end with a key derived for each call', () => {
    expect(derivingOpener(format)(cookie)).toEqual(data)
  })
})

describe('metadata', () => {
  const format = FORMATS.find(({ name }) => name === 'gcm+envelope')!
  const openers = nodeOpeners(format)
  const seal = (options: RailsOptions, expires?: Date): string =>
    createRails({ ...format.rails, backend: 'node', ...options })
      .cookies.encrypted(options.session?.key ?? COOKIE_NAME)
      .seal({ session_id: 'a' }, { expires })

  it.each([
    ['another purpose', seal({ session: { key: 'other' } }), undefined],
    ['no purpose', seal({ useCookiesWithMetadata: false }), { session_id: 'a' }],
    ['an expiry to come', seal({}, new Date(Date.now() + 600_000)), { session_id: 'a' }],
    ['an expiry that has passed', seal({}, new Date(Date.now() - 60_000)), undefined],
  ])('is checked: %s', (_, text, expected) => {
    expect(answers(openers, text)).toEqual(theSame(openers, expected))
  })
})

type Openers = Readonly<Record<string, Opener>>

function answers(openers: Openers, cookie: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(openers).map(([name, open]) => [name, open(cookie) ?? 'refused']))
}

function theSame(openers: Openers, value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.keys(openers).map((name) => [name, value ?? 'refused']))
}

function openedByLibrary({ jar, kind, digest, name, cookie }: RailsCookie): unknown {
  const rails = createRails({
    secretKeyBase: secret,
    keyGeneratorHashDigestClass: digest,
    useAuthenticatedCookieEncryption: kind !== 'cbc',
    session: { key: name },
    backend: 'node',
  })
  const opened = (jar === 'session' ? rails.session : rails.cookies[jar](name)).open(cookie)
  // Rails has the same nil for a cookie that it refuses and for one that holds nil.
  return opened.ok ? (opened.data ?? undefined) : undefined
}

function* altered(cookie: string): Generator<string> {
  for (let at = 0; at < cookie.length; at += 5) {
    const before = cookie.slice(0, at)
    for (const other of ['A', 'Q', '-', '=', '+', '%', ' ', '_', '\u00e9', '']) {
      yield before + other + cookie.slice(at + 1)
    }
    yield `${before}=${cookie.slice(at)}`
  }
  for (let length = cookie.length - 1; length > cookie.length - 60; length--) yield cookie.slice(0, length)
}
