import { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { type ExpressRequest, railsSession as forExpress } from '../../src/adapters/express.ts'
import { railsSession as forFastify } from '../../src/adapters/fastify.ts'
import { fromNode } from '../../src/adapters/node.ts'
import { createRails, type Rails } from '../../src/rails/rails.ts'
import { finishSession } from '../../src/session/finish.ts'
import type { RequestSession } from '../../src/session/request-session.ts'
import { type Sample, SESSIONS_PER_SAMPLE } from '../corpus.ts'
import { cookiesOf, COOKIE_NAME, type Format } from '../formats.ts'
import type { Case, Contender } from '../harness.ts'

/**
 * A request that reads one key and changes nothing: what the session of a request, and each adapter, adds to
 * `openHeader(header).get(key)`. Each answers with a real response that has no socket. Koa is missing, as it takes promises.
 */
export function adapterCase(format: Format, sample: Sample): Case {
  const rails = createRails({ ...format.rails, backend: 'native' })
  const headers = cookiesOf(format, sample).map((cookie) => `theme=dark; ${COOKIE_NAME}=${cookie}`)
  const contender = (name: string, role: 'base' | 'aside', read: Read): Contender => ({
    name,
    role,
    run: (turn) => {
      const request = new FakeRequest(headers[turn & MASK]!) as ExpressRequest & FakeRequest
      return read(request, new ServerResponse(request))
    },
  })
  return {
    name: `adapter ${format.name} ${sample.name}`,
    expected: (turn) => sample.sessions[turn & MASK]!['user_id'],
    contenders: [
      contender('openHeader, get', 'base', (request, response) => {
        const opened = rails.session.openHeader(request.headers.cookie)
        const user = opened.ok ? opened.get('user_id') : undefined
        response.end()
        return user
      }),
      contender('load, get, finish', 'aside', (request, response) => {
        const session = rails.session.load(request.headers.cookie)
        const user = session.get('user_id')
        finishSession(session)
        response.end()
        return user
      }),
      contender('node', 'aside', (request, response) => {
        const user = fromNode(rails, request, response).get('user_id')
        response.end()
        return user
      }),
      contender('express', 'aside', throughExpress(rails)),
      contender('fastify', 'aside', throughFastify(rails)),
    ],
  }
}

type Read = (request: ExpressRequest & FakeRequest, response: ServerResponse) => unknown

function throughExpress(rails: Rails): Read {
  const middleware = forExpress(rails)
  return (request, response) => {
    middleware(request, response, () => {})
    const user = (request as unknown as Express.Request).railsSession.get('user_id')
    response.end()
    return user
  }
}

/** Its hooks, without what Fastify takes to call them. */
function throughFastify(rails: Rails): Read {
  const hooks: Record<string, (...given: unknown[]) => void> = {}
  const app = {
    decorateRequest: () => {},
    addHook: (name: string, hook: (...given: unknown[]) => void) => {
      hooks[name] = hook
    },
  }
  void forFastify(app as unknown as FastifyInstance, { rails, as: 'session' })
  const { onRequest, onSend } = hooks
  return (request, response) => {
    const reply = { raw: response }
    onRequest!(request, reply, () => {})
    const user = request.session!.get('user_id')
    onSend!(request, reply, 'body', () => {})
    response.end()
    return user
  }
}

/** What is asked of requests, by Node and by the adapters. */
class FakeRequest {
  readonly method = 'GET'
  readonly httpVersionMajor = 1
  readonly httpVersionMinor = 1
  readonly socket = SOCKET
  readonly headers: { readonly host: string; readonly cookie: string }
  readonly protocol = 'http'
  readonly host = 'shop.example'
  readonly session: RequestSession | null = null

  constructor(cookie: string) {
    this.headers = { host: 'shop.example', cookie }
  }
}

const SOCKET = new Socket()
const MASK = SESSIONS_PER_SAMPLE - 1
