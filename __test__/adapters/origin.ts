import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRails, type Rails } from '../../index.ts'
import { SECRET } from '../support/application.ts'
import { send } from './client.ts'
import type { Listening } from './listen.ts'
import type { Route } from './routes.ts'

/** What this contract has to know of an adapter: how an application is started that is asked for `/`. */
export interface OriginAdapter {
  readonly name: string
  /** `trustProxy`: with the framework's setting that makes it believe X-Forwarded headers. */
  start(rails: Rails, routes: ReadonlyMap<string, Route>, options: { trustProxy: boolean }): Promise<Listening>
}

/** Https and host of a request, which `secure` cookies and `domain: 'all'` depend on. */
export function knowsOrigin(adapter: OriginAdapter): void {
  describe(`${adapter.name}, asked where a request comes from`, () => {
    const rails = createRails({
      secretKeyBase: SECRET,
      loadDefaults: '7.1',
      session: { key: '_s', secure: true, domain: 'all' },
    })
    const routes = new Map<string, Route>([
      [
        '/',
        (session) => {
          session.set('a', 1)
          return { body: 'ok' }
        },
      ],
    ])
    let [direct, behind]: Listening[] = []
    beforeAll(async () => {
      direct = await adapter.start(rails, routes, { trustProxy: false })
      behind = await adapter.start(rails, routes, { trustProxy: true })
    })
    afterAll(async () => {
      await Promise.all([direct?.close(), behind?.close()])
    })
    /** Name and attributes of the lines, without the value. */
    const attributes = async (app: Listening | undefined, headers: Record<string, string>): Promise<string[]> =>
      (await send(`${app!.url}/`, { headers })).lines.map((line) => line.replace(/=[^;]*/, '').toLowerCase())

    it('sends no secure cookie over http, whatever the request claims', async () => {
      expect(await attributes(direct, { host: 'www.shop.example' })).toEqual([])
      const claims = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'www.shop.example' }
      expect(await attributes(direct, claims)).toEqual([])
    })

    it('believes a proxy if it shall', async () => {
      const from = async (headers: Record<string, string>): Promise<string[]> =>
        attributes(behind, { host: 'internal.local:8080', ...headers })
      const line = (domain: string): string[] => [`_s; domain=${domain}; path=/; secure; httponly; samesite=lax`]
      const proto = { 'x-forwarded-proto': 'https' }
      expect(await from({ ...proto, 'x-forwarded-host': 'www.shop.example:8443' })).toEqual(line('shop.example'))
      expect(await from(proto)).toEqual(line('internal.local'))
      expect(await from({ 'x-forwarded-proto': 'http', 'x-forwarded-host': 'www.shop.example' })).toEqual([])
      expect(await from({ 'x-forwarded-host': 'www.shop.example' })).toEqual([])
      expect(await from({})).toEqual([])
    })

    it('sends secure cookies over https', async () => {
      // A socket that says it is encrypted, since that is what all of them ask.
      direct!.server.on('connection', (socket) => Object.assign(socket, { encrypted: true }))
      const claims = { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'www.evil.example' }
      const lines = await attributes(direct, { host: 'www.shop.example', ...claims })
      expect(lines).toEqual(['_s; domain=shop.example; path=/; secure; httponly; samesite=lax'])
    })
  })
}
