import type { HeadersSentError } from 'rails-session'
import { getRailsSession } from 'rails-session/next'
import { rails } from '../../rails'

/** A mistake: while a page is rendered, Next.js sends no cookies. */
export default async function Broken() {
  const session = await getRailsSession(rails)
  session.set('visits', 1)
  try {
    session.save()
    return <p>saved</p>
  } catch (error) {
    const { code, message } = error as HeadersSentError
    return <p id="error">{`${code} ${message}`}</p>
  }
}
