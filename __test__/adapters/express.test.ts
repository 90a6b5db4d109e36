import { Readable } from 'node:stream'
import express5, { type ErrorRequestHandler, type RequestHandler } from 'express'
import express4 from 'express4'
import { describe } from 'vitest'
import { railsSession } from '../../src/adapters/express.ts'
import { type Adapter, fulfilsContract } from './contract.ts'
import { listen } from './listen.ts'
import type { Route } from './routes.ts'

const versions = [
  { name: 'Express 5', express: express5 },
  { name: 'Express 4', express: express4 },
]

describe.each(versions)('$name', ({ name, express }) => {
  const adapter: Adapter = {
    name,
    async start(rails, routes, options) {
      const errors: unknown[] = []
      const app = express()
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
