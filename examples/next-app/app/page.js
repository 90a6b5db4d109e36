import { getRailsSession } from 'rails-session/next'
import { rails } from '../rails.js'
import { addToCart, logOut } from './actions.js'

export default async function Page() {
  const session = await getRailsSession(rails)
  return (
    <main>
      <p id="notice">{session.flash.get('notice')}</p>
      <p id="user">{session.user()?.id ?? 'nobody'}</p>
      <p id="cart">{JSON.stringify(session.get('cart') ?? [])}</p>
      <form id="add" action={addToCart}>
        <input name="item" />
        <button>Add</button>
      </form>
      <form id="log-out" action={logOut}>
        <button>Log out</button>
      </form>
    </main>
  )
}
