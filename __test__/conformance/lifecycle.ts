import type { RequestSession, SessionData } from '../../src/session/request-session.ts'
import { RubySymbol } from '../../src/ruby/symbol.ts'

/** Does to a session what the recorded application did, told by the case's name. Returns what the application saw. */
export function act(session: RequestSession<SessionData>, id: string): Seen {
  const action = ACTIONS.get(id.replace(/^bad_cookie\//, 'no_cookie/'))
  if (action === undefined) throw new Error(`nothing is known of what happened in ${id}`)
  return action(session) ?? {}
}

/** Values that a recorded application saw. */
export type Seen = Readonly<Record<string, unknown>>

type Action = (session: RequestSession<SessionData>) => Seen | void

const nothing: Action = () => {}
const readUser: Action = (session) => ({ v: session.get('user_id') ?? null })

const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['no_cookie/session_untouched', nothing],
  ['no_cookie/session_object_only', nothing],
  ['no_cookie/read_key', readUser],
  ['no_cookie/read_id', (session) => ({ id_class: session.id === null ? 'NilClass' : 'String' })],
  ['no_cookie/write_key', (session) => session.set('a', 1)],
  ['no_cookie/write_symbol_key', (session) => session.set('a', new RubySymbol('sym'))],
  ['no_cookie/write_nil', (session) => session.set('a', null)],
  ['no_cookie/write_nil_nested', (session) => session.set('a', { b: null })],
  [
    'no_cookie/write_then_delete',
    (session) => {
      session.set('a', 1)
      session.delete('a')
    },
  ],
  ['cookie/session_untouched', nothing],
  ['cookie/read_key', readUser],
  ['cookie/read_symbol_key', readUser],
  ['cookie/write_same_value', (session) => session.set('user_id', 7)],
  ['cookie/write_key', (session) => session.set('b', [1])],
  ['cookie/delete_key', (session) => void session.delete('user_id')],
  [
    'cookie/clear',
    (session) => {
      for (const key of session.keys()) session.delete(key)
    },
  ],
  ['cookie/reset_session', (session) => session.reset()],
  [
    'cookie/reset_then_write',
    (session) => {
      session.reset()
      session.set('n', 1)
    },
  ],
  // Rails' session.destroy: what reset_session does to the session.
  ['cookie/destroy', (session) => session.reset()],
  [
    'cookie/renew',
    (session) => {
      session.renew()
      session.set('x', 1)
    },
  ],
  [
    'cookie/skip',
    (session) => {
      session.set('x', 1)
      session.skip()
    },
  ],
  ['cookie/replace_session_id', (session) => session.set('session_id', 'mine')],
])
