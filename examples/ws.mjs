// A WebSocket server for people who are logged in to a Rails application, through Devise or as Action Cable knows them.
import { createServer } from 'node:http'
import { createRails } from 'rails-session'
import { authenticateUpgrade } from 'rails-session/ws'
import { WebSocketServer } from 'ws'

const rails = createRails({
  secretKeyBase: process.env.SECRET_KEY_BASE,
  loadDefaults: '7.1',
  session: { key: '_shop_session' },
})
const userId = rails.cookies.encrypted('user_id') // cookies.encrypted[:user_id] in ApplicationCable::Connection

const wss = new WebSocketServer({ noServer: true })
wss.on('connection', (socket, request, session) => {
  const { data } = userId.openHeader(request.headers.cookie)
  socket.send(`hello ${session.user()?.id ?? data}`)
})

const server = createServer()
const authorize = (session, request) => session.user() !== null || userId.openHeader(request.headers.cookie).ok
server.on('upgrade', authenticateUpgrade(rails, wss, { origins: ['https://shop.example'], authorize }))
server.listen(process.env.PORT ?? 3000, () => console.log(`ws://localhost:${server.address().port}`))
