import { Readable } from 'node:stream'
import express5, { type ErrorRequestHandler, type RequestHandler } from 'express'
import express4 from 'express4'
import { describe } from 'vitest'
import type { Rails } from '../../index.ts'
import { type MiddlewareOptions, railsSession } from '../../src/adapters/express.ts'
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
