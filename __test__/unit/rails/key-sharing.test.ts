import { describe, expect, it, vi } from 'vitest'
import { createRails, createRailsAsync, type RailsOptions } from '../../../index.ts'
import { nodeBackend } from '../../../src/backend/node-crypto.ts'
import { keyCacheOf } from '../../../src/keys/key-cache.ts'

let made = 0

/** Options with a secret that nothing has derived from before. */
function unused(options: RailsOptions = {}): RailsOptions {
  made += 1
  return { secretKeyBase: `${made}`.padStart(40, 'x'), backend: 'node', keyGeneratorIterations: 2, ...options }
}

/** Counts derivations of `node:crypto` while something runs. */
async function derivations(action: () => unknown): Promise<{ sync: number; async: number }> {
  const sync = vi.spyOn(nodeBackend, 'derive')
  const other = vi.spyOn(nodeBackend, 'deriveAsync')
  try {
    await action()
    return { sync: sync.mock.calls.length, async: other.mock.calls.length }
  } finally {
    sync.mockRestore()
    other.mockRestore()
  }
}

describe('createRails', () => {
  it('derives the keys of the session cookie at once, those of another jar when it is first used', async () => {
    const options = unused()
    let rails = createRails(unused())
    // AES-GCM, and AES-CBC with its HMAC, which it can read.
    expect(await derivations(() => (rails = createRails(options)))).toEqual({ sync: 3, async: 0 })
    expect(await derivations(() => rails.cookies.encrypted('a').seal(1))).toEqual({ sync: 0, async: 0 })
    expect(await derivations(() => rails.cookies.plain('a').seal('1'))).toEqual({ sync: 0, async: 0 })
    expect(await derivations(() => rails.cookies.signed('a').seal(1))).toEqual({ sync: 1, async: 0 })
    expect(await derivations(() => rails.cookies.permanent.signed('b').seal(1))).toEqual({ sync: 0, async: 0 })
  })

  it('derives nothing for settings that another one has', async () => {
    const options = unused()
    createRails(options).cookies.signed('a')
    const again = (): unknown => createRails({ ...options, session: { key: '_other' } }).cookies.signed('b')
    expect(await derivations(again)).toEqual({ sync: 0, async: 0 })
    expect(await derivations(() => createRailsAsync(options))).toEqual({ sync: 0, async: 0 })
  })

  it('derives only what the jar needs', async () => {
    expect(await derivations(() => createRails(unused({ encryptedCookieSalt: null })))).toEqual({ sync: 1, async: 0 })
    expect(await derivations(() => createRails(unused({ encryptSession: false })))).toEqual({ sync: 1, async: 0 })
    expect(await derivations(() => createRails(unused({ loadDefaults: '5.1' })))).toEqual({ sync: 2, async: 0 })
    const raw = { kind: 'encrypted', secrets: [new Uint8Array(32)] } as const
    expect(await derivations(() => createRails(unused({ cookiesRotations: [raw] })))).toEqual({ sync: 3, async: 0 })
  })

  it('derives nothing for cookies, whatever they contain', async () => {
    const rails = createRails(unused())
    const cookies = [rails.session, rails.cookies.signed('a'), rails.cookies.encrypted('b')]
    const good = cookies.map((cookie) => cookie.seal({ session_id: 'x' }))
    const before = keyCacheOf(nodeBackend).size
    let refused = 0
    const counted = await derivations(() => {
      let state = 1
      for (let i = 0; i < 100_000; i++) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
        const text = good[i % 3] ?? ''
        const place = state % text.length
        const cookie =
          i % 2 === 0
            ? `${text.slice(0, place)}${String.fromCharCode(33 + ((state >>> 8) % 90))}${text.slice(place + 1)}`
            : state.toString(36)
        if (!(cookies[i % 3]?.open(cookie).ok ?? false)) refused += 1
      }
    })
    expect(counted).toEqual({ sync: 0, async: 0 })
    expect(refused).toBeGreaterThan(90_000)
    expect(keyCacheOf(nodeBackend).size).toBe(before)
  })

  it('limits.cachedKeys makes room for more keys', async () => {
    const many = Array.from({ length: 30 }, () => unused())
    const all = (): void => {
      for (const options of many) createRails(options)
    }
    all()
    expect((await derivations(all)).sync).toBe(90)
    expect(keyCacheOf(nodeBackend).size).toBe(64)
    createRails(unused({ limits: { cachedKeys: 120 } }))
    all()
    expect(await derivations(all)).toEqual({ sync: 0, async: 0 })
  })
})

describe('createRailsAsync', () => {
  it('derives every key of both jars on other threads', async () => {
    const options = unused({ secretKeyBase: undefined as never })
    let rails = createRails(unused())
    const secretKeyBase = 'async'.repeat(10)
    expect(await derivations(async () => (rails = await createRailsAsync({ ...options, secretKeyBase })))).toEqual({
      sync: 0,
      async: 4,
    })
    const use = (): unknown => [
      rails.cookies.signed('a').seal(1),
      rails.cookies.encrypted('a').seal(1),
      rails.session.seal({}),
    ]
    expect(await derivations(use)).toEqual({ sync: 0, async: 0 })
  })

  it('derives once for two that are made at the same time', async () => {
    const options = unused()
    const both = (): Promise<unknown> => Promise.all([createRailsAsync(options), createRailsAsync(options)])
    expect(await derivations(both)).toEqual({ sync: 0, async: 4 })
  })

  it('makes what createRails makes', async () => {
    const options = unused({ session: { key: '_s' } })
    const [one, other] = [createRails(options), await createRailsAsync(options)]
    for (const [writer, reader] of [
      [one, other],
      [other, one],
    ] as const) {
      expect(reader.session.open(writer.session.seal({ user_id: 1 }))).toMatchObject({ ok: true, data: { user_id: 1 } })
      expect(reader.cookies.signed('a').open(writer.cookies.signed('a').seal([1]))).toMatchObject({
        ok: true,
        data: [1],
      })
    }
  })

  it('works with a secret_token alone', async () => {
    const rails = await createRailsAsync({
      secretToken: 'x'.repeat(30),
      loadDefaults: '3.2',
      cookiesSerializer: 'json',
      backend: 'node',
    })
    expect(rails.session.open(rails.session.seal({ a: 1 }))).toMatchObject({ ok: true, data: { a: 1 } })
  })
})
