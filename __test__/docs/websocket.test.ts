import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createRails } from '../../index.ts'
import { RAILS_APPLICATION, RAILS_COOKIE } from '../adapters/real-session.ts'
import { stoppedAtTheEnd } from '../support/running.ts'
import { blocksOf, readPage, serve } from './program.ts'

const rails = createRails(RAILS_APPLICATION)
const [first = '', inBrowser = '', authorize = '', connection = ''] = blocksOf(
  readPage('docs/frameworks/websocket.md'),
  'js',
)
const keep = stoppedAtTheEnd()

/** Starts a program, and gives the address of its WebSockets. */
async function start(program: string): Promise<string> {
  const { url } = await keep(serve(program))
  return url.replace('http', 'ws')
}

/** The first messages of a WebSocket, as many as there should be; or the status of the answer that refused it. */
async function connect(url: string, headers: Record<string, string>, count = 1): Promise<unknown> {
  const socket = new WebSocket(url, { headers: { origin: 'http://localhost:3000', ...headers } })
  const messages: string[] = []
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode))
    socket.on('message', (data: Buffer) => {
      if (messages.push(data.toString()) < count) return
      socket.close()
      resolve(messages)
    })
  })
}

describe('the program of websocket', () => {
  it('greets who has a session', async () => {
    const url = await start(first)
    expect(await connect(url, { cookie: RAILS_COOKIE })).toEqual(['hello 95651'])
    expect(await connect(url, { cookie: cookieOf({ visits: 1 }) })).toEqual(['hello nobody'])
    expect(await connect(url, {})).toBe(401)
    expect(await connect(url, { cookie: RAILS_COOKIE, origin: 'https://evil.example' })).toBe(403)
  })

  it('does so in the console of a browser', async () => {
    const url = await start(first)
    class FromPage extends WebSocket {
      constructor() {
        super(url, { headers: { cookie: RAILS_COOKIE, origin: 'http://localhost:3000' } })
      }
    }
    const run = new Function('WebSocket', 'console', inBrowser)
    const greeting = await new Promise((log) => run(FromPage, { log }))
    expect(greeting).toBe('hello 95651')
  })

  it('lets authorize decide', async () => {
    const given = "{ origins: ['http://localhost:3000'] }"
    expect(first).toContain(given)
    const [paragraphs, end] = [first.split('\n\n').slice(0, -1), first.split('\n\n').at(-1)]
    const handed = end?.replace(given, given.replace(' }', ', authorize }'))
    const url = await start([...paragraphs, authorize, handed].join('\n\n'))
    const cable = `user_id=${rails.cookies.encrypted('user_id').seal(8)}`
    expect(await connect(url, { cookie: RAILS_COOKIE })).toEqual(['hello 95651'])
    expect(await connect(url, { cookie: cable })).toEqual(['hello nobody'])
    expect(await connect(url, { cookie: cookieOf({ visits: 1 }) })).toBe(403)
    expect(await connect(url, {})).toBe(401)
  })

  it('reads the flash, and changes nothing', async () => {
    const url = await start(`${first}\n${connection}`)
    const cookie = cookieOf({ flash: { discard: [], flashes: { notice: 'Saved' } } })
    const expected = ['hello nobody', 'Saved', 'ERR_RAILS_SESSION_HEADERS_SENT']
    expect(await connect(url, { cookie }, 3)).toEqual(expected)
    expect(await connect(url, { cookie }, 3)).toEqual(expected)
  })
})

function cookieOf(data: Record<string, unknown>): string {
  return `${rails.session.name}=${rails.session.seal(data)}`
}
