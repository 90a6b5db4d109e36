import { describe, expect, it } from 'vitest'
import { RubySymbol } from '../../../src/ruby/symbol.ts'
import { wardenUser } from '../../../src/session/warden.ts'
import { application } from '../../support/application.ts'
import { headerWith } from './requests.ts'

// The first 29 characters of a bcrypt hash.
const SALT = '$2a$12$KIXQ1uAdn0G1Yy3lWv0t8e'

describe('user', () => {
  const stored = {
    'warden.user.user.key': [[42], SALT],
    'warden.user.admin.key': [['8c0f6a1e-0000-4000-8000-000000000000'], SALT],
    'warden.user.omniauth.key': [[7], null],
    'warden.user.old.key': ['User', [3], SALT],
    'warden.user.tenant.key': [[5, 9], SALT],
  }

  it.each(['json', 'marshal', 'message_pack'] as const)(
    'is who Devise signed in, read from %s',
    (cookiesSerializer) => {
      const rails = application({ cookiesSerializer })
      const session = rails.session.load(headerWith(rails, stored))
      expect(session.user()).toEqual({ id: 42, key: [[42], SALT], salt: SALT })
      expect(session.user('user')).toEqual(session.user())
      expect(session.user('admin')?.id).toBe('8c0f6a1e-0000-4000-8000-000000000000')
      expect(session.user('omniauth')).toEqual({ id: 7, key: [[7], null], salt: null })
      expect(session.user('old')).toEqual({ id: 3, key: ['User', [3], SALT], salt: SALT })
      expect(session.user('tenant')?.id).toEqual([5, 9])
      expect([session.user('nobody'), session.user('__proto__'), session.changed]).toEqual([null, null, false])
    },
  )

  it('is nobody without a session, and after a reset', () => {
    const rails = application()
    expect(rails.session.load(undefined).user()).toBe(null)
    const session = rails.session.load(headerWith(rails, stored))
    session.reset()
    expect(session.user()).toBe(null)
  })

  it('takes the class for a String or a Symbol of Ruby', () => {
    const rails = application({ cookiesSerializer: 'marshal' })
    const header = headerWith(rails, { 'warden.user.user.key': [new RubySymbol('User'), [1], SALT] })
    expect(rails.session.load(header).user()?.id).toBe(1)
  })

  it.each<[stored: unknown]>([
    [undefined],
    [null],
    [42],
    ['42'],
    [{ 0: [42], 1: SALT }],
    [[]],
    [[42, SALT]],
    [[[], SALT]],
    [[[null], SALT]],
    [[[42]]],
    [[[42], 12]],
    [[[42], SALT, 'more']],
    [['User', [42]]],
    [['User', 42, SALT]],
    [[1, [42], SALT]],
    [['User', [42], SALT, 1]],
  ])('is nobody for %j', (odd) => {
    expect(wardenUser(odd)).toBe(null)
  })
})
