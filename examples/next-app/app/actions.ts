'use server'

import { redirect } from 'next/navigation'
import { getRailsSession } from 'rails-session/next'
import { rails } from '../rails'

export async function logIn() {
  const session = await getRailsSession(rails)
  session.reset() // reset_session: who knew the session before does not know it now
  session.set('user_id', 7)
  session.flash.set('notice', 'Welcome back')
  session.save()
  redirect('/')
}

export async function logOut() {
  const session = await getRailsSession(rails)
  session.reset()
  session.save()
  redirect('/')
}
