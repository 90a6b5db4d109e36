import type { Middleware } from 'koa'
import type { RequestSession } from '../session/request-session.ts'
import { finishOnce } from './finish-once.ts'
import { checkOptions, type MiddlewareOptions, place, type SessionSource } from './options.ts'
import { writeWithHeaders } from './write-head.ts'

export type { MiddlewareOptions, ResponseOptions, SessionSource } from './options.ts'

declare module 'koa' {
  interface ExtendableContext {
    /** The request's session, by `app.use(railsSession(rails))`. */
    readonly railsSession: RequestSession
  }
}

/**
 * Koa: puts the session of each request at `context.railsSession`, and writes it with the headers of the response, if it
 * changed; after an error, too. What cannot be written is an error of the middleware. `app.proxy` counts.
 *
 * It is finished once all middleware that was used later has run: then it can no longer be changed.
 *
 * @throws ConfigError for a mistake in the options.
 *
 * @example
 * import Koa from 'koa'
 * import { createRails } from 'rails-session'
 * import { railsSession } from 'rails-session/koa'
 *
 * const app = new Koa()
 * app.use(railsSession(createRails({ secretKeyBase: process.env.SECRET_KEY_BASE, loadDefaults: '7.1' })))
 * app.use((context) => {
 *   context.body = context.railsSession.user()
 * })
 */
export function railsSession(rails: SessionSource, options?: MiddlewareOptions): Middleware {
  const { as, publicResponses } = checkOptions(rails, options)
  return async (context, next) => {
    const { secure: https, host } = context
    const session = rails.session.load(context.req.headers.cookie, { https, host })
    place(context, as, session)
    // Not ctx.set: Koa drops all headers when it answers an error.
    writeWithHeaders(context.res, session, publicResponses, (error) => context.app.emit('error', error, context))
    await next()
    finishOnce(session, FINISHED)
  }
}

const FINISHED =
  'the middleware that was used after railsSession has run, and the session was finished; change it there'
