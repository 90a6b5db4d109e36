// A Fastify application that counts visits in the session of a Rails application.
import fastify from 'fastify'
import { createRails } from 'rails-session'
import { railsSession } from 'rails-session/fastify'

const rails = createRails({
  secretKeyBase: process.env.SECRET_KEY_BASE,
  loadDefaults: '7.1',
  session: { key: '_shop_session' },
})

const app = fastify()
app.register(railsSession, { rails })
app.get('/', async (request) => {
  request.railsSession.update(({ visits = 0 }) => ({ visits: visits + 1 }))
  return `visit ${request.railsSession.get('visits')}\n`
})

await app.listen({ port: Number(process.env.PORT ?? 3000) })
console.log(`http://localhost:${app.server.address().port}`)
