/** Sessions for WebSockets, with the package `ws`. */

import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import type { Rails } from '../rails/rails.ts'
import { finishSession } from '../session/finish.ts'
import type { Opened } from '../messages/opened.ts'
import { readUpgradeOptions, type UpgradeOptions } from './upgrade-options.ts'

export type { UpgradeOptions } from './upgrade-options.ts'

/** The code that a WebSocket is closed with when the session's cookie expires. */
export const SESSION_EXPIRED = 4401

/**
 * A listener for a server's `upgrade` event that hands a request with its session to `server` if it may have one. The session
 * is the third argument of the `connection` event, and can only be read: no cookie follows.
 *
 * Refused are other origins (403), requests that `authorize` refuses (403, or 401 without a session) or fails for (500; the
 * error is an `error` event of `server`). When the session's cookie expires, the WebSocket is closed with code 4401.
 *
 * @throws ConfigError when `origins` is missing or has what no browser sends, and for other mistakes in the options.
 *
 * @example
 * import { createServer } from 'node:http'
 * import { createRails } from 'rails-session'
 * import { authenticateUpgrade } from 'rails-session/ws'
 * import { WebSocketServer } from 'ws'
 *
 * const rails = createRails({ secretKeyBase: process.env.SECRET_KEY_BASE, loadDefaults: '7.1' })
 * const wss = new WebSocketServer({ noServer: true })
 * wss.on('connection', (socket, request, session) => socket.send(`hello ${session.user()?.id}`))
 * createServer().on('upgrade', authenticateUpgrade(rails, wss, { origins: ['https://shop.example'] }))
 */
export function authenticateUpgrade<Data>(
  rails: Rails<Data>,
  server: WebSocketServer,
  options: UpgradeOptions<Data>,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const { isAllowed, authorize, recheckSeconds } = readUpgradeOptions(rails, options)
  return async (request, socket, head) => {
    // While `authorize` decides, nobody else listens.
    const ignore = (): void => {}
    socket.on('error', ignore)
    const { cookie, origin } = request.headers
    const session = rails.session.load(cookie)
    session.skip()
    finishSession(session, 'a WebSocket carries no cookies; change the session in the answer to an ordinary request')
    try {
      if (!isAllowed(origin)) return refuse(socket, 403)
      if (!(await authorize(session, request))) return refuse(socket, session.isNew ? 401 : 403)
    } catch (error) {
      refuse(socket, 500)
      server.emit('error', error)
      return
    }
    socket.off('error', ignore)
    server.handleUpgrade(request, socket, head, (webSocket) => {
      closeOnExpiry(webSocket, () => rails.session.openHeader(cookie), recheckSeconds)
      server.emit('connection', webSocket, request, session)
    })
  }
}

function refuse(socket: Duplex, status: 401 | 403 | 500): void {
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** An interval and no timeout: by the application's clock, however long a cookie lives or a machine sleeps. */
function closeOnExpiry(webSocket: WebSocket, open: () => Opened, recheckSeconds: number): void {
  const opened = open()
  if (!opened.ok || opened.meta.expiresAt === null) return
  const timer = setInterval(() => {
    if (!open().ok) webSocket.close(SESSION_EXPIRED, 'session expired')
  }, recheckSeconds * 1000)
  timer.unref()
  webSocket.once('close', () => clearInterval(timer))
}
