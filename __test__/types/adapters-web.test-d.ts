import type { IncomingMessage } from 'node:http'
import { Hono } from 'hono'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { createRails, type RequestSession, type SessionData } from '../../index.ts'
import { applySession, fromRequest } from '../../src/adapters/fetch.ts'
import { railsSession } from '../../src/adapters/hono.ts'
import { getRailsSession, type NextSession } from '../../src/adapters/next.ts'
import { authenticateUpgrade, type UpgradeOptions } from '../../src/adapters/ws.ts'
import type { Equals } from './equals.ts'

/** Fails to compile unless its argument is `true`. */
declare function check<T extends true>(): T

const secretKeyBase = 'x'.repeat(64)
const rails = createRails({ secretKeyBase })
const shop = createRails({ secretKeyBase, schema: z.object({ user_id: z.number() }) })
interface Shop {
  user_id: number
}

// rails-session/fetch: what the schema says.
const fetched = fromRequest(shop, new Request('https://shop.example/'), { trustProxy: true })
const asShop: RequestSession<Shop> = fetched
void asShop
const user = fetched.get('user_id')
check<Equals<typeof user, number | undefined>>()
// @ts-expect-error: another type
fetched.set('user_id', '1')
check<Equals<ReturnType<typeof applySession>, Response>>()
applySession(fetched, new Response(), { publicResponses: 'write' })
// @ts-expect-error: no such word
applySession(fetched, new Response(), { publicResponses: 'always' })
// @ts-expect-error: no request
fromRequest(shop, 'https://shop.example/')

// rails-session/hono: the variable is known wherever Hono is, without a type argument.
const app = new Hono()
app.use(railsSession(rails), railsSession(shop, { as: 'shop', publicResponses: 'skip', trustProxy: true }))
app.get('/', (c) => {
  const session = c.var.railsSession
  check<Equals<typeof session, RequestSession>>()
  const got = c.get('railsSession')
  check<Equals<typeof got, RequestSession>>()
  const value = session.get('user_id')
  check<Equals<typeof value, unknown>>()
  return c.text('')
})
// @ts-expect-error: no such option
railsSession(rails, { name: 'session' })

// rails-session/next: what the schema says, and a method to save.
async function next(): Promise<void> {
  const session = await getRailsSession(shop)
  check<Equals<typeof session, NextSession<Shop>>>()
  check<Equals<ReturnType<typeof session.save>, void>>()
  session.set('user_id', 1)
  // @ts-expect-error: the schema does not know it
  session.set('userid', 1)
  const untyped: NextSession<SessionData> = await getRailsSession(rails)
  void untyped
}
void next

// rails-session/ws: authorize gets what the schema says; origins are not forgotten.
const wss = new WebSocketServer({ noServer: true })
wss.on('connection', (_socket: WebSocket, _request: IncomingMessage, session: RequestSession<Shop>) => {
  session.get('user_id')
})
const upgrade = authenticateUpgrade(shop, wss, {
  origins: ['https://shop.example'],
  authorize: async (session, request) => session.get('user_id') === 1 && request.url === '/',
})
const listener: (...given: Parameters<typeof upgrade>) => void = upgrade
void listener
authenticateUpgrade(rails, wss, { origins: '*', recheckSeconds: 5 })
// @ts-expect-error: origins are needed
authenticateUpgrade(rails, wss, {})
// @ts-expect-error: a list, or '*'
authenticateUpgrade(rails, wss, { origins: 'https://shop.example' })
// @ts-expect-error: yes or no
const undecided: UpgradeOptions<Shop> = { origins: '*', authorize: (session) => session.get('user_id') }
void undecided
