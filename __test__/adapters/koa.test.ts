import { Readable } from 'node:stream'
import Koa from 'koa'
import { railsSession } from '../../src/adapters/koa.ts'
import { type Adapter, fulfilsContract } from './contract.ts'
import { listen } from './listen.ts'

const adapter: Adapter = {
  name: 'Koa 3',
  async start(rails, routes, options) {
    const errors: unknown[] = []
    const app = new Koa()
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
