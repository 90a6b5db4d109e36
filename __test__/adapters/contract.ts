import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CookieOverflowError, createRails, type Rails, type RailsOptions } from '../../index.ts'
import { OLD_SECRET, SECRET } from '../support/application.ts'
import { cookieAfter, type Received, send } from './client.ts'
import { RAILS_APPLICATION, RAILS_COOKIE, RAILS_SESSION } from './real-session.ts'
import { type Route, routes } from './routes.ts'

/** An application that listens on a port of this machine. */
export interface Running {
  /** `http://127.0.0.1:port` */
  readonly url: string
  /** What reached the framework's handling of errors, in order. Errors are answered with 500 and any body. */
  readonly errors: readonly unknown[]
  close(): Promise<void>
}

/** What the contract has to know of an adapter. */
export interface Adapter {
  readonly name: string
  /** Starts an application: `routes` by path, all of them for every method; 404 for others. */
  start(rails: Rails, routes: ReadonlyMap<string, Route>, options: { publicResponses?: 'write' }): Promise<Running>
}

/** Everything that holds for every adapter, over a real socket. */
export function fulfilsContract(adapter: Adapter): void {
  describe(`${adapter.name}, by the contract of adapters`, () => {
    const running: Running[] = []
    const start = async (rails: Rails, publicResponses?: 'write'): Promise<Running> => {
      const app = await adapter.start(rails, routes, publicResponses === undefined ? {} : { publicResponses })
      running.push(app)
      return app
    }
    afterAll(async () => {
      await Promise.all(running.map((app) => app.close()))
    })

    const rails = shop()
    const cookie = cookieOf(rails, { session_id: ID, user_id: 7, cart: [1] })
    let app: Running
    beforeAll(async () => {
      app = await start(rails)
    })
    const get = async (path: string, given: string | undefined = cookie): Promise<Received> =>
      send(app.url + path, { cookie: given })
    /** The session that a browser would send with its next request. */
    const next = (received: Received): unknown => dataIn(rails, cookieAfter(received))

    it('reads a session of Rails, and leaves it alone', async () => {
      const real = await start(createRails(RAILS_APPLICATION))
      const received = await send(`${real.url}/read`, { cookie: `theme=dark; ${RAILS_COOKIE}; other=1` })
      expect([received.status, JSON.parse(received.body), received.lines]).toEqual([200, RAILS_SESSION, []])
      // Nobody touched it, and nobody asked.
      expect(received.headers).not.toHaveProperty('vary')
      expect(received.headers).not.toHaveProperty('cache-control')
    })

    it('has a new session without a cookie, and sends none that is empty', async () => {
      expect(await send(`${app.url}/read`)).toMatchObject({ status: 200, body: '{}', lines: [] })
      expect(await get('/read', '')).toMatchObject({ status: 200, body: '{}', lines: [] })
      expect(await get('/read', 'theme=dark')).toMatchObject({ status: 200, body: '{}', lines: [] })
      expect(await get('/untouched', '')).toMatchObject({ status: 200, body: 'untouched', lines: [] })
    })

    it('sends what changed, once', async () => {
      const received = await get('/write')
      expect(received.status).toBe(200)
      expect(received.lines).toHaveLength(1)
      expect(received.lines[0]).toMatch(/^_shop_session=[^;]+; path=\/; httponly; samesite=lax$/i)
      expect(next(received)).toEqual({ session_id: ID, user_id: 7, cart: [1, 2], note: 'written' })
      expect(next(await get('/write', ''))).toEqual({
        session_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        cart: [2],
        note: 'written',
      })
    })

    it('keeps the cookie from caches', async () => {
      const { headers } = await get('/write')
      expect([headers.vary, headers['cache-control']]).toEqual(['Cookie', 'no-cache="Set-Cookie"'])
      const careful = (await get('/private')).headers
      expect([careful.vary, careful['cache-control']]).toEqual(['accept, Cookie', 'private, max-age=60'])
    })

    it.each(['/public', '/s-maxage'])('sends no cookie with what shared caches may keep: %s', async (path) => {
      const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
      const received = await get(path)
      warnings.mockRestore()
      expect([received.status, received.lines, received.headers['vary']]).toEqual([200, [], undefined])
    })

    it('sends it all the same if told so', async () => {
      const writing = await start(rails, 'write')
      const received = await send(`${writing.url}/public`, { cookie })
      expect(next(received)).toMatchObject({ secret: 'public' })
      const { vary, 'cache-control': cacheControl } = received.headers
      expect([vary, cacheControl]).toEqual(['Cookie', 'public, max-age=60, no-cache="Set-Cookie"'])
    })

    it('sends a cookie that Rails would seal anew, as soon as it is read', async () => {
      const old = shop({ secretKeyBase: OLD_SECRET })
      const before = cookieOf(old, { session_id: ID, user_id: 7 })
      const received = await get('/read', before)
      expect(JSON.parse(received.body)).toEqual({ session_id: ID, user_id: 7 })
      expect(dataIn(shop({ secretKeyBase: SECRET }), cookieAfter(received))).toEqual({ session_id: ID, user_id: 7 })
      expect((await get('/untouched', before)).lines).toEqual([])
    })

    it('resets', async () => {
      const data = next(await get('/login'))
      expect(data).toEqual({ session_id: expect.stringMatching(/^[0-9a-f]{32}$/), user_id: 8 })
      expect(data).not.toMatchObject({ session_id: ID })
    })

    it('lets the browser forget', async () => {
      const { lines } = await get('/expire')
      expect(lines).toEqual([expect.stringMatching(/^_shop_session=; path=\/; max-age=0; expires=Thu, 01 Jan 1970/i)])
    })

    it('shows a flash to the next request, and sweeps it', async () => {
      const set = await get('/flash')
      const shown = await get('/notice', cookieAfter(set))
      expect(shown.body).toBe('Saved')
      const after = await get('/notice', cookieAfter(shown))
      expect([after.body, after.lines]).toEqual(['none', []])
      expect(next(shown)).toEqual({ session_id: ID, user_id: 7, cart: [1] })
    })

    it('has a new session where the cookie is refused', async () => {
      // A letter that belongs to no escape.
      const tampered = cookie.replace(/(?<=n=.*)[g-z]/, (letter) => (letter === 'g' ? 'h' : 'g'))
      const stranger = cookieOf(shop({ secretKeyBase: 'f'.repeat(128) }), { user_id: 1 })
      const expired = cookieOf(shop({ session: { key: NAME, expireAfter: 60 }, now: () => 0 }), { user_id: 1 })
      for (const [given, reason] of [
        [tampered, 'unauthenticated'],
        [stranger, 'unauthenticated'],
        [expired, 'expired'],
        [`${NAME}=%00%ff--==`, 'malformed'],
        [`${NAME}=${'a'.repeat(9000)}`, 'too_large'],
      ] as const) {
        // oxlint-disable-next-line no-await-in-loop -- so that a failure says which
        const received = await get('/rejected', given)
        expect([received.status, received.body, received.lines]).toEqual([200, reason, []])
        // oxlint-disable-next-line no-await-in-loop
        expect(next(await get('/write', given))).toMatchObject({ cart: [2], note: 'written' })
      }
    })

    it('takes the first of two cookies with one name, as Rack', async () => {
      const second = cookieOf(rails, { session_id: ID, user_id: 2 })
      expect(JSON.parse((await get('/read', `${cookie}; ${second}`)).body)).toMatchObject({ user_id: 7 })
      expect(JSON.parse((await get('/read', `${second}; ${cookie}`)).body)).toMatchObject({ user_id: 2 })
      // The first decides even if it is no good.
      expect((await get('/read', `${NAME}=bad; ${cookie}`)).body).toBe('{}')
    })

    it('hands a session that is too large to the error handling, and lives', async () => {
      const before = app.errors.length
      const received = await get('/oversize')
      expect([received.status, received.lines]).toEqual([500, []])
      expect(app.errors.slice(before)).toEqual([expect.any(CookieOverflowError)])
      expect(app.errors[before]).toMatchObject({ code: 'ERR_RAILS_SESSION_OVERFLOW' })
      // Where the route fails, too, and where nobody could catch what is thrown.
      const [failed, streamed] = [await get('/oversize-and-throw'), await get('/oversize-stream')]
      expect([failed.status, failed.lines, streamed.status, streamed.lines]).toEqual([500, [], 500, []])
      expect(app.errors.slice(before)).toContainEqual(expect.objectContaining({ message: 'thrown by the route' }))
      // Some frameworks are told after the response.
      await vi.waitFor(() => expect(app.errors.at(-1)).toBeInstanceOf(CookieOverflowError))
      expect((await get('/read')).status).toBe(200)
    })

    it('keeps the cookie when the handler fails', async () => {
      const before = app.errors.length
      const thrown = await get('/write-and-throw')
      expect([thrown.status, next(thrown)]).toEqual([500, { session_id: ID, user_id: 7, cart: [1], tries: 1 }])
      expect(app.errors.slice(before)).toEqual([expect.objectContaining({ message: 'thrown by the route' })])
      const answered = await get('/write-and-500')
      expect([answered.status, answered.body, next(answered)]).toEqual([
        500,
        'failed',
        expect.objectContaining({ tries: 2 }),
      ])
    })

    it('keeps other Set-Cookie lines, and has one of its name', async () => {
      const { lines } = await get('/cookies')
      expect(lines).toEqual(['a=1; path=/', 'b=2', expect.stringMatching(/^_shop_session=/)])
      const double = await get('/cookie-of-that-name')
      expect(double.lines).toEqual(['_shop_session_2=1', expect.stringMatching(/^_shop_session=/)])
      expect(next(double)).toMatchObject({ note: 'written' })
      const committed = await get('/committed')
      expect(committed.lines).toEqual([expect.stringMatching(/^_shop_session=/)])
      // Without a session to write, what the application sets is left alone.
      expect((await get('/cookie-alone')).lines).toEqual(['_shop_session=theirs', 'a=1'])
    })

    it('skips when told so', async () => {
      expect(await get('/skip')).toMatchObject({ status: 200, lines: [] })
    })

    it('sends values whose base64 has + and / so that they come back', async () => {
      let pluses = 0
      let slashes = 0
      let given = cookie
      for (let visit = 1; pluses === 0 || slashes === 0 || visit < 10; visit++) {
        // oxlint-disable-next-line no-await-in-loop -- each has the cookie of the one before
        const received = await get('/visit', given)
        expect(received.body).toBe(String(visit))
        given = cookieAfter(received)
        expect(given.slice(NAME.length + 1)).toMatch(/^[\w%.-]+$/)
        pluses += given.split('%2B').length - 1
        slashes += given.split('%2F').length - 1
      }
      expect(dataIn(rails, given)).toMatchObject({ user_id: 7 })
    })

    it('sends the cookie before a stream, after which nothing can be changed', async () => {
      const received = await get('/stream')
      expect(received.body).toBe('first ERR_RAILS_SESSION_HEADERS_SENT last')
      expect(next(received)).toEqual({ session_id: ID, user_id: 7, cart: [1], streamed: true })
    })

    it.each([204, 304])('sends the cookie with %i', async (status) => {
      const received = await get(`/${status}`)
      expect([received.status, received.body, next(received)]).toEqual([
        status,
        '',
        expect.objectContaining({ status }),
      ])
    })

    it('sends the cookie to HEAD and POST, too', async () => {
      const head = await send(`${app.url}/method`, { method: 'HEAD', cookie })
      expect([head.status, head.body, next(head)]).toEqual([200, '', expect.objectContaining({ method: 'HEAD' })])
      const post = await send(`${app.url}/method`, { method: 'POST', cookie })
      expect([post.status, post.body, next(post)]).toEqual([200, 'POST', expect.objectContaining({ method: 'POST' })])
    })

    it('survives clients that hang up', async () => {
      const cut = await send(`${app.url}/stream`, { cookie, onData: () => false })
      expect([cut.isComplete, cut.body]).toEqual([false, 'first '])
      const { hostname, port } = new URL(app.url)
      await Promise.all(
        Array.from({ length: 10 }, async (_, count) => {
          const socket = connect(Number(port), hostname)
          socket.on('error', () => {})
          await once(socket, 'connect')
          socket.write(`GET /slow HTTP/1.1\r\nhost: a\r\ncookie: ${cookie}\r\n\r\n`)
          setTimeout(() => (count % 2 === 0 ? socket.resetAndDestroy() : socket.destroy()), count)
          await once(socket, 'close')
        }),
      )
      expect(next(await get('/slow'))).toMatchObject({ slow: true })
    })

    it('does not mix up a hundred requests at once', async () => {
      const outcomes = Array.from({ length: 100 }, async (_, number) => {
        const own = { session_id: ID, number, left: number }
        const received = await get(['/read', '/slow', '/count'][number % 3]!, cookieOf(rails, own))
        return [received.body, next(received)]
      })
      expect(await Promise.all(outcomes)).toEqual(
        outcomes.map((_, number) => {
          const own = { session_id: ID, number, left: number }
          if (number % 3 === 0) return [JSON.stringify(own), 'absent']
          return number % 3 === 1 ? ['slow', { ...own, slow: true }] : ['counted', { ...own, number: number + 1 }]
        }),
      )
    })

    it('answers 404 without a cookie', async () => {
      expect(await get('/nowhere')).toMatchObject({ status: 404, lines: [] })
    })
  })
}

const NAME = '_shop_session'
const ID = 'a10d8fd67b77a00ca82a5a920d92d9c2'

function shop(options: RailsOptions = {}): Rails {
  return createRails({
    secretKeyBase: [SECRET, OLD_SECRET],
    loadDefaults: '7.1',
    session: { key: NAME },
    ...options,
  })
}

function cookieOf(rails: Rails, data: Record<string, unknown>): string {
  return `${NAME}=${rails.session.seal(data)}`
}

function dataIn(rails: Rails, cookie: string): unknown {
  const opened = rails.session.openHeader(cookie)
  return opened.ok ? { ...opened.data } : opened.reason
}
