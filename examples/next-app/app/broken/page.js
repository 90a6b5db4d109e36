import { getRailsSession } from 'rails-session/next'
import { rails } from '../../rails.js'

/** A mistake: while a page is rendered, Next.js sends no cookies. */
export default async function Broken() {
  const session = await getRailsSession(rails)
  session.set('seen', true)
  try {
    session.save()
  } catch (error) {
    return <p id="error">{`${error.code} ${error.message}`}</p>
  }
}
