import { once } from 'node:events'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Running } from './contract.ts'
import type { Answer } from './routes.ts'

type Fetch = (request: Request) => Response | Promise<Response>

// Its declarations need those of the DOM.
const { serve } = createRequire(import.meta.url)('@hono/node-server') as {
  serve(options: { fetch: Fetch; port: number; hostname: string; overrideGlobalObjects?: boolean }): Server
}

/**
 * Serves a function of the Fetch API on a port of this machine. `overrideGlobalObjects`: whether with the light Request and
 * Response that the bridge brings along, in the place of those of Node.js.
 */
export async function serveFetch(
  fetch: Fetch,
  overrideGlobalObjects: boolean,
): Promise<Pick<Running, 'url' | 'close'>> {
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1', overrideGlobalObjects })
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** What a route answers, as a `Response`. */
export function responseOf({ status = 200, headers: given = {}, body }: Answer): Response {
  const headers = new Headers()
  for (const [name, values] of Object.entries(given)) for (const value of [values].flat()) headers.append(name, value)
  const stream = body === undefined || typeof body === 'string' ? (body ?? null) : ReadableStream.from(bytes(body))
  return new Response(stream, { status, headers })
}

async function* bytes(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield new TextEncoder().encode(text)
}
