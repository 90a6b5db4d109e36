import { connect, type IncomingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CookieOverflowError, type Rails, type RequestSession } from '../../index.ts'
import { type MiddlewareOptions, railsSession } from '../../src/adapters/fastify.ts'
import { application, OLD_SECRET } from '../support/application.ts'
import { send } from './client.ts'
import { fulfilsContract } from './contract.ts'
import { listen, type Listening } from './listen.ts'
import { knowsOrigin } from './origin.ts'
import type { Route } from './routes.ts'

interface Options extends MiddlewareOptions {
  readonly trustProxy?: boolean
}

const adapter = {
  name: 'Fastify 5',
  async start(
    rails: Rails,
    routes: ReadonlyMap<string, Route>,
    { trustProxy = false, ...options }: Options,
  ): Promise<Listening> {
    const errors: unknown[] = []
    const app = fastify({ trustProxy })
    app.register(railsSession, { rails, ...options })
    app.setErrorHandler((error, _request, reply) => {
      errors.push(error)
      reply.code(500).send('error')
    })
    for (const [path, route] of routes) {
      app.all(path, async (request, reply) => {
        const { status = 200, headers = {}, body } = await route(request.railsSession, request)
        reply.code(status)
        for (const [name, value] of Object.entries(headers)) reply.header(name, value)
        return reply.send(body === undefined || typeof body === 'string' ? body : Readable.from(body))
      })
    }
    await app.ready()
    return listen(app.server, errors)
  },
}

fulfilsContract(adapter)
knowsOrigin(adapter)

