// A Hono application that shares the session of a Rails application.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { createRails } from 'rails-session'
import { railsSession } from 'rails-session/hono'

const rails = createRails({
  secretKeyBase: process.env.SECRET_KEY_BASE,
  loadDefaults: '7.1',
  session: { key: '_shop_session' },
})

const app = new Hono()
app.use(railsSession(rails))
app.get('/', (c) => {
  const session = c.var.railsSession
  session.update(({ visits = 0 }) => ({ visits: visits + 1 }))
  return c.json({ user: session.user()?.id ?? null, visits: session.get('visits') })
})

const port = Number(process.env.PORT ?? 3000)
serve({ fetch: app.fetch, port }, (address) => console.log(`http://localhost:${address.port}`))
