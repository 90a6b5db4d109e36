import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../index.ts'
import { railsSession } from '../../src/adapters/hono.ts'
import { application } from '../support/application.ts'
import { type Adapter, fulfilsContract } from './contract.ts'
import { responseOf, serveFetch } from './fetch-server.ts'

const honoAdapter: Adapter = {
  name: 'rails-session/hono',
  async start(rails, routes, options) {
    const errors: unknown[] = []
    const app = new Hono()
    app.use(railsSession(rails, options))
    app.onError((error, c) => {
      errors.push(error)
      return c.text('error', 500)
    })
    for (const [path, route] of routes) {
      app.all(path, async (c) => responseOf(await route(c.var.railsSession, { method: c.req.method })))
    }
    return { ...(await serveFetch(app.fetch, true)), errors }
  },
}

fulfilsContract(honoAdapter)

describe('railsSession of rails-session/hono', () => {
  const rails = application({ session: { key: '_shop_session' } })
  const LINE = expect.stringMatching(/^_shop_session=[\w%.-]+; path=\/; httponly; samesite=lax$/)

  it('keeps the cookie on the answer to an error', async () => {
    const app = new Hono()
    app.use(railsSession(rails))
    app.get('/exception', (c) => {
      c.var.railsSession.set('tries', 1)
      throw new HTTPException(403, { message: 'no' })
    })
    app.get('/response', (c) => {
      c.var.railsSession.set('tries', 1)
      throw new HTTPException(401, { res: Response.redirect('https://shop.example/login', 302) })
    })
    app.notFound((c) => {
      c.var.railsSession.flash.set('alert', 'Nothing there')
      return c.text('none', 404)
    })
    const exception = await app.request('/exception')
    expect([exception.status, await exception.text(), exception.headers.getSetCookie()]).toEqual([403, 'no', [LINE]])
    const response = await app.request('/response')
    expect([response.status, response.headers.getSetCookie()]).toEqual([401, [LINE]])
    expect(response.headers.get('location')).toBe('https://shop.example/login')
    const missing = await app.request('/missing')
    expect([missing.status, missing.headers.getSetCookie()]).toEqual([404, [LINE]])
  })

  it('stands beside the cookies and headers that Hono sets', async () => {
    const app = new Hono()
    app.use(async (c, next) => {
      await next()
      c.header('x-outer', '1')
      c.header('set-cookie', 'after=3', { append: true })
    })
    app.use(railsSession(rails))
    app.get('/', (c) => {
      c.header('set-cookie', 'theme=dark%20mode; Path=/')
      c.header('x-inner', '1')
      c.var.railsSession.set('a', 1)
      return c.text('hello', 201)
    })
    const { status, headers } = await app.request('/')
    expect([status, headers.get('x-outer'), headers.get('x-inner')]).toEqual([201, '1', '1'])
    expect(headers.getSetCookie()).toEqual(['theme=dark%20mode; Path=/', LINE, 'after=3'])
  })

  it('is found under another name', async () => {
    const app = new Hono<{ Variables: { session: ReturnType<typeof rails.session.load> } }>()
    app.use(railsSession(rails, { as: 'session' }))
    app.get('/', (c) => c.text(String(c.var.session.isNew)))
    expect(await (await app.request('/')).text()).toBe('true')
  })

  it('believes a proxy only if told so', async () => {
    const secure = application({ session: { key: '_shop_session', secure: true } })
    const headers = { 'x-forwarded-proto': 'https' }
    const lines = async (trustProxy: boolean): Promise<unknown> => {
      const app = new Hono()
      app.use(railsSession(secure, { trustProxy }))
      app.get('/', (c) => {
        c.var.railsSession.set('a', 1)
        return c.text('hello')
      })
      return (await app.request('/', { headers })).headers.getSetCookie()
    }
    expect(await lines(false)).toEqual([])
    expect(await lines(true)).toEqual([expect.stringMatching(/; secure; httponly; samesite=lax$/)])
  })

  it('is used once for a request', async () => {
    const app = new Hono()
    const errors: Error[] = []
    app.onError((error, c) => {
      errors.push(error)
      return c.text('error', 500)
    })
    app.use(railsSession(rails))
    app.use('/twice', railsSession(rails))
    app.use('/beside', railsSession(application({ session: { key: '_admin_session' } }), { as: 'admin' }))
    app.get('*', (c) => {
      c.var.railsSession.set('a', 1)
      return c.text('hello')
    })
    expect((await app.request('/twice')).status).toBe(500)
    expect(errors).toEqual([expect.any(ConfigError)])
    expect((await app.request('/beside')).headers.getSetCookie()).toEqual([LINE])
  })

  it('does not take what is no application, or other options', () => {
    const set = railsSession as (...given: unknown[]) => unknown
    expect(() => set()).toThrow(ConfigError)
    expect(() => set(Promise.resolve(rails))).toThrow('railsSession: rails has no session')
    expect(() => set(rails, { trustproxy: true })).toThrow('did you mean trustProxy?')
  })
})
