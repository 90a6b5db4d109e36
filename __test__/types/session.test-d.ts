import {
  type Cookie,
  createRails,
  createRailsAsync,
  type Rails,
  type Session,
  type SessionData,
  type StandardSchema,
} from '../../index.ts'
import type { Equals } from './equals.ts'

/** Fails to compile unless its argument is `true`. */
declare function check<T extends true>(): T

interface Shop {
  session_id: string
  user_id?: number
  cart: string[]
}

const secretKeyBase = 'x'.repeat(64)

// By a schema.
declare const schema: StandardSchema<Shop>
const bySchema = createRails({ secretKeyBase, schema })
check<Equals<typeof bySchema, Rails<Shop>>>()
check<Equals<typeof bySchema.session, Session<Shop>>>()
const asCookie: Cookie<Shop, Partial<Shop>> = bySchema.session
void asCookie

const opened = bySchema.session.open('x')
if (opened.ok) {
  bySchema.session.update(opened, { user_id: 2, cart: null })
  // @ts-expect-error -- a key that the schema does not have
  bySchema.session.update(opened, { userid: 2 })
  // @ts-expect-error -- a value of another type
  bySchema.session.update(opened, { user_id: '2' })
  const { data } = opened
  const [user, cart, other] = [opened.get('user_id'), opened.get('cart'), opened.get('other')]
  check<Equals<typeof data, Shop>>()
  check<Equals<typeof user, number | undefined>>()
  check<Equals<typeof cart, string[]>>()
  check<Equals<typeof other, unknown>>()
  // @ts-expect-error: the schema does not know it
  void data.admin
}

bySchema.session.seal({ user_id: 1 })
bySchema.session.setCookie({ cart: [] }, { https: true, host: 'example.org' })
// @ts-expect-error: the schema says number
bySchema.session.seal({ user_id: '1' })
// @ts-expect-error: the schema does not know it
bySchema.session.seal({ admin: true })

// A schema as a library declares it, with other input than output.
const library = {
  '~standard': {
    version: 1,
    vendor: 'library',
    validate: (
      value: unknown,
    ): { value: { id: number } } | { issues: ReadonlyArray<{ message: string; path?: PropertyKey[] }> } =>
      typeof value === 'object' ? { value: { id: 1 } } : { issues: [] },
    types: undefined as unknown as { input: { id: string }; output: { id: number } },
  },
} as const
const byLibrary = createRails({ secretKeyBase, schema: library })
check<Equals<typeof byLibrary, Rails<{ id: number }>>>()

// By a type argument, for those who trust Rails.
const byType = createRails<Shop>({ secretKeyBase })
check<Equals<typeof byType, Rails<Shop>>>()

// By nothing.
const untyped = createRails({ secretKeyBase })
check<Equals<typeof untyped, Rails<SessionData>>>()
check<Equals<SessionData, Record<string, unknown>>>()
untyped.session.seal({ anything: [1, { goes: true }] })
// @ts-expect-error: a session is an object
untyped.session.seal('text')

const later = createRailsAsync({ secretKeyBase, schema })
check<Equals<typeof later, Promise<Rails<Shop>>>>()

// What seals and sets.
check<Equals<ReturnType<typeof untyped.session.seal>, string>>()
check<Equals<ReturnType<typeof untyped.session.setCookie>, string | null>>()
check<Equals<ReturnType<typeof untyped.session.delete>, string>>()
check<Equals<typeof untyped.backend, 'native' | 'node'>>()
// @ts-expect-error: read-only
untyped.backend = 'node'
// @ts-expect-error: SameSite is one of three words
untyped.session.setCookie({}, { sameSite: 'Lax' })
// @ts-expect-error: no such option
untyped.session.setCookie({}, { httponly: true })
