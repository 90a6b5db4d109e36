import { type Accepted, createRails, type Meta, type Opened, type Rejected, type RejectionReason } from '../../index.ts'
import type { Equals } from './equals.ts'

/** Fails to compile unless its argument is `true`. */
declare function check<T extends true>(): T

const rails = createRails({ secretKeyBase: 'x'.repeat(64) })
const opened = rails.session.open('cookie')

// Before `ok` is looked at, only what both have is there.
check<Equals<typeof opened, Opened<Record<string, unknown>>>>()
// @ts-expect-error: not every outcome has data
void opened.data
// @ts-expect-error: not every outcome has a reason
void opened.reason

if (opened.ok) {
  const { data, meta } = opened
  const id = opened.get('user_id')
  const tree = opened.typed()
  check<Equals<typeof opened, Accepted<Record<string, unknown>>>>()
  check<Equals<typeof data, Record<string, unknown>>>()
  check<Equals<(typeof data)['user_id'], unknown>>()
  check<Equals<typeof id, unknown>>()
  check<Equals<typeof tree, unknown>>()
  check<Equals<typeof meta, Meta>>()
  // @ts-expect-error: an accepted cookie has no reason
  void opened.reason
  // @ts-expect-error: results are read-only
  opened.data = {}
  // @ts-expect-error: results are read-only
  opened.meta.rotation = 1
} else {
  check<Equals<typeof opened, Rejected>>()
  check<Equals<typeof opened.reason, RejectionReason>>()
  check<Equals<typeof opened.authenticated, boolean>>()
  // @ts-expect-error: a refused cookie has no data
  void opened.data
}

check<
  Equals<
    RejectionReason,
    | 'absent'
    | 'too_large'
    | 'malformed'
    | 'unauthenticated'
    | 'expired'
    | 'wrong_purpose'
    | 'no_purpose'
    | 'unsupported_serializer'
    | 'undecodable'
    | 'limit_exceeded'
    | 'cyclic'
    | 'not_a_session'
    | 'no_session_id'
    | 'schema_invalid'
  >
>()

check<
  Equals<
    Meta,
    {
      readonly serializer: 'json' | 'marshal' | 'message_pack' | 'custom' | null
      readonly purpose: string | null
      readonly expiresAt: Date | null
      readonly rotation: number | 'legacy' | null
      readonly rewrite: boolean
    }
  >
>()

// The union is closed: a switch over all reasons needs no default.
export function explain(reason: RejectionReason): string {
  switch (reason) {
    case 'absent':
    case 'too_large':
    case 'malformed':
    case 'unauthenticated':
    case 'expired':
    case 'wrong_purpose':
    case 'no_purpose':
      return 'log in again'
    case 'unsupported_serializer':
    case 'undecodable':
    case 'limit_exceeded':
    case 'cyclic':
    case 'not_a_session':
    case 'no_session_id':
    case 'schema_invalid':
      return 'tell the developers'
  }
}

// Cookies of the jars: plain text, or whatever was sealed.
const plain = rails.cookies.plain('theme').open('dark')
if (plain.ok) {
  check<Equals<typeof plain.data, string | Uint8Array>>()
}
const signed = rails.cookies.permanent.signed('user_id').open('x')
if (signed.ok) {
  check<Equals<typeof signed.data, unknown>>()
}
check<Equals<'permanent' extends keyof typeof rails.cookies.permanent ? true : false, false>>()
// @ts-expect-error: a plain cookie holds text
rails.cookies.plain('theme').seal({ dark: true })
// @ts-expect-error: a header is text
rails.session.openHeader(['a=b'])
