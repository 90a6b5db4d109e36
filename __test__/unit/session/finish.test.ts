import { describe, expect, it } from 'vitest'
import { CookieOverflowError, HeadersSentError, RailsSessionError } from '../../../index.ts'
import { finishSession } from '../../../src/session/finish.ts'
import { application } from '../../support/application.ts'
import { headerWith } from './requests.ts'

describe('finishSession', () => {
  const rails = application()
  const header = headerWith(rails, { user_id: 7, cart: [1] })

  it('gives the line to send, and the same afterwards', () => {
    const session = rails.session.load(header)
    session.set('user_id', 8)
    const line = session.commit()
    expect(finishSession(session)).toBe(line)
    expect([finishSession(session), session.commit(), session.commit({ path: '/x' })]).toEqual([line, line, line])
    expect(finishSession(rails.session.load(header))).toBe(null)
  })

  it.each<[call: string, act: (session: ReturnType<typeof rails.session.load>) => void]>([
    ["set('a')", (session) => session.set('a', 1)],
    ["set('user_id')", (session) => session.set('user_id', 7)],
    ["delete('a')", (session) => session.delete('a')],
    ['update()', (session) => session.update({ a: 1 })],
    ['reset()', (session) => session.reset()],
    ['renew()', (session) => session.renew()],
    ['expire()', (session) => session.expire()],
    ['skip()', (session) => session.skip()],
    ["set('_csrf_token')", (session) => session.csrf.token()],
    ["flash.set('notice')", (session) => session.flash.set('notice', 'late')],
    ['flash.keep()', (session) => session.flash.keep()],
    ['flash.discard()', (session) => session.flash.discard()],
    ["flash.delete('notice')", (session) => session.flash.delete('notice')],
    ['flash.clear()', (session) => session.flash.clear()],
  ])('makes %s throw', (call, act) => {
    for (const prepare of [() => {}, (session: ReturnType<typeof rails.session.load>) => session.set('b', 1)]) {
      const session = rails.session.load(header)
      prepare(session)
      const line = finishSession(session)
      let thrown: unknown
      try {
        act(session)
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(HeadersSentError)
      expect(thrown).toBeInstanceOf(RailsSessionError)
      expect(thrown).toMatchObject({
        name: 'HeadersSentError',
        code: 'ERR_RAILS_SESSION_HEADERS_SENT',
        message: `session.${call}: the headers of the response were sent, and no cookie can follow; change the session before`,
      })
      expect([session.get('user_id'), session.commit()]).toEqual([7, line])
    }
  })

  it('makes a change of the data throw, too', () => {
    const session = rails.session.load(header)
    const { data } = session
    finishSession(session)
    expect(() => (data['a'] = 1)).toThrow(TypeError)
    expect(() => delete data['user_id']).toThrow(TypeError)
    const untouched = rails.session.load(header)
    finishSession(untouched)
    expect(() => (untouched.data['a'] = 1)).toThrow(TypeError)
  })

  it('lets everything be read, and shown to this request', () => {
    const session = rails.session.load(header)
    finishSession(session)
    session.flash.now('notice', 'here')
    expect([session.flash.get('notice'), session.get('cart'), session.changed]).toEqual(['here', [1], false])
    expect([session.keys().length, session.user(), session.rejected]).toEqual([3, null, null])
  })

  it('leaves a session open that cannot be sent', () => {
    const session = rails.session.load(header)
    session.set('a', 'x'.repeat(5000))
    expect(() => finishSession(session)).toThrow(CookieOverflowError)
    session.skip()
    expect(finishSession(session)).toBe(null)
  })

  it('takes sessions only', () => {
    expect(() => finishSession({})).toThrow('finishSession takes what rails.session.load returned')
  })
})
