// An Express application (4 or 5) that counts visits in the session of a Rails application.
import express from 'express'
import { createRails } from 'rails-session'
import { railsSession } from 'rails-session/express'

const rails = createRails({
  secretKeyBase: process.env.SECRET_KEY_BASE,
  loadDefaults: '7.1',
  session: { key: '_shop_session' },
})

const app = express()
app.use(railsSession(rails))
app.get('/', (request, response) => {
  request.railsSession.update(({ visits = 0 }) => ({ visits: visits + 1 }))
  response.send(`visit ${request.railsSession.get('visits')}\n`)
})

const server = app.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`http://localhost:${server.address().port}`)
})
