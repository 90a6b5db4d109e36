// A Koa application that counts visits in the session of a Rails application.
import Koa from 'koa'
import { createRails } from 'rails-session'
import { railsSession } from 'rails-session/koa'

const rails = createRails({
  secretKeyBase: process.env.SECRET_KEY_BASE,
  loadDefaults: '7.1',
  session: { key: '_shop_session' },
})

const app = new Koa()
app.use(railsSession(rails))
app.use((context) => {
  context.railsSession.update(({ visits = 0 }) => ({ visits: visits + 1 }))
  context.body = `visit ${context.railsSession.get('visits')}\n`
})

const server = app.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`http://localhost:${server.address().port}`)
})
