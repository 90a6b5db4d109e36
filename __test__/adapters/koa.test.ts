import { Readable } from 'node:stream'
import Koa from 'koa'
import { afterEach, describe, expect, it } from 'vitest'
import { ConfigError, CookieOverflowError, HeadersSentError, type Rails, type RequestSession } from '../../index.ts'
import { type MiddlewareOptions, railsSession } from '../../src/adapters/koa.ts'
import { application, OLD_SECRET } from '../support/application.ts'
import { type Received, send } from './client.ts'
import { fulfilsContract } from './contract.ts'
import { listen, type Listening } from './listen.ts'
import { knowsOrigin } from './origin.ts'
import type { Route } from './routes.ts'

interface Options extends MiddlewareOptions {
  readonly trustProxy?: boolean
}

const adapter = {
  name: 'Koa 3',
  async start(
    rails: Rails,
    routes: ReadonlyMap<string, Route>,
    { trustProxy = false, ...options }: Options,
  ): Promise<Listening> {
    const errors: unknown[] = []
    const app = new Koa({ proxy: trustProxy })
    app.on('error', (error) => errors.push(error))
    app.use(railsSession(rails, options))
    app.use(async (context) => {
      const route = routes.get(context.path)
      if (route === undefined) return
      const { status = 200, headers = {}, body = '' } = await route(context.railsSession, context)
      context.status = status
      for (const [name, value] of Object.entries(headers)) context.set(name, value as string | string[])
      context.body = typeof body === 'string' ? body : Readable.from(body)
    })
    return listen(app.callback(), errors)
  },
}

fulfilsContract(adapter)
knowsOrigin(adapter)

describe('railsSession of Koa', () => {
  const rails = application()
  const oversize = 'x'.repeat(5000)
  let running: Listening | undefined
  afterEach(async () => running?.close())
  const errors: unknown[] = []
  const ask = async (set: (app: Koa) => void): Promise<Received> => {
    const app = new Koa()
    errors.length = 0
    app.on('error', (error) => errors.push(error))
    set(app)
    running = await listen(app.callback(), [])
    return send(running.url)
  }

  it('keeps its cookie, and no other header, when Koa answers an error', async () => {
    const received = await ask((app) => {
      app.use(railsSession(rails))
      app.use((context) => {
        context.railsSession.set('a', 1)
        context.set('x-a', '1')
        context.cookies.set('b', '2')
        context.throw(422, 'wrong')
      })
    })
    expect([received.status, received.body, received.headers['x-a']]).toEqual([422, 'wrong', undefined])
    expect(received.lines).toEqual([expect.stringMatching(/^_session_id=/)])
    expect(rails.session.load(received.lines[0]).get('a')).toBe(1)
  })

  it("adds it to those of Koa's cookies", async () => {
    const { lines } = await ask((app) => {
      app.use(railsSession(rails))
      app.use((context) => {
        context.railsSession.set('a', 1)
        context.cookies.set('b', '2')
        context.body = 'body'
      })
    })
    expect(lines).toEqual(['b=2; path=/; httponly', expect.stringMatching(/^_session_id=/)])
  })

  it('leaves a session that cannot be written to the middleware before it', async () => {
    const received = await ask((app) => {
      app.use(async (context, next) => {
        try {
          await next()
        } catch (error) {
          context.railsSession.delete('a')
          context.railsSession.set('error', (error as Error).name)
          context.body = 'too much'
          context.status = 413
        }
      })
      app.use(railsSession(rails))
      app.use((context) => {
        context.railsSession.set('a', oversize)
        context.body = 'body'
      })
    })
    expect([received.status, received.body]).toEqual([413, 'too much'])
    expect(rails.session.load(received.lines[0]).get('error')).toBe('CookieOverflowError')
  })

  it('has finished the session before middleware that was used earlier goes on', async () => {
    const received = await ask((app) => {
      app.use(async (context, next) => {
        await next()
        context.railsSession.set('a', 1)
      })
      app.use(railsSession(rails))
    })
    expect([received.status, errors]).toEqual([500, [expect.any(HeadersSentError)]])
    expect((errors[0] as Error).message).toMatch(/^session.set\('a'\): the middleware that was used after railsSession/)
  })

  it('writes the session of a response that Koa does not send', async () => {
    const received = await ask((app) => {
      app.use(railsSession(rails))
      app.use((context) => {
        context.respond = false
        context.railsSession.set('a', 1)
        context.res.writeHead(202, { 'x-a': '1' }).end('raw')
      })
    })
    expect([received.status, received.body]).toEqual([202, 'raw'])
    expect(rails.session.load(received.lines[0]).get('a')).toBe(1)
  })

  it('tells of a session that cannot be written with such a response', async () => {
    const received = await ask((app) => {
      app.use(railsSession(rails))
      app.use((context) => {
        context.respond = false
        context.railsSession.set('a', oversize)
        context.res.end('raw')
      })
    })
    expect([received.status, received.lines]).toEqual([500, []])
    expect(errors).toEqual([expect.any(CookieOverflowError)])
  })

  it('has two sessions under other names, and says that one is taken', async () => {
    const admin = application({ secretKeyBase: OLD_SECRET, session: { key: '_admin' } })
    const { lines } = await ask((app) => {
      app.use(railsSession(rails, { as: 'session' }))
      app.use(railsSession(admin, { as: 'admin' }))
      app.use((context) => {
        const { session, admin: other } = context as unknown as Record<string, RequestSession>
        session!.set('a', 1)
        other!.set('b', 2)
        context.body = 'body'
      })
    })
    const header = lines.join('; ')
    expect([rails.session.load(header).get('a'), admin.session.load(header).get('b')]).toEqual([1, 2])
    await running!.close()
    const twice = await ask((app) => {
      app.use(railsSession(rails))
      app.use(railsSession(rails))
    })
    expect([twice.status, errors]).toEqual([500, [expect.any(ConfigError)]])
    expect(() => railsSession(rails, { path: '/' } as object)).toThrow('railsSession: unknown option path')
  })
})
