import { type IncomingMessage, request as open } from 'node:http'

/** What a test sends. */
export interface Sent {
  readonly method?: string
  readonly cookie?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Called with each piece of the body. Returns false to hang up. */
  readonly onData?: (piece: string) => boolean | void
}

/** What it got, as it came over the socket. */
export interface Received {
  readonly status: number
  readonly reason: string
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly trailers: IncomingMessage['trailers']
  /** All Set-Cookie lines. */
  readonly lines: readonly string[]
  readonly body: string
  /** Whether the connection lasted until the end of the response. */
  readonly isComplete: boolean
}

/** Sends one request on a connection of its own. Rejects if the connection ends before there is a response. */
export async function send(
  url: string,
  { method = 'GET', cookie, headers, body: sent, onData }: Sent = {},
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const fields = { ...headers, ...(cookie === undefined ? {} : { cookie }) }
    const request = open(url, { method, agent: false, headers: fields }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        body += piece
        if (onData?.(piece) === false) response.destroy()
      })
      response.on('error', () => {})
      response.on('close', () => {
        const { statusCode: status = 0, statusMessage: reason = '', headers: got, complete: isComplete } = response
        const { rawHeaders, trailers } = response
        resolve({
          status,
          reason,
          headers: got,
          rawHeaders,
          lines: got['set-cookie'] ?? [],
          body,
          trailers,
          isComplete,
        })
      })
    })
    request.on('error', reject)
    request.end(sent)
  })
}

/** The Cookie header that a browser sends after it got these lines. */
export function cookieAfter({ lines }: Pick<Received, 'lines'>): string {
  return lines.map((line) => line.slice(0, line.indexOf(';'))).join('; ')
}
