import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { Rails } from '../rails/rails.ts'
import { OptionReader } from '../rails/validate.ts'
import type { RequestSession } from '../session/request-session.ts'
import { readPublicResponses, type ResponseOptions } from './options.ts'
import { forwardedOrigin, originOf } from './request-origin.ts'
import { writeWithHeaders } from './write-head.ts'

export type { ResponseOptions } from './options.ts'

/** Options of {@link fromNode}. */
export interface NodeOptions extends ResponseOptions {
  /**
   * Whether to believe X-Forwarded-Proto and X-Forwarded-Host, as Rails does, for cookies that are `secure` or have
   * `domain: 'all'`. Only behind a proxy that sets both. Default false: what the socket and the Host header say.
   */
  trustProxy?: boolean | undefined
  /**
   * Is told why a session could not be written, such as a `CookieOverflowError`; the response became a 500 without the
   * cookie. Default: a process warning. To answer otherwise, call `session.commit()` beforehand, which throws.
   */
  onError?: ((error: unknown) => void) | undefined
}

/**
 * The session of a request to a `node:http` server, or to http2's compatibility API. It is written with the headers of the
 * response, if it changed, however those are sent. To be called once for a request, before its headers are sent.
 *
 * @throws ConfigError for a mistake in the options.
 *
 * @example
 * import { createServer } from 'node:http'
 * import { createRails } from 'rails-session'
 * import { fromNode } from 'rails-session/node'
 *
 * const rails = createRails({ secretKeyBase: process.env.SECRET_KEY_BASE, loadDefaults: '7.1' })
 * createServer((request, response) => {
 *   const session = fromNode(rails, request, response)
 *   session.update(({ visits }) => ({ visits: Number(visits ?? 0) + 1 }))
 *   response.end(`visit ${session.get('visits')}`)
 * }).listen(3000)
 */
export function fromNode<Data>(
  rails: Rails<Data>,
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
  options?: NodeOptions,
): RequestSession<Data> {
  const { trustProxy, publicResponses, onError } = options === undefined ? DEFAULTS : read(options)
  const origin = trustProxy ? forwardedOrigin(request) : originOf(request)
  const session = rails.session.load(request.headers.cookie, origin)
  writeWithHeaders(response as ServerResponse, session, publicResponses, onError)
  return session
}

function read(options: NodeOptions): ReadOptions {
  const reader = new OptionReader('fromNode', options, ['trustProxy', 'onError', 'publicResponses'])
  return {
    trustProxy: reader.boolean('trustProxy') ?? false,
    onError: reader.function<(error: unknown) => void>('onError') ?? warn,
    publicResponses: readPublicResponses(reader),
  }
}

interface ReadOptions {
  readonly trustProxy: boolean
  readonly onError: (error: unknown) => void
  readonly publicResponses: 'skip' | 'write'
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error))
}

const DEFAULTS = read({})
