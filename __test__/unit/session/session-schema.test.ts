import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { RailsSessionError, type StandardSchema } from '../../../index.ts'
import { application } from '../../support/application.ts'
import { headerAfter, headerWith, payloadIn, signedHeader } from './requests.ts'

const ID = 'a10d8fd67b77a00ca82a5a920d92d9c2'
const untyped = application({ encryptSession: false, useCookiesWithMetadata: false })

/** An application with a schema, whose cookies can be looked into. */
function typed<T>(schema: StandardSchema<T>): ReturnType<typeof application<T>> {
  return application({ schema, encryptSession: false, useCookiesWithMetadata: false })
}

describe('a session with a schema', () => {
  const rails = typed(z.object({ user_id: z.number(), cart: z.array(z.string()).default([]) }))

  it('is what the schema makes of the data', () => {
    const session = rails.session.load(headerWith(untyped, { session_id: ID, user_id: 7, other: 1 }))
    expect([session.get('user_id'), session.get('cart'), session.get('other')]).toEqual([7, [], undefined])
    expect([session.id, session.keys()]).toEqual([ID, ['session_id', 'user_id', 'cart']])
    expect(Object.getPrototypeOf(session.data)).toBe(null)
    expect([session.changed, session.commit()]).toEqual([false, null])
  })

  it('writes what was changed, and keeps what the schema has dropped', () => {
    const session = rails.session.load(signedHeader(`{"session_id":"${ID}","user_id":7,"other":1.0}`))
    session.get('cart')?.push('a')
    expect(payloadIn(session.commit())).toBe(`{"session_id":"${ID}","user_id":7,"other":1.0,"cart":["a"]}`)
    session.set('__proto__' as 'cart', ['b'])
    expect(payloadIn(session.commit())).toContain('"__proto__":["b"]')
  })

  it('keeps what is of Rails and Devise, though the schema drops it', () => {
    const token = 'Ffk7g4SXMZyYiX3-6einJvmm5gKEYx7_PIAD5qUAIpM'
    const flash = { discard: [], flashes: { notice: 'a' } }
    const stored = { user_id: 7, _csrf_token: token, flash, 'warden.user.user.key': [[42], 'salt'], 'warden.other': 1 }
    const header = headerWith(untyped, stored)
    const session = rails.session.load(header)
    expect(session.csrf.verify(session.csrf.token())).toBe(true)
    expect([session.user()?.id, session.changed]).toEqual([42, false])
    expect(session.keys()).toEqual(['session_id', '_csrf_token', 'flash', 'warden.user.user.key', 'user_id', 'cart'])
    expect([session.user()?.id, session.get('_csrf_token'), session.changed]).toEqual([42, token, false])
    expect(session.flash.get('notice')).toBe('a')
    const next = untyped.session.load(headerAfter(session.commit()))
    expect(next.data).toEqual({ ...stored, session_id: session.id, flash: undefined })
    // What a schema says of cookies is as it was.
    const opened = rails.session.openHeader(header)
    expect(opened.ok && opened.data).toEqual({ user_id: 7, cart: [] })
  })

  it('refuses data that the schema refuses, and replaces them at a reset', () => {
    const session = rails.session.load(headerWith(untyped, { user_id: 'seven' }))
    expect([session.rejected, session.isNew, session.get('user_id'), session.commit()]).toEqual([
      'schema_invalid',
      true,
      undefined,
      null,
    ])
    session.reset()
    expect(untyped.session.load(headerAfter(session.commit())).data).toEqual({ session_id: session.id })
  })

  it('is not changed by a schema that makes other values of what it reads', () => {
    const dates = typed(z.looseObject({ at: z.coerce.date() }))
    const header = signedHeader(`{"session_id":"${ID}","at":"2026-11-27T00:00:00Z","n":1.0}`)
    const session = dates.session.load(header)
    expect([session.get('at'), session.changed]).toEqual([new Date('2026-11-27T00:00:00Z'), false])
    session.set('n', 2)
    expect(payloadIn(session.commit())).toBe(`{"session_id":"${ID}","at":"2026-11-27T00:00:00Z","n":2}`)
    const moved = dates.session.load(header)
    moved.get('at')?.setUTCFullYear(2027)
    expect(moved.changed).toBe(true)
  })

  it('is changed where a schema accepts the same data no more', () => {
    let accepts = true
    const moody = typed({
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) => (accepts ? { value } : { issues: [{ message: 'no' }] }),
      },
    })
    const session = moody.session.load(headerWith(untyped, { session_id: ID, a: [1] }))
    void session.data
    accepts = false
    expect(session.changed).toBe(true)
  })

  it('throws for one that cannot be waited for', () => {
    const asynchronous = typed(z.object({}).refine(() => Promise.resolve(true)))
    const session = asynchronous.session.load(headerWith(untyped, { a: 1 }))
    expect(() => session.keys()).toThrow(RailsSessionError)
  })
})
