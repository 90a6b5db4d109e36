import { NextResponse } from 'next/server'
import { applySession, fromRequest } from 'rails-session/fetch'
import { rails } from './rails.js'

export const config = { matcher: '/proxied' }

/** Counts what comes by, and answers who is not logged in. */
export function proxy(request) {
  const session = fromRequest(rails, request)
  session.set('proxied', (session.get('proxied') ?? 0) + 1)
  if (session.user() === null) return applySession(session, NextResponse.redirect(new URL('/', request.url)))
  return applySession(session, NextResponse.rewrite(new URL('/visits', request.url)))
}
