import { describe, expect, it } from 'vitest'
import type { RejectionReason } from '../../../index.ts'
import { backendNames, unescaped, valueOf } from '../../support/application.ts'
import { writable } from '../../support/typed.ts'
import { applicationOf, cookieOf, type RailsCookie, railsCookies } from './rails-cookies.ts'

/** Why we refuse what Rails answered with nil or an exception, by the end of the id. */
const REASONS: ReadonlyArray<[id: RegExp, reason: RejectionReason]> = [
  [/^(expiry|rotation)\/.*(past|exactly_now|one_us_later|2h_later|expired)$/, 'expired'],
  [/^purpose\/.*off_with_past_expiry_read_on$/, 'expired'],
  [/^(purpose|rotation)\/.*renamed(_metadata)?$/, 'wrong_purpose'],
  // The text does not fit the layout of any configured scheme: a MAC of another length, no IV, no MAC at all.
  [/^jar_confusion\/encrypted_read_as_signed$/, 'malformed'],
  [/^wrong\/signed_digest$/, 'malformed'],
  [/^rotation\/digest_sha512_not_configured/, 'malformed'],
  [/^upgrade\/cbc_to_gcm_no_legacy_salts/, 'malformed'],
  [/^upgrade\/cbc_(cookies_digest_sha256|sha1_read)/, 'malformed'],
  [/^(jar_confusion|wrong|rotation|upgrade)\//, 'unauthenticated'],
  [/^spelling\//, 'malformed'],
  [/^serializer_matrix\/unset_read_as_json/, 'unsupported_serializer'],
  [/depth_101$/, 'limit_exceeded'],
  [/rails_pur_(other|int)$/, 'wrong_purpose'],
  [/rails_exp_past$/, 'expired'],
  [/^crafted\/session_payload\//, 'not_a_session'],
  [/^crafted\//, 'undecodable'],
]

/** Rails gives nil for a stored nil; here it is a value. */
const STORED_NIL = /(scalar\/json\/(signed|encrypted)\/nil|purpose\/.*nil_value|rails_msg_nulljson)$/

/** Session cookies that hold a Hash without `session_id`. */
const WITHOUT_ID = /session_payload\/empty_hash$/

const title = (each: RailsCookie): [string, RailsCookie] => [`${each.rails} ${each.id}`, each]
const accepted = railsCookies.filter(({ id, expected }) => expected.refused === undefined && !WITHOUT_ID.test(id))
const refused = railsCookies.filter(({ id, expected }) => expected.refused !== undefined && !STORED_NIL.test(id))

it('the recorded cookies are of every jar and version', () => {
  for (const rails of ['4.2', '5.2', '6.1', '7.1', '8.1'] as const) {
    for (const jar of ['session', 'encrypted', 'signed', 'plain', 'permanent_signed', 'permanent_encrypted'] as const) {
      expect(
        accepted.filter((each) => each.rails === rails && each.jar === jar).length,
        `${rails} ${jar}`,
      ).toBeGreaterThan(0)
    }
  }
  expect(accepted.length).toBeGreaterThan(200)
})

describe.each(backendNames)('on %s, Rails and we agree on', (backend) => {
  it.each(accepted.map(title))('%s', (_, recorded) => {
    const opened = cookieOf(applicationOf(recorded, { backend }), recorded).open(recorded.cookie)
    const { expected } = recorded
    if (expected.refused !== undefined) throw new Error('not accepted')
    if (!opened.ok) throw new Error(`refused: ${opened.reason}`)
    expect(plain(opened.typed())).toEqual(expected.typed)
    const data = Object.hasOwn(expected, 'value') ? plain(opened.data) : undefined
    expect(data).toEqual(expected.value)
    const { rewrite } = opened.meta
    expect(rewrite).toBe(recorded.jar === 'session' ? rewrite : (expected.rewritten ?? false))
  })

  it.each(railsCookies.filter(({ id }) => WITHOUT_ID.test(id)).map(title))('%s: no session', (_, recorded) => {
    const opened = cookieOf(applicationOf(recorded, { backend }), recorded).open(recorded.cookie)
    expect(opened).toEqual({ ok: false, reason: 'no_session_id', authenticated: true })
    // Rails reads the Hash, and shows the application an empty session.
    const { expected } = recorded
    expect(expected.refused === undefined && Object.hasOwn(Object(expected.typed), 'session_id')).toBe(false)
  })

  it.each(railsCookies.filter(({ id }) => STORED_NIL.test(id)).map(title))('%s: null', (_, recorded) => {
    const opened = cookieOf(applicationOf(recorded, { backend }), recorded).open(recorded.cookie)
    expect(opened).toMatchObject({ ok: true, data: null })
    expect(recorded.expected.refused).toBe('nil')
  })

  it.each(refused.map(title))('%s: refused', (_, recorded) => {
    const opened = cookieOf(applicationOf(recorded, { backend }), recorded).open(recorded.cookie)
    const [, reason] = REASONS.find(([id]) => id.test(recorded.id)) ?? []
    expect(reason).toBeDefined()
    expect(opened).toMatchObject({ ok: false, reason })
  })

  const written = railsCookies.filter(
    ({ attributes, id, expected }) =>
      attributes !== undefined &&
      expected.refused === undefined &&
      !/^(expiry|serializer_matrix|purpose\/.*expiry)/.test(id),
  )

  it.each(written.map(title))('%s: written by us', (_, recorded) => {
    const rails = applicationOf(recorded, { backend, rackVersion: recorded.rails >= '7.1' ? '3' : '2' })
    const cookie = cookieOf(rails, recorded)
    const { expected } = recorded
    if (expected.refused !== undefined) throw new Error('not accepted')
    const value = writable(expected.typed) as never
    const line = cookie.setCookie(value, { https: false, host: 'www.example.org' })
    const attributes = line?.split('; ').slice(1).join('; ')
    // Rack before 2.2, on a Ruby of its successors, printed the zone as a number.
    expect(attributes).toBe(recorded.attributes?.replace(/(expires=.*) -0000/, '$1 GMT'))

    const isSigned = /signed|plain/.test(recorded.jar) || usesTokenAlone(recorded)
    // An IV makes each encrypted message another one.
    const comparable = isSigned ? (text: string) => text : (text: string) => unescaped(text).length
    expect(comparable(valueOf(line))).toBe(comparable(recorded.cookie))
    expect(comparable(cookie.seal(value))).toBe(comparable(recorded.cookie))
    const opened = cookie.open(valueOf(line))
    if (!opened.ok) throw new Error(`refused: ${opened.reason}`)
    expect(plain(opened.typed())).toEqual(expected.typed)
  })
})

function usesTokenAlone({ config }: RailsCookie): boolean {
  return config !== undefined && config['secret_key_base'] === null
}

/** The same with ordinary prototypes, bigints as numbers, as a comparison with parsed JSON needs it. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? Number(each) : each)),
  ) as unknown
}
