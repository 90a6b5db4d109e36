import { describe, expect, it } from 'vitest'
import type { RailsOptions, RequestSession, SessionData } from '../../../index.ts'
import { finishSession } from '../../../src/session/finish.ts'
import { isDue, type WriteSettings } from '../../../src/session/write-rule.ts'
import { application, NOW } from '../../support/application.ts'
import { headerAfter, headerWith, payloadIn, signing } from './requests.ts'

const ID = 'a10d8fd67b77a00ca82a5a920d92d9c2'
const DAY = 86_400_000

/** What is sent for a session that came in `age` milliseconds ago, after something was done with it. */
function sent(options: RailsOptions, age: number, act: (session: RequestSession<SessionData>) => void): string | null {
  const written = application({ ...options, now: () => NOW - age })
  const session = application(options).session.load(headerWith(written, { session_id: ID, user_id: 7 }))
  act(session)
  return session.commit()
}

const nothing = (): void => {}
const read = (session: RequestSession<SessionData>): void => void session.get('user_id')
const write = (session: RequestSession<SessionData>): void => session.set('user_id', 8)

describe("write: 'rails'", () => {
  const rails = { write: 'rails' } as const

  it('sends what was so much as read', () => {
    expect(sent(rails, 0, nothing)).toBe(null)
    expect(sent(rails, 0, (session) => void session.id)).toBe(null)
    for (const reading of [
      read,
      (session: RequestSession<SessionData>): void => void session.has('x'),
      (session: RequestSession<SessionData>): void => void session.keys(),
      (session: RequestSession<SessionData>): void => void session.data,
      (session: RequestSession<SessionData>): void => void session.flash.get('notice'),
      (session: RequestSession<SessionData>): void => void session.user(),
    ]) {
      expect(sent(rails, 0, reading)).not.toBe(null)
    }
  })

  it('sends no new session that was only read, and one that was written, to whatever', () => {
    const { session } = application(rails)
    const none = session.load(undefined)
    read(none)
    void none.data
    expect([none.loaded, none.commit()]).toEqual([false, null])
    const empty = session.load(undefined)
    empty.delete('a')
    expect([empty.loaded, empty.changed]).toEqual([true, false])
    expect(session.load(headerAfter(empty.commit())).data).toEqual({ session_id: empty.id })
  })

  it('sends what is signed only if it is another text, as Rails does, unless it expires', () => {
    const signed = signing(rails)
    const header = headerWith(signed, { session_id: ID, user_id: 7 })
    const session = signed.session.load(header.replaceAll('%3D', '%3d'))
    read(session)
    expect(session.commit()).toBe(null)
    write(session)
    expect(payloadIn(session.commit())).toBe(`{"session_id":"${ID}","user_id":8}`)
    const expiring = signing({ ...rails, loadDefaults: '5.1', session: { expireAfter: 60 } })
    const again = expiring.session.load(headerWith(expiring, { session_id: ID }))
    expect(again.commit()).toMatch(/; expires=Mon, 23 Nov 2026 12:01:00 GMT/)
  })

  it('with expireAfter, sends every session that there is', () => {
    const expiring = { ...rails, session: { expireAfter: '14 days' } }
    expect(sent(expiring, 0, nothing)).toMatch(/; expires=Mon, 07 Dec 2026 12:00:00 GMT/)
    expect(application(expiring).session.load(undefined).commit()).toBe(null)
    expect(sent(expiring, 0, (session) => session.skip())).toBe(null)
  })
})

describe("write: 'manual'", () => {
  const manual = { write: 'manual' } as const

  it('sends what was committed, whether it was changed or not', () => {
    expect(sent(manual, 0, nothing)).not.toBe(null)
    const { session: cookie } = application(manual)
    const session = cookie.load(undefined)
    expect(cookie.load(headerAfter(session.commit())).data).toEqual({ session_id: session.id })
    session.skip()
    expect(session.commit()).toBe(null)
  })

  it('leaves an adapter nothing but that to send', () => {
    const { session: cookie } = application(manual)
    const header = headerWith(application(manual), { session_id: ID, user_id: 7 })
    const untold = cookie.load(header)
    write(untold)
    expect(finishSession(untold)).toBe(null)
    const told = cookie.load(header)
    write(told)
    const line = told.commit()
    told.set('user_id', 9)
    expect(finishSession(told)).toBe(line)
    expect(cookie.load(headerAfter(line)).get('user_id')).toBe(8)
    const skipped = cookie.load(header)
    skipped.commit()
    skipped.skip()
    expect(finishSession(skipped)).toBe(null)
  })
})

describe("write: 'changed'", () => {
  const expireAfter = '14 days'
  const later = /; expires=Mon, 07 Dec 2026 12:00:00 GMT/

  it('sets the expiry whenever it writes, and by default only then', () => {
    const session = { expireAfter }
    expect(sent({ session }, DAY, write)).toMatch(later)
    expect(sent({ session }, 13 * DAY, read)).toBe(null)
    expect(sent({ session, rolling: 'never' }, 13 * DAY, nothing)).toBe(null)
  })

  it('half-life: sets it anew once half of the time is over, though nobody asks for the session', () => {
    const options = { session: { expireAfter }, rolling: 'half-life' } as const
    expect(sent(options, 7 * DAY - 1000, nothing)).toBe(null)
    expect(sent(options, 7 * DAY + 1000, nothing)).toMatch(later)
    expect(sent(options, 7 * DAY + 1000, read)).toMatch(later)
    expect(sent(options, 15 * DAY, nothing)).toBe(null)
    expect(sent(options, 8 * DAY, (session) => session.skip())).toBe(null)
    expect(application(options).session.load(undefined).commit()).toBe(null)
  })

  it('always: sets it anew with every response', () => {
    const options = { session: { expireAfter }, rolling: 'always' } as const
    expect(sent(options, 0, nothing)).toMatch(later)
    const { session } = application(options)
    expect(session.load(undefined).commit()).toBe(null)
    const rolled = session.openHeader(headerAfter(sent(options, DAY, nothing)))
    expect(rolled.ok && [rolled.data, rolled.meta.expiresAt]).toEqual([
      { session_id: ID, user_id: 7 },
      new Date(NOW + 14 * DAY),
    ])
  })

  it('takes a cookie that does not say when it expires for one whose time is half over', () => {
    const settings: WriteSettings = {
      write: 'changed',
      rolling: 'half-life',
      expireAfterSeconds: 100,
    }
    expect(isDue(settings, null, 0)).toBe(true)
    expect([isDue(settings, 50_000, 0), isDue(settings, 49_999, 0)]).toEqual([false, true])
    const options = { loadDefaults: '5.1', session: { expireAfter }, rolling: 'half-life' } as const
    expect(sent(options, 0, nothing)).toMatch(later)
  })
})
