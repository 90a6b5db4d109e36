import { getRailsSession } from 'rails-session/next'
import { rails } from '../../rails'
import { addToCart } from './actions'

export default async function Cart() {
  const session = await getRailsSession(rails)
  return (
    <main>
      <p id="notice">{String(session.flash.get('notice') ?? '')}</p>
      <p id="cart">{JSON.stringify(session.get('cart') ?? [])}</p>
      <form id="add" action={addToCart}>
        <input name="item" />
        <button>Add</button>
      </form>
    </main>
  )
}
