import { Readable } from 'node:stream'
import fastify from 'fastify'
import { railsSession } from '../../src/adapters/fastify.ts'
import { type Adapter, fulfilsContract } from './contract.ts'
import { listen } from './listen.ts'

const adapter: Adapter = {
  name: 'Fastify 5',
  async start(rails, routes, options) {
    const errors: unknown[] = []
    const app = fastify()
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
