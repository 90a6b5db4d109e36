import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { finishSession } from '../../../src/session/finish.ts'
import { application, SECRET } from '../../support/application.ts'
import { headerWith } from './requests.ts'

describe('a session that is printed', () => {
  const rails = application()
  const header = headerWith(rails, { user_id: 'hidden-1', cart: { note: 'hidden-2' } })

  it('is not opened by that', () => {
    const session = rails.session.load(header)
    expect(inspect(session)).toBe('RequestSession { keys: null }')
    expect(String(session)).toBe('[RequestSession not loaded]')
    expect(JSON.stringify({ session })).toBe('{"session":{"keys":null}}')
    expect(session.loaded).toBe(false)
  })

  it('shows its keys, and neither values nor secrets', () => {
    const session = rails.session.load(header)
    session.get('user_id')
    session.set('token', 'hidden-3')
    session.flash.set('notice', 'hidden-4')
    session.commit()
    const keys = ['session_id', 'user_id', 'cart', 'token', 'flash']
    expect(inspect(session)).toBe(`RequestSession { keys: [ ${keys.map((key) => `'${key}'`).join(', ')} ] }`)
    expect(String(session)).toBe(`[RequestSession ${keys.join(' ')}]`)
    expect(JSON.stringify(session)).toBe(JSON.stringify({ keys }))
    finishSession(session)
    for (const text of [
      inspect(session, { showHidden: true, depth: null }),
      inspect({ session }, { customInspect: false, showHidden: true, depth: null }),
      inspect(session.flash, { showHidden: true, depth: null }),
      inspect(session.flash, { customInspect: false, showHidden: true, depth: null }),
      inspect(rails.session, { showHidden: true, depth: null }),
      JSON.stringify({ ...session }),
      String(Object.getOwnPropertyNames(session)),
    ]) {
      expect(text).not.toMatch(/hidden/)
      expect(text).not.toContain(SECRET)
    }
  })
})
