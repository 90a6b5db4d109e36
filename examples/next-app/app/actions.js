'use server'

import { redirect } from 'next/navigation'
import { getRailsSession } from 'rails-session/next'
import { rails } from '../rails.js'

export async function addToCart(form) {
  const session = await getRailsSession(rails)
  session.set('cart', [...(session.get('cart') ?? []), form.get('item')])
  session.flash.set('notice', `Added ${form.get('item')}`)
  session.save()
}

export async function logOut() {
  const session = await getRailsSession(rails)
  session.reset()
  session.save()
  redirect('/')
}
