// A server on node:http that counts visits in the session of a Rails application.
import { createServer } from 'node:http'
import { createRails } from 'rails-session'
import { fromNode } from 'rails-session/node'

const rails = createRails({
  secretKeyBase: process.env.SECRET_KEY_BASE,
  loadDefaults: '7.1',
  session: { key: '_shop_session' },
})

const server = createServer((request, response) => {
  const session = fromNode(rails, request, response)
  session.update(({ visits = 0 }) => ({ visits: visits + 1 }))
  response.end(`visit ${session.get('visits')}\n`)
})

server.listen(Number(process.env.PORT ?? 3000), () => console.log(`http://localhost:${server.address().port}`))
