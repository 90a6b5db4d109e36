import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CustomSerializer, DiagnosticsMessages, Opened } from '../../index.ts'
import { application, backendNames, NOW, OLD_SECRET } from '../support/application.ts'

type Name = keyof DiagnosticsMessages
const NAMES: readonly Name[] = [
  'rails-session:open',
  'rails-session:reject',
  'rails-session:rotation',
  'rails-session:seal',
]

/** What was published, in order: the name of the channel without its prefix, and the message. */
let published: Array<[string, unknown]> = []
const listener = (message: unknown, name: string | symbol): void => {
  published.push([String(name).replace('rails-session:', ''), message])
}

/** What is published meanwhile. */
function during(work: () => unknown): Array<[string, unknown]> {
  published = []
  work()
  return published
}

beforeEach(() => {
  for (const name of NAMES) subscribe(name, listener)
})

afterEach(() => {
  for (const name of NAMES) unsubscribe(name, listener)
})

const session = { session_id: '0123456789abcdef', user_id: 7 }
const KEY = '_session_id'

describe.each(backendNames)('opening a cookie on %s', (backend) => {
  const rails = application({ backend })
  const sealed = rails.session.seal(session)

  it('publishes that the session was accepted', () => {
    const message = { cookie: KEY, kind: 'session', bytes: sealed.length, serializer: 'json', rotation: null }
    expect(during(() => rails.session.open(sealed))).toEqual([['open', message]])
    expect(during(() => rails.session.openHeader(`a=b; ${KEY}=${sealed}`))).toEqual([['open', message]])
  })

  it('publishes for a request once, when its session is first touched', () => {
    expect(during(() => rails.session.load(`${KEY}=${sealed}`))).toEqual([])
    const loaded = rails.session.load(`${KEY}=${sealed}`)
    expect(during(() => loaded.get('user_id'))).toMatchObject([['open', { cookie: KEY }]])
    expect(during(() => [loaded.data, loaded.user(), loaded.rejected, loaded.commit()])).toEqual([])
    expect(during(() => rails.session.load(undefined).id)).toMatchObject([['reject', { reason: 'absent' }]])
  })

  it('tells the jars apart', () => {
    const { encrypted, signed, plain, permanent } = rails.cookies
    const cookies = { encrypted: encrypted('cart'), signed: signed('cart'), plain: plain('cart') }
    for (const [kind, cookie] of Object.entries(cookies)) {
      const value = cookie.seal('x')
      const serializer = kind === 'plain' ? null : 'json'
      const message = { cookie: 'cart', kind, bytes: value.length, serializer, rotation: null }
      expect(during(() => cookie.open(value))).toEqual([['open', message]])
    }
    expect(during(() => permanent.signed('cart').openHeader('cart=1'))).toMatchObject([['reject', { kind: 'signed' }]])
    const tooLong = 'x'.repeat(9000)
    expect(during(() => plain('cart').open(tooLong))).toMatchObject([['reject', { reason: 'too_large', bytes: 9000 }]])
    expect(during(() => plain('cart').open(undefined))).toMatchObject([['reject', { reason: 'absent', bytes: 0 }]])
  })

  it('names the serializer that the payload was found in', () => {
    const marshal = application({ backend, cookiesSerializer: 'marshal' })
    const hybrid = application({ backend, cookiesSerializer: 'hybrid' })
    const marshalled = marshal.session.seal(session)
    expect(during(() => hybrid.session.open(marshalled))).toMatchObject([['open', { serializer: 'marshal' }]])
    expect(during(() => hybrid.session.open(sealed))).toMatchObject([['open', { serializer: 'json' }]])
  })

  it('publishes rotations besides, by index or as legacy', () => {
    const rotated = application({
      backend,
      loadDefaults: '7.0',
      cookiesRotations: [
        { kind: 'encrypted', secretKeyBase: OLD_SECRET },
        { kind: 'encrypted', keyGeneratorHashDigestClass: 'SHA1' },
      ],
    })
    const sha1 = application({ backend, loadDefaults: '7.0', keyGeneratorHashDigestClass: 'SHA1' }).session.seal(
      session,
    )
    const message = { cookie: KEY, kind: 'session', bytes: sha1.length, serializer: 'json', rotation: 1 }
    expect(during(() => rotated.session.open(sha1))).toEqual([
      ['open', message],
      ['rotation', message],
    ])
    const cbc = application({ backend, useAuthenticatedCookieEncryption: false }).session.seal(session)
    expect(during(() => rails.session.open(cbc))).toMatchObject([
      ['open', { rotation: 'legacy' }],
      ['rotation', { rotation: 'legacy' }],
    ])
  })

  const text = (payload: string): CustomSerializer => ({ dump: () => payload, load: () => null })
  const holding = (payload: string): string =>
    application({ backend, cookiesSerializer: text(payload) }).session.seal(session)
  const schema = {
    '~standard': { version: 1, vendor: 'none', validate: () => ({ issues: [{ message: 'no' }] }) },
  } as const
  const late = new Date(NOW - 1)
  it.each([
    ['absent', false, undefined, {}],
    ['malformed', false, 'nothing of ours', {}],
    ['too_large', false, 'x'.repeat(8193), {}],
    ['unauthenticated', false, application({ secretKeyBase: OLD_SECRET }).session.seal(session), {}],
    ['expired', true, rails.session.seal(session, { expires: late }), {}],
    ['wrong_purpose', true, rails.cookies.encrypted('other').seal(session), {}],
    [
      'no_purpose',
      true,
      application({ useCookiesWithMetadata: false }).session.seal(session),
      { requirePurpose: true },
    ],
    ['undecodable', true, holding('{'), {}],
    ['unsupported_serializer', true, holding('\u0004\bI'), {}],
    ['not_a_session', true, holding('[1]'), {}],
    ['no_session_id', true, holding('{"a":1}'), {}],
    ['schema_invalid', true, sealed, { schema }],
  ])('publishes the refusal %s', (reason, authenticated, value, options) => {
    const reading = application({ backend, ...options })
    const message = { cookie: KEY, kind: 'session', bytes: value?.length ?? 0, reason, authenticated }
    let opened: Opened | undefined
    expect(during(() => (opened = reading.session.open(value)))).toEqual([['reject', message]])
    expect(opened).toEqual({ ok: false, reason, authenticated })
  })
})

