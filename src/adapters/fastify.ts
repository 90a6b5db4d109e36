import type { FastifyPluginAsync } from 'fastify'
import type { RequestSession } from '../session/request-session.ts'
import { finishOnce } from './finish-once.ts'
import { checkOptions, type MiddlewareOptions, type SessionSource } from './options.ts'
import { writeWithHeaders } from './write-head.ts'

export type { MiddlewareOptions, ResponseOptions, SessionSource } from './options.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The request's session, by `app.register(railsSession, { rails })`. */
    readonly railsSession: RequestSession
  }
}

/** Options of the plugin. */
export interface PluginOptions extends MiddlewareOptions {
  /** What `createRails` returned. */
  rails: SessionSource
}

/**
 * A plugin for Fastify 5: puts the session of each request at `request.railsSession`, and writes it with the headers of the
 * response, if it changed. It is finished in an onSend hook, so what cannot be written goes to the error handler; of a
 * hijacked reply, when it writes its headers. `trustProxy` counts. It holds for the instance that it is registered on,
 * as if wrapped by fastify-plugin; registered again, it needs another name (`as`).
 *
 * @throws ConfigError for a mistake in the options, when the application gets ready.
 *
 * @example
 * import fastify from 'fastify'
 * import { createRails } from 'rails-session'
 * import { railsSession } from 'rails-session/fastify'
 *
 * const app = fastify()
 * app.register(railsSession, { rails: createRails({ secretKeyBase: process.env.SECRET_KEY_BASE, loadDefaults: '7.1' }) })
 * app.get('/', async (request) => request.railsSession.user())
 */
export const railsSession: FastifyPluginAsync<PluginOptions> = Object.assign(plugin, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'rails-session',
  [Symbol.for('plugin-meta')]: { name: 'rails-session', fastify: '5.x' },
})

// Asynchronous, as Fastify catches no error of a plugin that takes a callback.
async function plugin(...[app, options]: Parameters<FastifyPluginAsync<PluginOptions>>): Promise<void> {
  const { rails } = options
  const { as, publicResponses } = checkOptions(rails, options, ['rails', 'prefix', 'logLevel', 'logSerializers'])
  app.decorateRequest(as, null)
  app.addHook('onRequest', (request, reply, done) => {
    const { protocol, host } = request
    const session = rails.session.load(request.headers.cookie, { https: protocol === 'https', host })
    decorated(request)[as] = session
    writeWithHeaders(reply.raw, session, publicResponses, (error) => request.log.error(error))
    done()
  })
  app.addHook('onSend', (request, _reply, _payload, done) => {
    let failure: Error | undefined
    try {
      // There is none where the request failed before the hook above.
      const session = decorated(request)[as]
      if (session) finishOnce(session, FINISHED)
    } catch (error) {
      failure = error as Error
    }
    if (failure === undefined) done()
    else done(failure)
  })
}

function decorated(request: object): Record<string, object | null> {
  return request as Record<string, object | null>
}

const FINISHED = 'the session was finished in an onSend hook; change it before, or in a hook that was added before'
