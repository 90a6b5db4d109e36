import { getRailsSession } from 'rails-session/next'
import { rails } from '../../rails.js'

export async function GET() {
  const session = await getRailsSession(rails)
  return Response.json({ visits: session.get('visits') ?? 0 })
}

export async function POST() {
  const session = await getRailsSession(rails)
  session.update(({ visits }) => ({ visits: (visits ?? 0) + 1 }))
  session.save()
  return Response.json({ visits: session.get('visits') })
}
