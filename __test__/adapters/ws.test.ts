import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { ConfigError, createRails, HeadersSentError, type Rails, type RequestSession } from '../../index.ts'
import { authenticateUpgrade, SESSION_EXPIRED, type UpgradeOptions } from '../../src/adapters/ws.ts'
import { application } from '../support/application.ts'
import { RAILS_APPLICATION, RAILS_COOKIE, RAILS_SESSION } from './real-session.ts'

const ORIGIN = 'https://shop.example'
const rails = application({ session: { key: '_shop_session' } })
const cookie = `_shop_session=${rails.session.seal({ user_id: 7, cart: [1] })}`

interface Running {
  readonly url: string
  readonly server: Server
  readonly wss: WebSocketServer
  /** What the `connection` event told, in order. */
  readonly sessions: RequestSession[]
}

const running: Running[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  for (const { server, wss } of running.splice(0)) {
    for (const client of wss.clients) client.terminate()
    // oxlint-disable-next-line no-await-in-loop -- there is one
    await new Promise((resolve) => server.close(resolve))
  }
})

type Options = Omit<UpgradeOptions<Record<string, unknown>>, 'origins'> & { origins?: readonly string[] | '*' }

async function start(options: Options = {}, on: Rails = rails): Promise<Running> {
  const server = createServer()
  const wss = new WebSocketServer({ noServer: true })
  const sessions: RequestSession[] = []
  wss.on('connection', (socket: WebSocket, _request: IncomingMessage, session: RequestSession) => {
    sessions.push(session)
    socket.on('message', () => socket.send(String(session.get('user_id'))))
  })
  server.on('upgrade', authenticateUpgrade(on, wss, { origins: [ORIGIN], ...options }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const app = { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, server, wss, sessions }
  running.push(app)
  return app
}

/** A WebSocket that is open; or the status it was refused with. */
async function open(url: string, headers: Record<string, string> = {}): Promise<WebSocket | number> {
  const socket = new WebSocket(url, { headers: { origin: ORIGIN, ...headers } })
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (request, { statusCode = 0 }) => {
      request.destroy()
      resolve(statusCode)
    })
    socket.on('error', reject)
  })
}

async function connected(url: string, headers: Record<string, string> = { cookie }): Promise<WebSocket> {
  const socket = await open(url, headers)
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  return socket
}

async function answer(socket: WebSocket): Promise<string> {
  socket.send('who?')
  const [data] = (await once(socket, 'message')) as [Buffer]
  return data.toString()
}