describe('sealing a value', () => {
  const rails = application({ session: { key: KEY, secure: true } })

  it('publishes each value once, whatever it is for', () => {
    const opened = rails.session.open(rails.session.seal(session))
    if (!opened.ok) throw new Error(opened.reason)
    const ways = [
      () => rails.session.seal(session),
      () => rails.session.setCookie(session),
      () => rails.session.update(opened, { user_id: 8 }),
      () => rails.session.updateCookie(opened, { user_id: 8 }),
    ]
    for (const way of ways) {
      const messages = during(way)
      expect(messages).toMatchObject([['seal', { cookie: KEY, kind: 'session', serializer: 'json' }]])
    }
    const loaded = rails.session.load(undefined)
    loaded.set('user_id', 7)
    expect(during(() => loaded.commit()).filter(([name]) => name === 'seal')).toHaveLength(1)
    expect(during(() => loaded.commit())).toEqual([])
  })

  it('says how long the value became, and in which format it is', () => {
    const marshal = application({ cookiesSerializer: 'marshal' })
    const own = application({ cookiesSerializer: { dump: String, load: String } })
    let sealed = ''
    expect(during(() => (sealed = marshal.cookies.signed('cart').seal(['ä'])))).toEqual([
      ['seal', { cookie: 'cart', kind: 'signed', bytes: sealed.length, serializer: 'marshal' }],
    ])
    expect(during(() => own.cookies.permanent.encrypted('cart').seal(1))).toMatchObject([
      ['seal', { kind: 'encrypted', serializer: 'custom' }],
    ])
    expect(during(() => rails.cookies.plain('theme').seal('dark blue'))).toEqual([
      ['seal', { cookie: 'theme', kind: 'plain', bytes: 'dark+blue'.length, serializer: null }],
    ])
  })

  it('publishes nothing where nothing is sealed', () => {
    expect(during(() => rails.session.setCookie(session, { https: false }))).toEqual([])
    expect(during(() => rails.session.delete())).toEqual([])
    expect(during(() => expect(() => rails.session.seal({ a: 'x'.repeat(5000) })).toThrow('CookieOverflow'))).toEqual(
      [],
    )
  })
})

