import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromNode } from '../../src/adapters/node.ts'
import { application } from '../support/application.ts'
import { type Received, send } from './client.ts'
import type { Running } from './contract.ts'
import { listen } from './listen.ts'

/** Ways to send a response. Each is also sent without a session: what Node does then is what has to stay. */
const ways: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'end()': (response) => response.end(),
  'end(body)': (response) => response.end('body'),
  'end(callback)': (response) => response.end(() => {}),
  'write, end': (response) => {
    response.write('bo')
    response.end('dy')
  },
  setHeader: (response) => response.setHeader('x-a', '1').setHeader('x-b', ['1', '2']).end('body'),
  appendHeader: (response) => response.appendHeader('set-cookie', 'a=1').appendHeader('set-cookie', ['b=2']).end(),
  statusCode: (response) => {
    response.statusCode = 202
    response.statusMessage = 'Fine'
    response.end('body')
  },
  flushHeaders: (response) => {
    response.setHeader('x-a', '1')
    response.flushHeaders()
    response.end('body')
  },
  'writeHead(status)': (response) => response.writeHead(201).end('body'),
  'writeHead(status, reason)': (response) => response.writeHead(201, 'Made').end('body'),
  'writeHead(status, object)': (response) => response.writeHead(200, { 'X-A': '1', 'x-b': 2, 'x-c': ['3', '4'] }).end(),
  'writeHead(status, reason, object)': (response) => response.writeHead(404, 'Gone', { 'x-a': '1' }).end('body'),
  'writeHead(status, undefined, object)': (response) => response.writeHead(200, undefined, { 'x-a': '1' }).end(),
  'writeHead(status, undefined)': (response) => response.writeHead(200, undefined).end('body'),
  'writeHead(status, null)': (response) => response.writeHead(200, null as unknown as undefined).end('body'),
  'writeHead(status, array)': (response) => response.writeHead(200, ['X-A', '1', 'x-b', '2']).end('body'),
  'writeHead(status, array with a name twice)': (response) =>
    response.writeHead(200, ['set-cookie', 'a=1', 'Set-Cookie', 'b=2', 'vary', 'accept']).end('body'),
  'writeHead(status, reason, array)': (response) => response.writeHead(200, 'Fine', ['x-a', '1']).end('body'),
  'writeHead(status, pairs)': (response) =>
    response
      .writeHead(200, [
        ['X-A', '1'],
        ['set-cookie', ['a=1', 'b=2']],
      ] as unknown as string[])
      .end('body'),
  'writeHead(status, object) over setHeader': (response) =>
    response
      .setHeader('x-a', 'old')
      .setHeader('set-cookie', 'old=1')
      .writeHead(200, { 'x-a': 'new', 'Set-Cookie': ['a=1', 'b=2'], 'cache-control': 'no-store' })
      .end(),
  'writeHead(status, array) over setHeader': (response) =>
    response.setHeader('x-a', 'old').setHeader('x-b', 'kept').writeHead(200, ['x-a', 'new']).end('body'),
  'content-length': (response) => response.writeHead(200, { 'Content-Length': '4' }).end('body'),
  'connection: close': (response) => response.writeHead(200, ['Connection', 'close', 'Date', 'now']).end('body'),
  'after 103': (response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' })
    response.end('body')
  },
  'writeHead(204)': (response) => response.writeHead(204).end(),
  'writeHead(304)': (response) => response.writeHead(304, { etag: '"1"' }).end(),
  pipe: (response) => Readable.from(['bo', 'dy']).pipe(response),
  'pipe of nothing': (response) => Readable.from([]).pipe(response),
  pipeline: (response) => pipeline(Readable.from(['bo', 'dy']), response, () => {}),
  trailers: (response) => {
    response.writeHead(200, { trailer: 'x-end' })
    response.write('body')
    response.addTrailers({ 'x-end': '1' })
    response.end()
  },
}

describe('the ways to send a response', () => {
  const rails = application()
  let app: Running
  beforeAll(async () => {
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      const [, kind, way = ''] = (request.url ?? '').split('/').map(decodeURIComponent)
      if (kind !== 'plain') {
        const session = fromNode(rails, request, response)
        if (kind === 'changed') session.set('note', way)
      }
      ways[way]?.(response)
    }
    app = await listen(createServer(listener), [])
  })
  afterAll(async () => app.close())

  const receive = async (kind: string, way: string): Promise<Received> =>
    send(`${app.url}/${kind}/${encodeURIComponent(way)}`)
  /** Lines by name, without those of the session. */
  const seen = ({ status, reason, body, trailers, rawHeaders }: Received): object => {
    const lines: Record<string, string[]> = {}
    for (let at = 0; at < rawHeaders.length; at += 2)
      (lines[rawHeaders[at]!.toLowerCase()] ??= []).push(rawHeaders[at + 1]!)
    delete lines['date']
    return { status, reason, body, trailers, lines }
  }

  it.each(Object.keys(ways))('%s', async (way) => {
    const [plain, unchanged, changed] = await Promise.all(
      ['plain', 'unchanged', 'changed'].map(async (kind) => receive(kind, way)),
    )
    expect(seen(unchanged!)).toEqual(seen(plain!))
    const { lines, ...rest } = seen(plain!) as { lines: Record<string, string[]> }
    expect(seen(changed!)).toEqual({
      ...rest,
      lines: {
        ...lines,
        'set-cookie': [...(lines['set-cookie'] ?? []), expect.stringMatching(/^_session_id=/)],
        vary: [lines['vary'] === undefined ? 'Cookie' : 'accept, Cookie'],
        'cache-control': lines['cache-control'] ?? ['no-cache="Set-Cookie"'],
      },
    })
    expect(rails.session.openHeader(changed!.lines.at(-1)).ok).toBe(true)
  })
})
