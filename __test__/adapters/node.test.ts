import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Rails } from '../../index.ts'
import { fromNode, type NodeOptions } from '../../src/adapters/node.ts'
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