describe('messages', () => {
  it('hold no value, no key and no text of a cookie', () => {
    const rails = application()
    const messages = during(() => {
      const value = rails.session.seal({ session_id: 'f00dfeed', 'secret key': 'secret value' })
      rails.session.open(value)
      rails.session.open(value.replace(/^../, '%%'))
      rails.session.open('secret text')
      rails.cookies.plain('theme').open('secret theme')
    })
    expect(messages).toHaveLength(5)
    const allowed = new Set(['cookie', 'kind', 'bytes', 'serializer', 'rotation', 'reason', 'authenticated'])
    for (const [, message] of messages) {
      expect(JSON.stringify(message)).not.toMatch(/secret|f00d/)
      expect(Object.keys(message as object).filter((key) => !allowed.has(key))).toEqual([])
    }
  })

  it('are not made while nobody listens', () => {
    const rails = application()
    for (const name of NAMES) unsubscribe(name, listener)
    const spies = NAMES.map((name) => vi.spyOn(channel(name), 'publish'))
    const opened = rails.session.open(rails.session.seal(session))
    const meta = vi.spyOn(Object.getPrototypeOf(opened) as { meta: unknown }, 'meta', 'get')
    rails.session.open(rails.session.seal(session))
    rails.session.open('x')
    for (const spy of [...spies, meta]) expect(spy).not.toHaveBeenCalled()
    for (const spy of [...spies, meta]) spy.mockRestore()
  })

  it('come to those who listen to one channel only', () => {
    const rails = application({ useAuthenticatedCookieEncryption: true })
    const old = application({ useAuthenticatedCookieEncryption: false }).session.seal(session)
    unsubscribe('rails-session:open', listener)
    expect(during(() => rails.session.open(old))).toMatchObject([['rotation', { rotation: 'legacy' }]])
  })
})

describe('a subscriber', () => {
  it('may open cookies of its own, and spoils nothing', () => {
    const rails = application({ backend: 'native' })
    const cart = rails.cookies.encrypted('cart')
    const other = cart.seal({ session_id: 'other', user_id: 'other' })
    const inBetween: boolean[] = []
    const nosy = (message: unknown): void => {
      if ((message as { kind: string }).kind === 'session') inBetween.push(cart.open(other).ok)
    }
    subscribe('rails-session:open', nosy)
    try {
      const opened = rails.session.open(rails.session.seal(session))
      expect(inBetween).toEqual([true])
      expect(opened.ok && opened.get('user_id')).toBe(7)
      expect(opened.ok && { ...opened.data }).toEqual(session)
    } finally {
      unsubscribe('rails-session:open', nosy)
    }
  })

  const error = new Error('broken subscriber')
  const broken = (): never => {
    throw error
  }

  /** Opens and seals; returns what is raised as an uncaught exception afterwards. */
  async function uncaught(): Promise<unknown[]> {
    const rails = application()
    const raised: unknown[] = []
    process.setUncaughtExceptionCaptureCallback((thrown) => raised.push(thrown))
    try {
      const value = rails.session.seal(session)
      expect(rails.session.open(value)).toMatchObject({ ok: true })
      expect(rails.session.open('x')).toMatchObject({ ok: false, reason: 'malformed' })
      expect(raised).toEqual([])
      await setImmediate()
    } finally {
      process.setUncaughtExceptionCaptureCallback(null)
    }
    return raised
  }

  it('that throws disturbs no call: the error is raised afterwards', async () => {
    for (const name of NAMES) subscribe(name, broken)
    try {
      expect(await uncaught()).toEqual([error, error, error])
    } finally {
      for (const name of NAMES) unsubscribe(name, broken)
    }
  })

  it('disturbs no call where the runtime lets through what it throws', async () => {
    const spies = NAMES.map((name) => vi.spyOn(channel(name), 'publish').mockImplementation(broken))
    try {
      expect(await uncaught()).toEqual([error, error, error])
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
  })
})
