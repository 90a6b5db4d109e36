import { z } from 'zod'
import {
  createRails,
  type DataOf,
  type Flash,
  HeadersSentError,
  type RailsSessionData,
  type RailsSessionError,
  type RejectionReason,
  type RequestSession,
  type SessionData,
  type SessionUser,
} from '../../index.ts'
import type { Equals, IsAny } from './equals.ts'

/** Fails to compile unless its argument is `true`. */
declare function check<T extends true>(): T

const secretKeyBase = 'x'.repeat(64)

// By a schema: its output.
const bySchema = createRails({
  secretKeyBase,
  schema: z.object({ user_id: z.number(), cart: z.array(z.string()).default([]), name: z.string().optional() }),
  write: 'changed',
  rolling: 'half-life',
  session: { expireAfter: '14 days', secure: 'auto' },
})
interface Shop {
  user_id: number
  cart: string[]
  name?: string | undefined
}
const typed = bySchema.session.load('x', { https: true, host: 'shop.example' })
const asShop: RequestSession<Shop> = typed
void asShop

const [user, cart, name, other] = [typed.get('user_id'), typed.get('cart'), typed.get('name'), typed.get('other')]
check<Equals<typeof user, number | undefined>>()
check<Equals<typeof cart, string[] | undefined>>()
check<Equals<typeof name, string | undefined>>()
check<Equals<typeof other, unknown>>()
const { data } = typed
check<Equals<typeof data.user_id, number | undefined>>()
data.user_id = 2
data.cart?.push('a')
// @ts-expect-error: another type
data.user_id = '2'
// @ts-expect-error: the schema does not know it
data.other = 1
typed.set('user_id', 2)
typed.set('user_id', null)
typed.set('name', undefined)
typed.update({ user_id: 3, cart: null })
typed.update(({ cart: old = [] }) => ({ cart: [...old, 'b'] }))
// @ts-expect-error: another type
typed.set('user_id', 'text')
// @ts-expect-error: the schema does not know it
typed.set('userid', 1)
// @ts-expect-error: another type
typed.update({ user_id: '3' })
// @ts-expect-error: the schema does not know it
typed.update(() => ({ userid: 3 }))

// By nothing: any data, none of which is any.
const untyped = createRails({ secretKeyBase }).session.load(undefined)
check<Equals<typeof untyped, RequestSession<SessionData>>>()
const value = untyped.get('user_id')
check<Equals<typeof value, unknown>>()
check<Equals<IsAny<(typeof untyped.data)[string]>, false>>()
untyped.set('anything', { goes: [1] })
untyped.data['anything'] = 1
untyped.update((all) => ({ visits: Number(all['visits'] ?? 0) + 1 }))
// A request of the Fetch API has null for a header that is not there.
createRails({ secretKeyBase }).session.load(null)

// What adapters put on their requests: any data, until an application augments RailsSessionData.
check<Equals<RequestSession, RequestSession<RailsSessionData>>>()
check<Equals<DataOf<RailsSessionData>, SessionData>>()
declare const request: { session: RequestSession<RailsSessionData> }
const loose = request.session.get('user_id')
check<Equals<typeof loose, unknown>>()
request.session.set('user_id', 1)
request.session.data['user_id'] = 1
request.session.update({ user_id: 1 })

// Augmented, it is strict.
interface Augmented extends RailsSessionData {
  user_id: number
}
declare const augmented: RequestSession<Augmented>
check<Equals<DataOf<Augmented>, Augmented>>()
const id = augmented.get('user_id')
check<Equals<typeof id, number | undefined>>()
// @ts-expect-error: another type
augmented.set('user_id', '1')
// @ts-expect-error: not declared
augmented.set('userid', 1)

check<Equals<typeof typed.id, string | null>>()
check<Equals<typeof typed.isNew, boolean>>()
check<Equals<typeof typed.rejected, RejectionReason | null>>()
check<Equals<typeof typed.flash, Flash>>()
check<Equals<ReturnType<typeof typed.user>, SessionUser | null>>()
check<Equals<ReturnType<typeof typed.commit>, string | null>>()
check<Equals<ReturnType<typeof typed.delete>, boolean>>()
check<Equals<ReturnType<Flash['get']>, unknown>>()
typed.commit({ expires: '14 days', secure: 'auto' })
// @ts-expect-error: it is read
typed.id = 'x'
const error: RailsSessionError = new HeadersSentError('late')
void error

// @ts-expect-error: no such rule
createRails({ secretKeyBase, write: 'always' })
// @ts-expect-error: no such word
createRails({ secretKeyBase, rolling: true })
// @ts-expect-error: no such word
createRails({ secretKeyBase, session: { secure: 'always' } })
