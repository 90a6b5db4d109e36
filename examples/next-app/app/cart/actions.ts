'use server'

import { getRailsSession } from 'rails-session/next'
import { rails } from '../../rails'

export async function addToCart(form: FormData) {
  const session = await getRailsSession(rails)
  session.set('cart', [...(session.get('cart') ?? []), String(form.get('item'))])
  session.flash.set('notice', `Added ${form.get('item')}`)
  session.save()
}
