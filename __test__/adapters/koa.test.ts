import { Readable } from 'node:stream'
import Koa from 'koa'
import type { Rails } from '../../index.ts'
import { type MiddlewareOptions, railsSession } from '../../src/adapters/koa.ts'
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