/** Everything that comes back until the server hangs up. */
async function raw(url: string, lines: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.end(`GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  let received = ''
  for await (const piece of socket.setEncoding('latin1')) received += piece
  return received
}

const UPGRADE = ['host: shop.example', 'connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13']
const KEY = 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=='

describe('authenticateUpgrade', () => {
  it('hands the session to the connection', async () => {
    const { url, sessions } = await start()
    const socket = await connected(url)
    expect(await answer(socket)).toBe('7')
    expect(sessions).toHaveLength(1)
    expect({ ...sessions[0]?.data }).toMatchObject({ user_id: 7, cart: [1] })
  })

  it('reads the session that a real Rails wrote', async () => {
    const real = createRails(RAILS_APPLICATION)
    const { url, sessions } = await start({}, real)
    await connected(url, { cookie: `theme=dark; ${RAILS_COOKIE}` })
    expect({ ...sessions[0]?.data }).toEqual(RAILS_SESSION)
  })

  it('does not mix up a hundred that come at once', async () => {
    const { url } = await start({ authorize: async (session) => pause(Number(session.get('user_id')) % 7) })
    const users = Array.from({ length: 100 }, (_, user) => user)
    const cookies = users.map((user) => `_shop_session=${rails.session.seal({ user_id: user })}`)
    const sockets = await Promise.all(cookies.map((own) => connected(url, { cookie: own })))
    expect(await Promise.all(sockets.map(answer))).toEqual(users.map(String))
  })

  describe('origins', () => {
    it.each([
      'https://shop.example.evil.example',
      'https://evil-shop.example',
      'https://shop.example:8443',
      'http://shop.example',
      'https://shop.example/',
      'HTTPS://SHOP.EXAMPLE',
      'https://shop.example, https://evil.example',
      'null',
      '',
      '*',
    ])('refuses %j', async (origin) => {
      const { url, sessions } = await start()
      expect(await open(url, { origin, cookie })).toBe(403)
      expect(sessions).toEqual([])
    })

    it('refuses a request without an Origin, and one that has it under its old name', async () => {
      const { url, sessions } = await start()
      const given = [...UPGRADE, KEY, `cookie: ${cookie}`]
      expect(await raw(url, given)).toBe('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      expect(await raw(url, [...given, `sec-websocket-origin: ${ORIGIN}`])).toMatch(/^HTTP\/1.1 403 /)
      expect(sessions).toEqual([])
    })

    it('accepts each of a list, and with * everybody', async () => {
      const { url } = await start({ origins: ['http://localhost:3000', 'capacitor://localhost', ORIGIN] })
      for (const origin of ['http://localhost:3000', 'capacitor://localhost', ORIGIN]) {
        // oxlint-disable-next-line no-await-in-loop -- one after another says which
        await connected(url, { cookie, origin })
      }
      const everybody = await start({ origins: '*' })
      await connected(everybody.url, { cookie, origin: 'https://evil.example' })
      expect(await raw(everybody.url, [...UPGRADE, KEY, `cookie: ${cookie}`])).toMatch(/^HTTP\/1.1 101 /)
    })

    it('does not ask authorize about other origins', async () => {
      const authorize = vi.fn<() => boolean>(() => true)
      const { url } = await start({ authorize })
      expect(await open(url, { cookie, origin: 'https://evil.example' })).toBe(403)
      expect(authorize).not.toHaveBeenCalled()
    })

    it.each<[given: unknown, message: string]>([
      [undefined, 'authenticateUpgrade: origins is missing; write those whose pages may connect'],
      [[], 'authenticateUpgrade: origins is an array of 0; write those'],
      [ORIGIN, "authenticateUpgrade: origins is 'https://shop.example'; write those"],
      [['*'], "authenticateUpgrade: origins has '*', which no browser sends"],
      [['null'], "origins has 'null', which no browser sends"],
      [['shop.example'], "origins has 'shop.example', which no browser sends"],
      [['https://shop.example/'], "origins has 'https://shop.example/', which no browser sends"],
      [['https://shop.example:443'], 'which no browser sends'],
      [['https://Shop.example'], 'which no browser sends'],
      [[ORIGIN, /shop/], 'origins has /shop/, which no browser sends'],
    ])('cannot be %j', (given, message) => {
      const options = { origins: given as '*' }
      const set = (): unknown => authenticateUpgrade(rails, new WebSocketServer({ noServer: true }), options)
      expect(set).toThrow(ConfigError)
      expect(set).toThrow(message)
    })

    it('are not optional', () => {
      const set = authenticateUpgrade as unknown as (...given: unknown[]) => unknown
      expect(() => set(rails, new WebSocketServer({ noServer: true }))).toThrow(ConfigError)
      expect(() => set(Promise.resolve(rails))).toThrow('authenticateUpgrade: rails has no session')
    })
  })

  describe('authorize', () => {
    it.each([
      ['no cookie', 'theme=dark'],
      ['a tampered one', cookie.replace(/.(?=.{20}$)/, (letter) => (letter === 'x' ? 'y' : 'x'))],
      ['garbage', '_shop_session=%00%ff--==; ;;=;'],
      ['one that is too large', `_shop_session=${'a'.repeat(9000)}`],
    ])('asks by default for a session: 401 for %s', async (_, given) => {
      const { url, sessions } = await start()
      expect(await open(url, { cookie: given })).toBe(401)
      expect(sessions).toEqual([])
    })

    it('decides alone where it is given', async () => {
      const { url, sessions } = await start({ authorize: () => true })
      await connected(url, { cookie: '' })
      expect(sessions[0]?.isNew).toBe(true)
    })

    it.each([
      ['at once', (session: RequestSession) => session.get('user_id') === 1],
      ['later', async (session: RequestSession) => pause(5, session.get('user_id') === 1)],
    ])('refuses %s: 403, and 401 where there is no session', async (_, authorize) => {
      const { url, sessions } = await start({ authorize })
      expect(await open(url, { cookie })).toBe(403)
      expect(await open(url, {})).toBe(401)
      await connected(url, { cookie: `_shop_session=${rails.session.seal({ user_id: 1 })}` })
      expect(sessions).toHaveLength(1)
    })

    it('sees the request: the user of Action Cable, by a cookie of its own', async () => {
      const users = rails.cookies.encrypted('user_id')
      const authorize: Options['authorize'] = (_session, request) => {
        const user = users.openHeader(request.headers.cookie)
        return user.ok && user.data === 7
      }
      const { url } = await start({ authorize })
      await connected(url, { cookie: `user_id=${users.seal(7)}` })
      expect(await open(url, { cookie: `user_id=${users.seal(8)}` })).toBe(401)
      expect(await open(url, { cookie: `user_id=${rails.cookies.signed('user_id').seal(7)}` })).toBe(401)
    })

    it.each<[how: string, fail: () => boolean | Promise<boolean>]>([
      [
        'throws',
        () => {
          throw new Error('no database')
        },
      ],
      ['rejects', async () => Promise.reject(new Error('no database'))],
    ])('is answered 500 if it %s, and the error is told', async (_, authorize) => {
      const { url, wss, sessions } = await start({ authorize })
      const told = once(wss, 'error').catch((error: unknown) => [error])
      expect(await open(url, { cookie })).toBe(500)
      expect(await told).toEqual([expect.objectContaining({ message: 'no database' })])
      expect(sessions).toEqual([])
    })

    it('survives clients that hang up meanwhile', async () => {
      let asked = 0
      const { url, sessions } = await start({
        authorize: async () => {
          asked++
          return pause(20, asked % 2 === 0)
        },
      })
      await Promise.all(
        Array.from({ length: 10 }, async (_, count) => {
          const socket = connect(Number(new URL(url).port), '127.0.0.1')
          await once(socket, 'connect')
          socket.write(`GET / HTTP/1.1\r\n${[...UPGRADE, KEY, `origin: ${ORIGIN}`].join('\r\n')}\r\n\r\n`)
          setTimeout(() => (count % 2 === 0 ? socket.resetAndDestroy() : socket.destroy()), 10)
          await once(socket, 'close')
        }),
      )
      expect(asked).toBeGreaterThan(0)
      await pause(40)
      expect(sessions).toEqual([])
      expect([await open(url), await open(url)].filter((answered) => answered === 401)).toHaveLength(1)
    })
  })

  it('leaves what is no handshake to ws', async () => {
    const { url } = await start()
    expect(await raw(url, [...UPGRADE, `origin: ${ORIGIN}`, `cookie: ${cookie}`])).toMatch(/^HTTP\/1.1 400 /)
  })

  it('gives a session that can only be read', async () => {
    const { url, sessions } = await start({ authorize: () => true })
    await connected(url)
    await connected(url, { cookie: '' })
    for (const session of sessions) {
      for (const change of [
        () => session.set('user_id', 8),
        () => session.delete('user_id'),
        () => session.update({ user_id: 8 }),
        () => session.reset(),
        () => session.flash.set('notice', 'late'),
      ]) {
        expect(change).toThrow(HeadersSentError)
        expect(change).toThrow('a WebSocket carries no cookies')
      }
      expect(() => (session.data['user_id'] = 8)).toThrow(TypeError)
      expect(session.commit()).toBe(null)
    }
    expect(sessions.map((session) => session.get('user_id'))).toEqual([7, undefined])
  })

  it('sends none either where sessions are written without a change', async () => {
    const settings = { session: { key: '_shop_session', expireAfter: '1 hour' } }
    for (const rule of [{ rolling: 'always' }, { write: 'rails' }] as const) {
      const rolling = application({ ...settings, ...rule })
      // oxlint-disable-next-line no-await-in-loop -- one after another says which
      const { url, sessions } = await start({}, rolling)
      // oxlint-disable-next-line no-await-in-loop
      await connected(url, { cookie: `_shop_session=${rolling.session.seal({ user_id: 7 })}` })
      expect([sessions[0]?.get('user_id'), sessions[0]?.commit()]).toEqual([7, null])
    }
  })

  describe('when the cookie expires', () => {
    it(`closes the connection with ${SESSION_EXPIRED}`, async () => {
      let now = Date.now()
      const expiring = application({ session: { key: '_shop_session', expireAfter: '1 hour' }, now: () => now })
      vi.useFakeTimers({ toFake: ['setInterval'] })
      const { url } = await start({ recheckSeconds: 5 }, expiring)
      const socket = await connected(url, { cookie: `_shop_session=${expiring.session.seal({ user_id: 7 })}` })
      const closed = once(socket, 'close') as Promise<[code: number, reason: Buffer]>
      now += 3_599_000
      vi.advanceTimersByTime(5000)
      expect([socket.readyState, await answer(socket)]).toEqual([WebSocket.OPEN, '7'])
      now += 1000
      vi.advanceTimersByTime(4999)
      expect(await answer(socket)).toBe('7')
      vi.advanceTimersByTime(1)
      const [code, reason] = await closed
      expect([code, reason.toString()]).toEqual([4401, 'session expired'])
    })

    it('keeps no process alive, and stops looking when the connection ends', async () => {
      const timers = vi.spyOn(globalThis, 'setInterval')
      const cleared = vi.spyOn(globalThis, 'clearInterval')
      const expiring = application({ session: { key: '_shop_session', expireAfter: '30 days' } })
      const { url, wss } = await start({}, expiring)
      const socket = await connected(url, { cookie: `_shop_session=${expiring.session.seal({ user_id: 7 })}` })
      const [timer] = timers.mock.results.map(({ value }) => value as NodeJS.Timeout)
      const isCleared = (): boolean => cleared.mock.calls.some(([each]) => each === timer)
      expect([timer?.hasRef(), isCleared()]).toEqual([false, false])
      const [served] = wss.clients
      socket.close()
      await once(served!, 'close')
      expect([timers.mock.calls.length, isCleared()]).toEqual([1, true])
    })

    it('does nothing for those that do not', async () => {
      const timers = vi.spyOn(globalThis, 'setInterval')
      const { url } = await start()
      await connected(url)
      expect(timers).not.toHaveBeenCalled()
    })

    it.each([0, -1, 0.5, Number.NaN, 86_401, '60'])('cannot look every %j seconds', (recheckSeconds) => {
      const options = { origins: '*', recheckSeconds: recheckSeconds as number } as const
      const set = (): unknown => authenticateUpgrade(rails, new WebSocketServer({ noServer: true }), options)
      expect(set).toThrow('write a whole number from 1 to 86400')
    })
  })
})

async function pause(milliseconds: number, then = true): Promise<boolean> {
  return new Promise((resolve) => setTimeout(() => resolve(then), milliseconds))
}
