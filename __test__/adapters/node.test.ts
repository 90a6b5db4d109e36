import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http'
import { connect, createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ConfigError, CookieOverflowError, HeadersSentError, type Rails } from '../../index.ts'
import { fromNode, type NodeOptions } from '../../src/adapters/node.ts'
import { application, OLD_SECRET } from '../support/application.ts'
import { type Received, send } from './client.ts'
import { fulfilsContract } from './contract.ts'
import { listen, type Listening } from './listen.ts'
import { knowsOrigin } from './origin.ts'
import type { Answer, Route } from './routes.ts'

const node = {
  name: 'rails-session/node',
  async start(rails: Rails, routes: ReadonlyMap<string, Route>, options: NodeOptions): Promise<Listening> {
    const errors: unknown[] = []
    return listen(async (request, response) => {
      const session = fromNode(rails, request, response, { ...options, onError: (error) => errors.push(error) })
      const route = routes.get(request.url ?? '')
      try {
        if (route === undefined) response.writeHead(404).end('none')
        else answer(response, await route(session, { method: request.method ?? '' }))
      } catch (error) {
        errors.push(error)
        response.writeHead(500).end('error')
      }
    }, errors)
  },
}

function answer(response: ServerResponse, { status = 200, headers = {}, body = '' }: Answer): void {
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (typeof body === 'string') response.end(body)
  else Readable.from(body).pipe(response)
}

fulfilsContract(node)
knowsOrigin(node)

describe('fromNode', () => {
  const rails = application()
  let app: Listening | undefined
  afterEach(async () => app?.close())
  const serve = async (listener: RequestListener, path = '/'): Promise<Received> => {
    app = await listen(listener, [])
    return send(app.url + path)
  }

  it('warns of a session that cannot be written, unless somebody is told', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const received = await serve((request, response) => {
      fromNode(rails, request, response).set('note', 'x'.repeat(5000))
      response.setHeader('cache-control', 'public, max-age=60')
      response.statusMessage = 'Fine'
      response.writeHead(200, { 'x-a': '1' }).end('body')
    })
    expect(warnings.mock.calls).toEqual([[expect.any(CookieOverflowError)]])
    warnings.mockRestore()
    expect(received).toMatchObject({ status: 500, reason: 'Internal Server Error', lines: [], body: 'body' })
    // Nobody may keep what is broken.
    expect(received.headers).toMatchObject({ 'x-a': '1', 'cache-control': 'no-store' })
  })

  it('lets the handler find out beforehand', async () => {
    const received = await serve((request, response) => {
      const session = fromNode(rails, request, response)
      session.set('note', 'x'.repeat(5000))
      try {
        session.commit()
      } catch (error) {
        session.delete('note')
        session.set('error', (error as CookieOverflowError).code)
        response.statusCode = 413
      }
      response.end()
    })
    expect(received.status).toBe(413)
    expect(rails.session.load(received.lines[0]).get('error')).toBe('ERR_RAILS_SESSION_OVERFLOW')
  })

  it('sends the cookie although the first attempt to send headers failed', async () => {
    const received = await serve((request, response) => {
      fromNode(rails, request, response).set('a', 1)
      try {
        response.writeHead(9999)
      } catch {
        for (const name of response.getHeaderNames()) response.removeHeader(name)
        response.writeHead(400, { 'set-cookie': 'b=2' }).end()
      }
    })
    expect([received.status, received.lines]).toEqual([400, ['b=2', expect.stringMatching(/^_session_id=/)]])
  })

  it('leaves it to Node to refuse headers that were sent', async () => {
    const received = await serve((request, response) => {
      fromNode(rails, request, response)
      response.flushHeaders()
      try {
        response.writeHead(200)
      } catch (error) {
        response.end((error as NodeJS.ErrnoException).code)
      }
    })
    expect(received.body).toBe('ERR_HTTP_HEADERS_SENT')
  })

  it('gives a session that can be read only, once the headers are sent', async () => {
    const received = await serve((request, response) => {
      response.flushHeaders()
      const session = fromNode(rails, request, response)
      try {
        session.set('a', session.get('a'))
      } catch (error) {
        response.end(error instanceof HeadersSentError ? 'too late' : 'else')
      }
    })
    expect(received.body).toBe('too late')
  })

  it('has sessions of several applications side by side', async () => {
    const admin = application({ secretKeyBase: OLD_SECRET, session: { key: '_admin' } })
    const received = await serve((request, response) => {
      fromNode(rails, request, response).set('a', 1)
      fromNode(admin, request, response).set('b', 2)
      response.end()
    })
    const header = received.lines.join('; ')
    expect([rails.session.load(header).get('a'), admin.session.load(header).get('b')]).toEqual([1, 2])
    expect(received.headers).toMatchObject({ vary: 'Cookie', 'cache-control': 'no-cache="Set-Cookie"' })
  })

  it('takes the requests of http2', async () => {
    const shared = application({ session: { domain: 'all' } })
    const server = createServer((request, response) => {
      const session = fromNode(shared, request, response)
      session.set('note', request.url)
      if (request.url === '/head') response.writeHead(201, { 'x-a': '1' })
      if (request.url === '/oversize') session.set('note', 'x'.repeat(5000))
      response.end('body')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const get = async (path: string): Promise<IncomingHttpHeaders> =>
      new Promise((resolve) => {
        const stream = client.request({ ':path': path, ':authority': 'www.shop.example' })
        stream.on('response', resolve).resume()
      })
    for (const path of ['/', '/head']) {
      // oxlint-disable-next-line no-await-in-loop -- so that a failure says which
      const { 'set-cookie': lines, vary } = await get(path)
      expect([lines, vary]).toEqual([[expect.stringContaining('; domain=shop.example;')], 'Cookie'])
      expect(shared.session.load(lines?.[0]).get('note')).toBe(path)
    }
    const refused = await get('/oversize')
    expect([refused[':status'], refused['set-cookie']]).toEqual([500, undefined])
    expect(warnings.mock.calls).toEqual([[expect.any(CookieOverflowError)]])
    warnings.mockRestore()
    client.destroy()
    await new Promise((resolve) => server.close(resolve))
  })

  it.each([
    [{ trustproxy: true }, 'fromNode: unknown option trustproxy; did you mean trustProxy?'],
    [{ trustProxy: 1 }, 'fromNode: trustProxy is 1; write true or false'],
    [{ onError: 'log' }, "fromNode: onError is 'log'; write a function"],
    [{ publicResponses: true }, "fromNode: publicResponses is true; write one of 'skip', 'write'"],
  ])('refuses %j', async (options, message) => {
    const received = await serve((request, response) => {
      try {
        fromNode(rails, request, response, options as NodeOptions)
      } catch (error) {
        response.end(error instanceof ConfigError ? error.message : 'else')
      }
    })
    expect(received.body).toBe(message)
  })
})
