/** Sessions for Hono. */

import type { MiddlewareHandler } from 'hono'
import { ConfigError } from '../errors.ts'
import type { Rails } from '../rails/rails.ts'
import type { RailsSessionData, RequestSession } from '../session/request-session.ts'
import { applySession, fromRequest, type RequestOptions } from './fetch.ts'
import { checkOptions, type MiddlewareOptions } from './options.ts'

export type { MiddlewareOptions, ResponseOptions } from './options.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** The request's Rails session; augment `RailsSessionData` of `rails-session` to type its keys. */
    railsSession: RequestSession<RailsSessionData>
  }
}

/** Options of {@link railsSession}. */
export interface HonoOptions extends MiddlewareOptions, RequestOptions {}

/**
 * Middleware that gives every request its session, `c.var.railsSession`, and sends the session's cookie with the response,
 * that of an error included. What changes the session after that, such as a stream, throws a `HeadersSentError`.
 *
 * @throws ConfigError for a mistake in the options.
 *
 * @example
 * import { Hono } from 'hono'
 * import { createRails } from 'rails-session'
 * import { railsSession } from 'rails-session/hono'
 *
 * const rails = createRails({ secretKeyBase: process.env.SECRET_KEY_BASE, loadDefaults: '7.1' })
 * const app = new Hono()
 * app.use(railsSession(rails))
 * app.get('/', (c) => c.text(`user ${c.var.railsSession.user()?.id}`))
 */
export function railsSession<Data>(rails: Rails<Data>, options?: HonoOptions): MiddlewareHandler {
  const { as, publicResponses } = checkOptions(rails, options, ['trustProxy'])
  const trustProxy = options?.trustProxy === true
  return async (c, next) => {
    if (c.get(as as 'railsSession') !== undefined) {
      throw new ConfigError(
        `railsSession: the context has a variable ${as} already; use the middleware once, or write another name in as`,
      )
    }
    // Of what data it is, RailsSessionData promises.
    const session = fromRequest(rails, c.req.raw, { trustProxy }) as RequestSession
    c.set(as as 'railsSession', session)
    await next()
    const response = applySession(session, c.res, { publicResponses })
    if (response === c.res) return
    // Hono copies the headers of a response to its successor, cookies in place of cookies, unless there is none in between.
    c.res = undefined
    c.res = response
  }
}
