import { getRailsSession } from 'rails-session/next'
import { rails } from '../rails'
import { logIn, logOut } from './actions'

export default async function Page() {
  const session = await getRailsSession(rails)
  const userId = session.user()?.id ?? session.get('user_id')
  return (
    <main>
      <p id="notice">{String(session.flash.get('notice') ?? '')}</p>
      <p id="user">{String(userId ?? 'nobody')}</p>
      <form id="log-in" action={logIn}>
        <button>Log in</button>
      </form>
      <form id="log-out" action={logOut}>
        <button>Log out</button>
      </form>
    </main>
  )
}
