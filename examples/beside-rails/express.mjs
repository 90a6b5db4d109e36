import express from 'express'
import { railsSession } from 'rails-session/express'
import { accountPage, refusedPage } from './pages.mjs'
import { rails, RAILS_URL } from './rails.mjs'

const app = express()
app.use(express.urlencoded())
app.use(railsSession(rails))

app.use((request, response, next) => {
  const { method, path, body, railsSession: session } = request
  if (method !== 'POST' || session.csrf.verify(body?.authenticity_token, { path, method })) next()
  else response.status(422).send(refusedPage('Express'))
})

app.get('/account', (request, response) => {
  const session = request.railsSession
  if (session.user() !== null) session.update(({ visits = 0 }) => ({ visits: visits + 1 }))
  response.send(accountPage('Express', session))
})

// The form is in a page of Rails.
app.post('/nickname', (request, response) => {
  const session = request.railsSession
  session.set('nickname', request.body.nickname)
  session.flash.set('notice', 'Nickname saved by Express')
  response.redirect(303, `${RAILS_URL}/account`)
})

app.post('/cart', (request, response) => {
  const { data } = request.railsSession
  data.cart ??= []
  data.cart.push(request.body.item)
  response.redirect(303, '/account')
})

app.post('/logout', (request, response) => {
  const session = request.railsSession
  session.reset()
  session.flash.set('notice', 'Logged out by Express')
  response.redirect(303, '/account')
})

const server = app.listen(Number(process.env.PORT ?? 4000), '127.0.0.1', () => {
  console.log(`Express is listening on http://127.0.0.1:${server.address().port}`)
})
