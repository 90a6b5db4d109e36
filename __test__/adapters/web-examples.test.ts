import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createRails } from '../../index.ts'
import { SECRET } from '../support/application.ts'
import { startExample } from '../support/example.ts'
import { stoppedAtTheEnd } from '../support/running.ts'
import { cookieAfter, send } from './client.ts'

const rails = createRails({ secretKeyBase: SECRET, loadDefaults: '7.1', session: { key: '_shop_session' } })
const devise = { 'warden.user.user.key': [[7], '$2a$11$abcdefghijklmnopqrstuv'] }
const cookie = `_shop_session=${rails.session.seal(devise)}`

const keep = stoppedAtTheEnd()

/** Starts an example, and gives the address that it prints. */
async function start(name: string): Promise<string> {
  const { url } = await keep(startExample(name))
  return url
}

describe.each(['fetch', 'hono'])('examples/%s.mjs', (name) => {
  it('counts visits in the session of Rails', async () => {
    const url = await start(name)
    const first = await send(url, { cookie })
    expect([first.status, JSON.parse(first.body)]).toEqual([200, { user: 7, visits: 1 }])
    const second = await send(url, { cookie: cookieAfter(first) })
    expect(JSON.parse(second.body)).toEqual({ user: 7, visits: 2 })
    expect(rails.session.openHeader(cookieAfter(second))).toMatchObject({ ok: true, data: { ...devise, visits: 2 } })
    expect(JSON.parse((await send(url)).body)).toEqual({ user: null, visits: 1 })
  })
})

describe('examples/ws.mjs', () => {
  it('greets who is logged in, and nobody else', async () => {
    const url = await start('ws')
    const greeting = async (headers: Record<string, string>): Promise<unknown> => {
      const socket = new WebSocket(url, { headers })
      return new Promise((resolve, reject) => {
        socket.on('error', reject)
        socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode))
        socket.on('message', (data: Buffer) => {
          socket.close()
          resolve(data.toString())
        })
      })
    }
    const origin = 'https://shop.example'
    const cable = `user_id=${rails.cookies.encrypted('user_id').seal(8)}`
    expect(await greeting({ origin, cookie })).toBe('hello 7')
    expect(await greeting({ origin, cookie: cable })).toBe('hello 8')
    expect(await greeting({ origin })).toBe(401)
    expect(await greeting({ origin: 'https://evil.example', cookie })).toBe(403)
  })
})
