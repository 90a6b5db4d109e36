import Fastify from 'fastify'
import { railsSession } from 'rails-session/fastify'
import { accountPage, refusedPage } from './pages.mjs'
import { rails, RAILS_URL } from './rails.mjs'

const app = Fastify()
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
  done(null, Object.fromEntries(new URLSearchParams(body)))
})
app.register(railsSession, { rails })

app.addHook('preHandler', async (request, reply) => {
  const { method, body, railsSession: session } = request
  const [path] = request.url.split('?')
  if (method !== 'POST' || session.csrf.verify(body?.authenticity_token, { path, method })) return
  reply.code(422).type('text/html').send(refusedPage('Fastify'))
  return reply
})

app.get('/account', async (request, reply) => {
  const session = request.railsSession
  if (session.user() !== null) session.update(({ visits = 0 }) => ({ visits: visits + 1 }))
  return reply.type('text/html').send(accountPage('Fastify', session))
})

// The form is in a page of Rails.
app.post('/nickname', async (request, reply) => {
  const session = request.railsSession
  session.set('nickname', request.body.nickname)
  session.flash.set('notice', 'Nickname saved by Fastify')
  return reply.redirect(`${RAILS_URL}/account`, 303)
})

app.post('/cart', async (request, reply) => {
  const { data } = request.railsSession
  data.cart ??= []
  data.cart.push(request.body.item)
  return reply.redirect('/account', 303)
})

app.post('/logout', async (request, reply) => {
  const session = request.railsSession
  session.reset()
  session.flash.set('notice', 'Logged out by Fastify')
  return reply.redirect('/account', 303)
})

const address = await app.listen({ port: Number(process.env.PORT ?? 4000), host: '127.0.0.1' })
console.log(`Fastify is listening on ${address}`)
