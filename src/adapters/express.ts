import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestSession } from '../session/request-session.ts'
import { finishOnce } from './finish-once.ts'
import { checkOptions, type MiddlewareOptions, place, type SessionSource } from './options.ts'
import { originOf, type RequestOrigin } from './request-origin.ts'
import { writeWithHeaders } from './write-head.ts'

export type { MiddlewareOptions, ResponseOptions, SessionSource } from './options.ts'

declare global {
  namespace Express {
    interface Request {
      /** The request's session, by `app.use(railsSession(rails))`. */
      readonly railsSession: RequestSession
    }
  }
}

/** What is used of Express' requests, 4 and 5. */
export interface ExpressRequest extends IncomingMessage {
  readonly secure: boolean
  readonly app: { get(setting: string): unknown }
}

/** A middleware for `app.use`. */
export type ExpressMiddleware = (
  request: ExpressRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Express 4 and 5: puts the session of each request at `request.railsSession`, and writes it with the headers of the
 * response, if it changed. What cannot be written goes to the error handlers. `trust proxy` counts.
 *
 * @throws ConfigError for a mistake in the options.
 *
 * @example
 * import express from 'express'
 * import { createRails } from 'rails-session'
 * import { railsSession } from 'rails-session/express'
 *
 * const app = express()
 * app.use(railsSession(createRails({ secretKeyBase: process.env.SECRET_KEY_BASE, loadDefaults: '7.1' })))
 * app.get('/', (request, response) => response.json(request.railsSession.user()))
 */
export function railsSession(rails: SessionSource, options?: MiddlewareOptions): ExpressMiddleware {
  const { as, publicResponses } = checkOptions(rails, options)
  return (request, response, next) => {
    const session = rails.session.load(request.headers.cookie, trustedOrigin(request))
    place(request, as, session)
    writeWithHeaders(response, session, publicResponses, (error) => setImmediate(next, error))
    finishAtEnd(response, session, next)
    next()
  }
}

/** Lets the error handlers answer where a session cannot be written, as long as no header and no piece of body is. */
function finishAtEnd(response: ServerResponse, session: object, next: (error: unknown) => void): void {
  const end = response.end as (...given: unknown[]) => ServerResponse
  response.end = (...given: unknown[]) => {
    if (!response.headersSent) {
      try {
        finishOnce(session)
      } catch (error) {
        next(error)
        return response
      }
    }
    return end.apply(response, given)
  }
}

/** As `request.secure` and `request.hostname`, and with the port. */
function trustedOrigin(request: ExpressRequest): RequestOrigin {
  const { headers } = request
  const [proto, host] = [headers['x-forwarded-proto'], headers['x-forwarded-host']]
  if (proto === undefined && host === undefined) return originOf(request)
  const trusts = request.app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean
  const first = trusts(request.socket.remoteAddress, 0) ? host?.toString().split(',')[0]?.trim() : undefined
  return { https: request.secure, host: first || headers.host }
}
