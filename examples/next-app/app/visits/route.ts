import { getRailsSession } from 'rails-session/next'
import { rails } from '../../rails'

export async function GET() {
  const session = await getRailsSession(rails)
  return Response.json({ visits: session.get('visits') ?? 0 })
}

export async function POST() {
  const session = await getRailsSession(rails)
  session.set('visits', (session.get('visits') ?? 0) + 1) // session[:visits]
  session.save()
  return Response.json({ visits: session.get('visits') })
}
