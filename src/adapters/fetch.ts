/** Sessions for everything that turns a `Request` into a `Response`. */

import type { Rails } from '../rails/rails.ts'
import type { RequestSession } from '../session/request-session.ts'
import { headersWithCookie, warnOfPublicResponse } from './cookie-headers.ts'
import { finishOnce } from './finish-once.ts'
import { forwarded } from './request-origin.ts'
import type { ResponseOptions } from './options.ts'

export type { ResponseOptions } from './options.ts'

/** Options of {@link fromRequest}. */
export interface RequestOptions {
  /**
   * Whether to believe X-Forwarded-Proto and X-Forwarded-Host, as Rails does, for cookies that are `secure` or have
   * `domain: 'all'`. Only behind a proxy that sets both. Default false: what `request.url` says.
   */
  trustProxy?: boolean | undefined
}

/**
 * The session of a Fetch API request. Nothing is opened before something is asked for.
 *
 * @example
 * import { createRails } from 'rails-session'
 * import { applySession, fromRequest } from 'rails-session/fetch'
 *
 * const rails = createRails({ secretKeyBase: process.env.SECRET_KEY_BASE, loadDefaults: '7.1' })
 *
 * export async function handle(request) {
 *   const session = fromRequest(rails, request)
 *   session.update(({ visits }) => ({ visits: Number(visits ?? 0) + 1 }))
 *   return applySession(session, new Response(`visit ${session.get('visits')}`))
 * }
 */
export function fromRequest<Data>(
  rails: Rails<Data>,
  request: Request,
  { trustProxy = false }: RequestOptions = {},
): RequestSession<Data> {
  const { protocol, host } = new URL(request.url)
  const direct = { https: protocol === 'https:', host }
  return rails.session.load(request.headers.get('cookie'), trustProxy ? forwarded(request.headers, direct) : direct)
}

/**
 * The response with the session's cookie, if one is to be sent; what would change the session from now on throws a
 * `HeadersSentError`. Other cookies are kept. The body, which may be a stream, is handed on; the rest is a copy, since a
 * response may be immutable (`Response.redirect`, what `fetch` gave) or go to other people, too.
 *
 * What keeps the session from being written is thrown the first time: the answer to the error then goes without it.
 *
 * @throws CookieOverflowError when Rails or a browser would not take the cookie.
 * @throws UnserializableValueError when the serializer has no representation for a value.
 *
 * @example
 * import { createRails } from 'rails-session'
 * import { applySession, fromRequest } from 'rails-session/fetch'
 *
 * const rails = createRails({ secretKeyBase: process.env.SECRET_KEY_BASE, loadDefaults: '7.1' })
 *
 * export async function logOut(request) {
 *   const session = fromRequest(rails, request)
 *   session.reset()
 *   return applySession(session, Response.redirect('https://shop.example/'))
 * }
 */
export function applySession<Data>(
  session: RequestSession<Data>,
  response: Response,
  { publicResponses = 'skip' }: ResponseOptions = {},
): Response {
  const line = finishOnce(session)
  // Neither a network error (0) nor a switch of protocols (101) can be copied.
  if (line === null || response.status < 200) return response
  const headers = new Headers(response.headers)
  const cookieHeaders = {
    'set-cookie': headers.getSetCookie(),
    vary: headers.get('vary') ?? '',
    'cache-control': headers.get('cache-control') ?? '',
  }
  const changed = headersWithCookie(cookieHeaders, line, publicResponses)
  if (changed === null) {
    warnOfPublicResponse(session)
    return response
  }
  for (const [name, values] of Object.entries(changed)) {
    headers.delete(name)
    for (const value of [values].flat()) headers.append(name, value)
  }
  const { status, statusText } = response
  return new Response(response.body, { status, statusText, headers })
}
