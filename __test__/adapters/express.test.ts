import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import express5, { type Application, type ErrorRequestHandler, type RequestHandler } from 'express'
import express4 from 'express4'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ConfigError, createRailsAsync, type Rails, type RequestSession } from '../../index.ts'
import { type MiddlewareOptions, railsSession } from '../../src/adapters/express.ts'
import { application, OLD_SECRET } from '../support/application.ts'
import { type Received, send, type Sent } from './client.ts'
import { fulfilsContract } from './contract.ts'
import { listen, type Listening } from './listen.ts'
import { knowsOrigin } from './origin.ts'
import type { Route } from './routes.ts'

interface Options extends MiddlewareOptions {
  readonly trustProxy?: boolean
}

const versions = [
  { name: 'Express 5', express: express5 },
  { name: 'Express 4', express: express4 },
]

describe.each(versions)('$name', ({ name, express }) => {
  const adapter = {
    name,
    async start(
      rails: Rails,
      routes: ReadonlyMap<string, Route>,
      { trustProxy = false, ...options }: Options,
    ): Promise<Listening> {
      const errors: unknown[] = []
      const app = express()
      app.set('trust proxy', trustProxy)
      app.use(railsSession(rails, options))
      for (const [path, route] of routes) app.all(path, handler(route))
      const fail: ErrorRequestHandler = (error, _request, response, next) => {
        errors.push(error)
        if (response.headersSent) next(error)
        else response.status(500).send('error')
      }
      app.use(fail)
      return listen(app, errors)
    },
  }
  fulfilsContract(adapter)
  knowsOrigin(adapter)

  let app: Listening | undefined
  afterEach(async () => app?.close())
  const rails = application()
  /** Starts an application that has no error handler of its own, and asks for a path. */
  const ask = async (set: (application: Application) => void, sent: Sent = {}, path = '/'): Promise<Received> => {
    const made = express()
    made.set('env', 'test')
    set(made)
    app = await listen(made, [])
    return send(app.url + path, sent)
  }

  it('answers a session that cannot be written by itself, whatever the route does', async () => {
    const routes: Record<string, RequestHandler> = {
      send: (_request, response) => void response.send('body'),
      json: (_request, response) => void response.json({}),
      redirect: (_request, response) => response.redirect('/'),
      end: (_request, response) => void response.end(),
      later: (_request, response) => void setTimeout(() => response.send('body')),
      nobody: (_request, _response, next) => next(),
      next: (_request, _response, next) => next(new Error('of the route')),
      throw: () => {
        throw new Error('of the route')
      },
    }
    const set = (made: Application): void => {
      made.use(railsSession(rails))
      made.use((request, _response, next) => {
        request.railsSession.set('note', 'x'.repeat(5000))
        next()
      })
      for (const [path, route] of Object.entries(routes)) made.get(`/${path}`, route)
    }
    const first = await ask(set, {}, '/send')
    expect(first.body).toContain('CookieOverflowError: cookie _session_id has')
    for (const path of Object.keys(routes)) {
      // oxlint-disable-next-line no-await-in-loop -- so that a failure says which
      const { status, lines } = await send(`${app!.url}/${path}`)
      expect([path, status, lines]).toEqual([path, path === 'nobody' ? 404 : 500, []])
    }
  })

  it('makes a 500 of a file or stream with a session that cannot be written', async () => {
    const file = fileURLToPath(import.meta.url)
    const seen: unknown[] = []
    const set = (made: Application): void => {
      made.use(railsSession(rails))
      made.use((request, _response, next) => {
        request.railsSession.set('note', 'x'.repeat(5000))
        next()
      })
      made.get('/', (_request, response) => response.sendFile(file, { cacheControl: false }))
      made.get('/pipe', (_request, response) => void createReadStream(file).pipe(response))
      made.get('/write', (_request, response) => {
        response.write('piece')
        setTimeout(() => response.end('end'), 20)
      })
      const fail: ErrorRequestHandler = (error, _request, response, next) => {
        seen.push([error.name, response.headersSent])
        next(error)
      }
      made.use(fail)
    }
    const received = [await ask(set)]
    for (const path of ['/pipe', '/write']) {
      // oxlint-disable-next-line no-await-in-loop
      received.push(await send(app!.url + path))
    }
    expect(received.map(({ status, lines }) => [status, lines])).toEqual([
      [500, []],
      [500, []],
      [500, []],
    ])
    await vi.waitFor(() => expect(seen).toEqual(Array.from({ length: 3 }, () => ['CookieOverflowError', true])))
  })

  it('lets an error handler end such a response', async () => {
    const { status, isComplete, body } = await ask((made) => {
      made.use(railsSession(rails))
      made.get('/', (request, response) => {
        request.railsSession.set('note', 'x'.repeat(5000))
        Readable.from(['first']).pipe(response)
      })
      const fail: ErrorRequestHandler = (_error, _request, response, _next) => response.end(', and no more')
      made.use(fail)
    })
    expect([status, isComplete]).toEqual([500, true])
    expect(body).toMatch(/^first(, and no more)?$/)
  })

  it('has the session under another name, and two of them', async () => {
    const admin = application({ secretKeyBase: OLD_SECRET, session: { key: '_admin' } })
    const { lines } = await ask((made) => {
      made.use(railsSession(rails, { as: 'session' }), railsSession(admin, { as: 'admin' }))
      made.get('/', (request, response) => {
        const { session, admin: other } = request as unknown as Record<string, RequestSession>
        session!.set('a', 1)
        other!.set('b', 2)
        response.send(String('railsSession' in request))
      })
    })
    const header = lines.join('; ')
    expect([rails.session.load(header).get('a'), admin.session.load(header).get('b')]).toEqual([1, 2])
  })

  it('says that a name is taken', async () => {
    const twice = await ask((made) => made.use(railsSession(rails), railsSession(rails)))
    expect([twice.status, twice.body]).toEqual([500, expect.stringContaining('something under railsSession already')])
    await app!.close()
    const taken = await ask((made) => made.use(railsSession(rails, { as: 'query' })))
    expect(taken.status).toBe(500)
  })

  it('writes after middleware that was used later has changed headers and body', async () => {
    const received = await ask((made) => {
      made.use(railsSession(rails))
      made.use((request, response, next) => {
        const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => typeof response
        response.writeHead = (...given: unknown[]) => {
          request.railsSession.set('status', given[0])
          response.setHeader('cache-control', 'private')
          return writeHead(...given)
        }
        next()
      })
      made.get('/', (_request, response) => {
        response.status(202).write('piece')
        response.end()
      })
    })
    expect(rails.session.load(received.lines[0]).get('status')).toBe(202)
    expect(received.headers['cache-control']).toBe('private')
  })

  it('takes the options of mounted applications and routers', async () => {
    const { lines } = await ask(
      (made) => {
        const inner = express()
        inner.get('/', (request, response) => {
          request.railsSession.set('a', request.baseUrl)
          response.send()
        })
        made.use(railsSession(rails))
        made.use('/inner', inner)
      },
      {},
      '/inner',
    )
    expect(rails.session.load(lines[0]).get('a')).toBe('/inner')
  })
})

