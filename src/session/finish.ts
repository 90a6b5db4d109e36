import { LoadedSession } from './loaded-session.ts'

/**
 * Commits a request's session for the last time, right before the headers go out; what would change it from now on throws
 * a `HeadersSentError`. Returns the Set-Cookie line to append; null for none. For adapters; throws as `commit`, and leaves the
 * session open then, so that the answer to the error can do without it (`skip`) or send less. `why`: what the error says.
 */
export function finishSession(session: object, why: string = HEADERS_SENT): string | null {
  if (!(session instanceof LoadedSession)) throw new TypeError('finishSession takes what rails.session.load returned')
  return session.close(why)
}

const HEADERS_SENT = 'the headers of the response were sent, and no cookie can follow; change the session before'
