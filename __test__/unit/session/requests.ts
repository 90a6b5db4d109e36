import { Buffer } from 'node:buffer'
import type { Rails, RailsOptions, RequestSession, SessionData } from '../../../index.ts'
import { application, unescaped, valueOf } from '../../support/application.ts'

/** Signs any payload text as the session cookie of {@link signing}; returns a Cookie header. */
export function signedHeader(payload: string): string {
  const raw = signing({
    cookiesSerializer: { dump: (value) => (value as SessionData)['p'] as string, load: () => ({}) },
  })
  return `_session_id=${raw.session.seal({ p: payload })}`
}

/** An application whose session cookies are only signed, so that they can be looked into. */
export function signing(options: RailsOptions = {}): Rails {
  return application({ encryptSession: false, useCookiesWithMetadata: false, ...options })
}

/** The payload in a Set-Cookie line of {@link signing}. */
export function payloadIn(line: string | null): string {
  const [text = ''] = unescaped(valueOf(line)).split('--')
  return Buffer.from(text, 'base64').toString()
}

/** The Cookie header that a browser sends after it was sent a line. */
export function headerAfter(line: string | null): string {
  if (line === null) throw new Error('there is no Set-Cookie line')
  return line.slice(0, line.indexOf(';'))
}

/** The session of the next request. */
export function following(rails: Rails, session: RequestSession<SessionData>): RequestSession<SessionData> {
  return rails.session.load(headerAfter(session.commit()))
}

/** A Cookie header with a session that holds these data. */
export function headerWith(rails: Rails, data: SessionData): string {
  return `${rails.session.name}=${rails.session.seal(data)}`
}