describe('railsSession of Express', () => {
  const rails = application()

  it('refuses mistakes when it is made', () => {
    const withoutAwait = createRailsAsync({ secretKeyBase: OLD_SECRET })
    for (const given of [undefined, null, {}, withoutAwait, { session: {} }]) {
      expect(() => railsSession(given as unknown as typeof rails)).toThrow(
        new ConfigError('railsSession: rails has no session; write what createRails, or await createRailsAsync, gives'),
      )
    }
    expect(() => railsSession(rails, { name: 'session' } as object)).toThrow('railsSession: unknown option name')
    expect(() => railsSession(rails, { as: 1 } as object)).toThrow('railsSession: as is 1; write a string')
    expect(() => railsSession(rails, { publicResponses: 'never' } as object)).toThrow("write one of 'skip', 'write'")
  })
})

function handler(route: Route): RequestHandler {
  // Express 4 does nothing with what a promise is rejected for.
  return async (request, response, next) => {
    try {
      const { status = 200, headers = {}, body = '' } = await route(request.railsSession, request)
      response.status(status)
      for (const [name, value] of Object.entries(headers)) response.set(name, value as string | string[])
      if (typeof body === 'string') response.send(body)
      else Readable.from(body).pipe(response)
    } catch (error) {
      next(error)
    }
  }
}
