import { type NextRequest, NextResponse } from 'next/server'
import { applySession, fromRequest } from 'rails-session/fetch'
import { rails } from './rails'

export const config = { matcher: '/proxied' }

/** Counts what comes by, and sends home who is not logged in. */
export function proxy(request: NextRequest) {
  const session = fromRequest(rails, request)
  session.set('visits', (session.get('visits') ?? 0) + 1)
  if (session.user() === null) return applySession(session, NextResponse.redirect(new URL('/', request.url)))
  // What the Route Handler is to see.
  const [, value] = session.commit()?.split(/[=;]/) ?? []
  if (value !== undefined) request.cookies.set(rails.session.name, decodeURIComponent(value))
  return applySession(session, NextResponse.rewrite(new URL('/visits', request.url), { request }))
}
