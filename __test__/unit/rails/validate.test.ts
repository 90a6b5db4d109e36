import { describe, expect, it } from 'vitest'
import { createRails, createRailsAsync, type RailsOptions } from '../../../index.ts'
import { MessageEncryptor, MessageVerifier } from '../../../src/active-support/index.ts'
import { ConfigError } from '../../../src/errors.ts'
import { OptionReader } from '../../../src/rails/validate.ts'
import { NOW, OLD_SECRET, SECRET } from '../../support/application.ts'

/** Counts how often each property of an object and of the objects and arrays in it is read. */
function watched<T extends object>(object: T, path: string, reads: Map<string, number>): T {
  return new Proxy(object, {
    get(target, name, receiver) {
      const place = `${path}${String(name)}`
      const value: unknown = Reflect.get(target, name, receiver)
      if (!Array.isArray(target)) reads.set(place, (reads.get(place) ?? 0) + 1)
      const plain = typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
      return plain ? watched(value, `${place}.`, reads) : value
    },
  })
}

/** Every option that can stand together, and not one of a value that a second reading would have in common. */
function everything(): RailsOptions {
  return {
    secretKeyBase: [SECRET, OLD_SECRET],
    loadDefaults: '5.2',
    railsVersion: '5.2',
    secretToken: 'x'.repeat(30),
    session: {
      key: '_s',
      path: '/',
      domain: ['a.test'],
      tldLength: 2,
      secure: true,
      httpOnly: true,
      sameSite: 'lax',
      expireAfter: 60,
    },
    cookiesSerializer: { dump: String, load: () => null },
    useAuthenticatedCookieEncryption: true,
    encryptedCookieCipher: 'aes-128-gcm',
    signedCookieDigest: 'SHA256',
    cookiesDigest: 'SHA256',
    keyGeneratorHashDigestClass: 'SHA1',
    keyGeneratorIterations: 1,
    signedCookieSalt: 'a',
    encryptedCookieSalt: 'b',
    encryptedSignedCookieSalt: 'c',
    authenticatedEncryptedCookieSalt: 'd',
    useCookiesWithMetadata: false,
    cookiesSameSiteProtection: 'strict',
    cookiesRotations: [
      { kind: 'signed', secrets: ['raw'] },
      { kind: 'encrypted', keyGeneratorIterations: 2 },
    ],
    escapeHtmlEntitiesInJson: true,
    escapeJsSeparatorsInJson: true,
    encryptSession: true,
    requirePurpose: false,
    allowWeakSecret: true,
    rackVersion: '2',
    overflow: 'rails',
    limits: { readBytes: 100, cachedKeys: 3 },
    schema: {
      '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as Record<string, unknown> }) },
    },
    backend: 'node',
    now: () => NOW,
  }
}

describe('options', () => {
  it.each([
    ['createRails', (options: RailsOptions) => void createRails(options)],
    ['createRailsAsync', async (options: RailsOptions) => void (await createRailsAsync(options))],
  ])('%s reads each of them exactly once', async (_, create) => {
    const reads = new Map<string, number>()
    const options = everything()
    await create(watched(options, '', reads))
    const more = [...reads].filter(([place, count]) => count !== 1 && !place.startsWith('schema.'))
    expect(more).toEqual([])
    const nested = ['session.key', 'limits.readBytes', 'cookiesRotations.0.kind', 'cookiesSerializer.dump']
    expect([...reads.keys()]).toEqual(expect.arrayContaining([...Object.keys(options), ...nested]))
  })

  it('reads those of message classes exactly once', () => {
    const reads = new Map<string, number>()
    const rotations = [{ digest: 'SHA256' as const, secret: 'y'.repeat(32) }]
    const serializer = { dump: String, load: () => null }
    const options = { digest: 'SHA1', serializer, urlSafe: true, backend: 'node', rotations, now: () => NOW } as const
    void new MessageVerifier('x', watched(options, 'v.', reads))
    void new MessageEncryptor(
      'x'.repeat(32),
      watched({ ...options, cipher: 'aes-256-cbc' as const, signSecret: 'z' }, 'e.', reads),
    )
    expect([...reads].filter(([, count]) => count !== 1)).toEqual([])
    expect(reads.size).toBeGreaterThan(15)
  })

  it('may be changed afterwards: nothing follows', () => {
    const secrets = [SECRET, OLD_SECRET]
    const raw = Buffer.from('raw key of an older application')
    const session = { key: '_s', domain: ['a.test', 'b.test'], path: '/a', expireAfter: 60 }
    const rotation = { kind: 'signed' as const, secrets: [raw] }
    const cookiesRotations = [rotation]
    const limits = { readBytes: 2000 }
    const options: RailsOptions = {
      secretKeyBase: secrets,
      session,
      cookiesRotations,
      limits,
      backend: 'node',
      now: () => NOW,
    }
    const rails = createRails(options)
    const before = rails.session.setCookie({ session_id: 'a' }, { host: 'b.test' })?.split('; ').slice(1)

    secrets.splice(0, 2, 'changed'.repeat(9))
    raw.fill(0)
    Object.assign(session, { key: 'changed', path: '/changed', expireAfter: 1 })
    session.domain.splice(0, 2, 'changed.test')
    cookiesRotations.length = 0
    limits.readBytes = 1
    Object.assign(options, { secretKeyBase: 'changed'.repeat(9), cookiesSerializer: 'marshal', now: () => 0 })

    const line = rails.session.setCookie({ session_id: 'a' }, { host: 'b.test' })
    expect(line?.split('; ').slice(1)).toEqual(before)
    expect(line).toMatch(/^_s=.*; domain=b\.test; path=\/a; expires=Mon, 23 Nov 2026 12:01:00 GMT/)
    const fresh = createRails({ secretKeyBase: SECRET, session: { key: '_s' }, backend: 'node', now: () => NOW })
    expect(rails.session.open(fresh.session.seal({ a: 1 }))).toMatchObject({ ok: true })
    const older = createRails({ secretKeyBase: OLD_SECRET, session: { key: '_s' }, backend: 'node', now: () => NOW })
    expect(rails.session.open(older.session.seal({ a: 1 }))).toMatchObject({ ok: true, meta: { rotation: 'legacy' } })
  })

  it('may have a Buffer for a raw key: it is copied, even for keys that are made later', () => {
    const key = Buffer.alloc(64, 'k')
    const now = (): number => NOW
    const writer = new MessageVerifier(Buffer.alloc(64, 'k'), { serializer: 'json', backend: 'node', now })
    const cookie = encodeURIComponent(writer.generate({ n: 1 }))
    const rails = createRails({
      secretKeyBase: SECRET,
      cookiesRotations: [{ kind: 'signed', secrets: [key] }],
      backend: 'node',
      now,
    })
    key.fill(0)
    expect(rails.cookies.signed('c').open(cookie)).toMatchObject({ ok: true, data: { n: 1 }, meta: { rotation: 0 } })
  })
})

describe('OptionReader', () => {
  it('does not show what may be a secret', () => {
    const reader = new OptionReader('here', { token: 'hunter2 hunter2', pin: 1234567 }, ['token', 'pin'])
    expect(() => reader.fail('token', 'x', true)).toThrow(
      new ConfigError('here: token is a string of 15 characters; write x'),
    )
    expect(() => reader.fail('pin', 'x', true)).toThrow(new ConfigError('here: pin is a number; write x'))
    expect(() => new OptionReader('here', 'hunter2', [])).toThrow(
      /^here: expected an object with options, got a string of 7 characters$/,
    )
    expect(() => new OptionReader('here', 1234567, [])).toThrow(/got a number$/)
  })
})
