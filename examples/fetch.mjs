// A function from Request to Response that shares the session of a Rails application. Bun, Deno and Node.js can serve it.
import { serve } from '@hono/node-server'
import { createRails } from 'rails-session'
import { applySession, fromRequest } from 'rails-session/fetch'

const rails = createRails({
  secretKeyBase: process.env.SECRET_KEY_BASE,
  loadDefaults: '7.1',
  session: { key: '_shop_session' },
})

function handle(request) {
  const session = fromRequest(rails, request)
  session.update(({ visits = 0 }) => ({ visits: visits + 1 }))
  return applySession(session, Response.json({ user: session.user()?.id ?? null, visits: session.get('visits') }))
}

const port = Number(process.env.PORT ?? 3000)
serve({ fetch: handle, port }, (address) => console.log(`http://localhost:${address.port}`))
