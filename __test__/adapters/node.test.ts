import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { fromNode } from '../../src/adapters/node.ts'
import { type Adapter, fulfilsContract } from './contract.ts'
import { listen } from './listen.ts'
import type { Answer } from './routes.ts'

const node: Adapter = {
  name: 'rails-session/node',
  async start(rails, routes, options) {
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