it('writes the session over HTTP/2', async () => {
  const rails = application({ session: { domain: 'all' } })
  const app = fastify({ http2: true })
  app.register(railsSession, { rails })
  app.get('/', async ({ railsSession: session }) => session.set('note', 'kept'))
  app.get('/oversize', async ({ railsSession: session }) => session.set('note', 'x'.repeat(5000)))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const client = connect(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
  const get = async (path: string): Promise<IncomingHttpHeaders> =>
    new Promise((resolve) => {
      const stream = client.request({ ':path': path, ':authority': 'www.shop.example' })
      stream.on('response', resolve).resume()
    })
  const { ':status': status, 'set-cookie': lines, vary } = await get('/')
  expect([status, lines, vary]).toEqual([200, [expect.stringContaining('; domain=shop.example;')], 'Cookie'])
  expect(rails.session.load(lines?.[0]).get('note')).toBe('kept')
  const refused = await get('/oversize')
  expect([refused[':status'], refused['set-cookie']]).toEqual([500, undefined])
  client.destroy()
  await app.close()
})

describe('railsSession of Fastify', () => {
  const rails = application()
  const oversize = 'x'.repeat(5000)
  let app: FastifyInstance
  beforeEach(() => {
    app = fastify()
  })
  afterEach(async () => app.close())

  it('holds for the whole instance, what was registered before included', async () => {
    app.register(async (child) => {
      child.get('/child', async (request) => request.railsSession.set('a', 'child'))
    })
    app.register(railsSession, { rails })
    app.get('/', async (request) => request.railsSession.set('a', 'own'))
    for (const [path, a] of Object.entries({ '/': 'own', '/child': 'child' })) {
      // oxlint-disable-next-line no-await-in-loop -- so that a failure says which
      const { headers } = await app.inject(path)
      expect(rails.session.load([headers['set-cookie']].flat()[0]).get('a')).toBe(a)
    }
  })

  it('holds for a part of the application', async () => {
    app.register(async (child) => {
      child.register(railsSession, { rails })
      child.get('/in', async (request) => 'railsSession' in request)
    })
    app.get('/out', async (request) => 'railsSession' in request)
    expect((await app.inject('/in')).body).toBe('true')
    expect((await app.inject('/out')).body).toBe('false')
  })

  it('has two sessions under other names', async () => {
    const admin = application({ secretKeyBase: OLD_SECRET, session: { key: '_admin' } })
    app.register(railsSession, { rails, as: 'session' })
    app.register(railsSession, { rails: admin, as: 'admin' })
    app.get('/', async (request) => {
      const { session, admin: other } = request as unknown as Record<string, RequestSession>
      session!.set('a', 1)
      other!.set('b', 2)
    })
    const { headers } = await app.inject('/')
    const header = [headers['set-cookie']].flat().join('; ')
    expect([rails.session.load(header).get('a'), admin.session.load(header).get('b')]).toEqual([1, 2])
  })

  it('refuses a name that is taken, and mistakes in the options', async () => {
    app.register(railsSession, { rails })
    app.register(railsSession, { rails })
    await expect(app.ready()).rejects.toMatchObject({ code: 'FST_ERR_DEC_ALREADY_PRESENT' })
    const other = fastify()
    other.register(railsSession, {} as { rails: Rails })
    await expect(other.ready()).rejects.toThrow('railsSession: rails has no session')
    const third = fastify()
    third.register(railsSession, { rails, prefix: '/x', name: 'session' } as { rails: Rails })
    await expect(third.ready()).rejects.toThrow('railsSession: unknown option name')
  })

  it('writes the session of a hijacked reply', async () => {
    const logged: unknown[] = []
    app = fastify({ loggerInstance: recording(logged) })
    app.register(railsSession, { rails })
    app.get('/', (request, reply) => {
      request.railsSession.set('a', 1)
      reply.hijack()
      reply.raw.writeHead(202, { 'x-a': '1' }).end('raw')
    })
    app.get('/oversize', (request, reply) => {
      request.railsSession.set('a', oversize)
      reply.hijack()
      reply.raw.end('raw')
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const received = await send(url)
    expect([received.status, received.body, received.headers['x-a']]).toEqual([202, 'raw', '1'])
    expect(rails.session.load(received.lines[0]).get('a')).toBe(1)
    expect(await send(`${url}/oversize`)).toMatchObject({ status: 500, lines: [] })
    expect(logged).toEqual([expect.any(CookieOverflowError)])
  })

  it('answers a session that cannot be written by itself, whatever the route does', async () => {
    app.register(railsSession, { rails })
    app.addHook('preHandler', async (request) => request.railsSession.set('a', oversize))
    app.get('/send', (_request, reply) => reply.send('body'))
    app.get('/json', async () => ({}))
    app.get('/stream', async () => Readable.from(['a', 'b']))
    app.get('/redirect', (_request, reply) => reply.redirect('/'))
    app.get('/throw', async () => {
      throw new Error('of the route')
    })
    const { status, lines, body } = await send(`${await app.listen({ host: '127.0.0.1', port: 0 })}/send`)
    expect([status, lines, JSON.parse(body)]).toEqual([
      500,
      [],
      expect.objectContaining({ code: 'ERR_RAILS_SESSION_OVERFLOW' }),
    ])
    for (const path of ['/json', '/stream', '/redirect', '/throw']) {
      // oxlint-disable-next-line no-await-in-loop -- so that a failure says which
      const { statusCode, headers } = await app.inject(path)
      expect([path, statusCode, headers['set-cookie']]).toEqual([path, 500, undefined])
    }
  })

  it('lets an error handler send less', async () => {
    app.register(railsSession, { rails })
    app.setErrorHandler((error, request, reply) => {
      request.railsSession.delete('a')
      request.railsSession.flash.set('alert', (error as Error).name)
      return reply.code(413).send('too much')
    })
    app.get('/', async (request) => request.railsSession.set('a', oversize))
    const { statusCode, headers } = await app.inject('/')
    expect(statusCode).toBe(413)
    const following = rails.session.load([headers['set-cookie']].flat()[0])
    expect(following.flash.get('alert')).toBe('CookieOverflowError')
  })

  it('takes changes of onSend hooks that were added before, and of no later ones', async () => {
    app.addHook('onSend', async (request) => {
      if (request.url === '/early') request.railsSession.set('a', 1)
    })
    app.register(railsSession, { rails })
    app.register(async (child) => {
      child.addHook('onSend', async (request) => {
        if (request.url === '/late') request.railsSession.set('a', 1)
      })
      for (const path of ['/early', '/late']) child.get(path, async () => 'body')
    })
    const early = await app.inject('/early')
    expect(rails.session.load([early.headers['set-cookie']].flat()[0]).get('a')).toBe(1)
    const late = await app.inject('/late')
    expect([late.statusCode, late.json()]).toMatchObject([500, { code: 'ERR_RAILS_SESSION_HEADERS_SENT' }])
    expect(late.json().message).toMatch(/^session.set\('a'\): the session was finished in an onSend hook/)
  })

  it('keeps the cookie when a later hook fails', async () => {
    app.register(railsSession, { rails })
    app.get('/', async (request) => request.railsSession.set('a', 1))
    app.addHook('onSend', async (request, _reply, payload) => {
      if (payload === undefined) throw new Error(`of the hook, ${request.url}`)
    })
    const { statusCode, headers } = await app.inject('/')
    expect([statusCode, rails.session.load([headers['set-cookie']].flat()[0]).get('a')]).toEqual([500, 1])
  })
})

/** A logger of Fastify that keeps what is logged as an error. */
function recording(errors: unknown[]): FastifyBaseLogger {
  const ignore = (): void => {}
  const logger: FastifyBaseLogger = {
    level: 'error',
    fatal: ignore,
    error: (error: unknown) => errors.push(error),
    warn: ignore,
    info: ignore,
    debug: ignore,
    trace: ignore,
    silent: ignore,
    child: () => logger,
  }
  return logger
}
