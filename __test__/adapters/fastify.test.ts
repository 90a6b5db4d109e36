import { Readable } from 'node:stream'
import fastify from 'fastify'
import type { Rails } from '../../index.ts'
import { type MiddlewareOptions, railsSession } from '../../src/adapters/fastify.ts'
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
