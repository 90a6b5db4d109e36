import type { IncomingMessage } from 'node:http'

/** What is looked at of a request, also of one over http2. */
type Request = Pick<IncomingMessage, 'headers' | 'socket'>

/** What a Set-Cookie line depends on in a request. */
export interface RequestOrigin {
  readonly https: boolean
  readonly host: string | undefined
}

/** What the socket and the Host header say. */
export function originOf({ socket, headers }: Request): RequestOrigin {
  return { https: 'encrypted' in socket && socket.encrypted === true, host: headers.host ?? authority(headers) }
}

/** What the proxy in front says, where it says something. */
export function forwardedOrigin(request: Request): RequestOrigin {
  return forwarded({ get: (name) => request.headers[name]?.toString() ?? null }, originOf(request))
}

/**
 * What the proxy in front says, as Rails takes it: the first X-Forwarded-Proto, and the last X-Forwarded-Host. Where it says
 * nothing, `direct`.
 */
export function forwarded(headers: { get(name: string): string | null }, direct: RequestOrigin): RequestOrigin {
  const proto = listed(headers.get('x-forwarded-proto'))[0]
  const host = listed(headers.get('x-forwarded-host')).at(-1)
  return { https: proto === undefined ? direct.https : proto === 'https', host: host ?? direct.host }
}

/** HTTP/2 has it instead of Host. */
function authority(headers: IncomingMessage['headers']): string | undefined {
  const given = headers[':authority']
  return typeof given === 'string' ? given : undefined
}

function listed(header: string | null): string[] {
  return (header ?? '').split(',').flatMap((item) => item.trim() || [])
}
