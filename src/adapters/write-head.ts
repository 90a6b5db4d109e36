import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { type CookieHeaders, headersWithCookie, warnOfPublicResponse } from './cookie-headers.ts'
import { finishOnce } from './finish-once.ts'

/**
 * Writes a session's cookie among the headers of a response when those are sent, whoever does it: every way leads through
 * `writeHead`, that of headers which nobody wrote included.
 *
 * Nothing is thrown then, since it may be a stream that writes, and nobody could catch it: a session that cannot be written
 * makes the response a 500 without its cookie, and the error goes to `fail`.
 */
export function writeWithHeaders(
  response: ServerResponse,
  session: { readonly changed: boolean },
  publicResponses: 'skip' | 'write',
  fail: (error: unknown) => void,
): void {
  if (response.headersSent) finishOnce(session)
  const original = response.writeHead as WriteHead
  const writeHead: WriteHead = (status, ...rest) => {
    // Node says what is wrong with that.
    if (response.headersSent) return original.call(response, status, ...rest)
    const reason = typeof rest[0] === 'string' ? [rest[0]] : []
    const headers = (reason.length > 0 ? rest[1] : (rest[0] ?? rest[1])) as GivenHeaders
    let line: string | null
    try {
      line = finishOnce(session)
    } catch (error) {
      setGiven(response, headers)
      response.setHeader('cache-control', 'no-store')
      if (response.req.httpVersionMajor < 2) response.statusMessage = ''
      original.call(response, 500)
      fail(error)
      return response
    }
    if (line === null) return original.call(response, status, ...rest)
    setGiven(response, headers)
    const changed = headersWithCookie(cookieHeadersOf(response), line, publicResponses)
    if (changed === null) warnOfPublicResponse(session)
    else for (const [name, value] of Object.entries(changed)) response.setHeader(name, value as string | string[])
    return original.call(response, status, ...reason)
  }
  response.writeHead = writeHead as ServerResponse['writeHead']
}

/** Sets the headers that `writeHead` is given, as it would do itself: over those that are set. */
function setGiven(response: ServerResponse, headers: GivenHeaders): void {
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers ?? {})) if (name !== '') response.setHeader(name, value!)
    return
  }
  // Names and values one after another, or in pairs.
  const flat: readonly OutgoingHttpHeader[] = Array.isArray(headers[0]) ? headers.flat() : headers
  const names = flat.filter((_, index) => index % 2 === 0).map(String)
  for (const name of names) response.removeHeader(name)
  for (const [index, name] of names.entries()) response.appendHeader(name, flat[index * 2 + 1] as string)
}

function cookieHeadersOf(response: ServerResponse): Partial<CookieHeaders> {
  const text = (name: string): string => response.getHeader(name)?.toString() ?? ''
  const setCookie = response.getHeader('set-cookie') ?? []
  return {
    'set-cookie': Array.isArray(setCookie) ? setCookie : [String(setCookie)],
    vary: text('vary'),
    'cache-control': text('cache-control'),
  }
}

type GivenHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[] | null | undefined
type WriteHead = (status: number, ...rest: unknown[]) => ServerResponse
