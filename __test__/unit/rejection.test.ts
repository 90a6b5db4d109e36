import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Opened, Rails, RailsOptions, RejectionReason } from '../../index.ts'
import { KeyGenerator } from '../../src/active-support/index.ts'
import { rejected } from '../../src/rejection.ts'
import { application, backendNames, NOW, SECRET } from '../support/application.ts'

/** A session cookie of an application that differs in these options, opened by the one under test. */
type Opening = (reader: Rails, writer: (options: RailsOptions) => Rails) => Opened

const strict = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value: unknown) =>
      Number.isInteger((value as { user_id?: unknown }).user_id)
        ? { value: value as { user_id: number } }
        : { issues: [{ message: 'user_id is missing' }] },
  },
} as const

const raw = (text: string): RailsOptions => ({ cookiesSerializer: { dump: () => text, load: () => null } })
const session = { session_id: 'f'.repeat(32) }

/** How each reason comes about. */
const WAYS: Readonly<Record<RejectionReason, ReadonlyArray<[what: string, opening: Opening]>>> = {
  absent: [
    ['no cookie', (rails) => rails.session.open(undefined)],
    ['no header', (rails) => rails.session.openHeader(undefined)],
    ['another cookie', (rails) => rails.session.openHeader('a=b; _other=c')],
    ['a cookie without =', (rails) => rails.session.openHeader('_session_id; _session_id=x')],
    ['null', (rails) => rails.session.open(null as never)],
  ],
  too_large: [
    ['a character over the limit', (rails) => rails.session.open('x'.repeat(8193))],
    ['in a header', (rails) => rails.cookies.signed('c').openHeader(`c=${'x'.repeat(9000)}`)],
    ['a plain cookie', (rails) => rails.cookies.plain('c').open('x'.repeat(8193))],
  ],
  malformed: [
    ['empty', (rails) => rails.session.open('')],
    ['no separator', (rails) => rails.session.open('x'.repeat(200))],
    ['not a string', (rails) => rails.session.open(1 as never)],
    ['a plain cookie that is no string', (rails) => rails.cookies.plain('c').open({} as never)],
    ['only a separator', (rails) => rails.session.open('--')],
    ['doubly escaped', (rails) => rails.session.open(rails.session.seal({}).replaceAll('%', '%25'))],
  ],
  unauthenticated: [
    [
      'another secret',
      (rails, writer) => rails.session.open(writer({ secretKeyBase: 'z'.repeat(64) }).session.seal({})),
    ],
    [
      'another salt',
      (rails, writer) => rails.session.open(writer({ authenticatedEncryptedCookieSalt: 'z' }).session.seal({})),
    ],
    ['a changed character', (rails) => rails.cookies.signed('c').open(change(rails.cookies.signed('c').seal(1)))],
  ],
  expired: [
    [
      'a session',
      (rails, writer) =>
        rails.session.open(writer({ session: { expireAfter: 60 }, now: () => NOW - 60_000 }).session.seal({})),
    ],
    [
      'a cookie',
      (rails, writer) =>
        rails.cookies.signed('c').open(
          writer({})
            .cookies.signed('c')
            .seal(1, { expires: new Date(NOW) }),
        ),
    ],
    [
      'of another purpose, besides',
      (rails, writer) =>
        rails.cookies.signed('c').open(
          writer({})
            .cookies.signed('d')
            .seal(1, { expires: new Date(NOW) }),
        ),
    ],
  ],
  wrong_purpose: [
    ['another cookie', (rails) => rails.cookies.encrypted('c').open(rails.cookies.encrypted('d').seal(1))],
    [
      'another session cookie',
      (rails, writer) => rails.session.open(writer({ session: { key: '_x' } }).session.seal({})),
    ],
  ],
  no_purpose: [
    [
      'no envelope',
      (_, writer) =>
        writer({ requirePurpose: true }).session.open(writer({ useCookiesWithMetadata: false }).session.seal({})),
    ],
    [
      'an envelope without purpose',
      (_, writer) => {
        const cookie = writer({ useCookiesWithMetadata: false }).cookies.signed('c').seal(1, { expires: '1 day' })
        return writer({ requirePurpose: true }).cookies.signed('c').open(cookie)
      },
    ],
  ],
  unsupported_serializer: [
    ['Marshal', (rails, writer) => rails.session.open(writer(raw('\u0004\u0008{')).session.seal({}))],
    [
      'nothing that could be told',
      (_, writer) => writer({ cookiesSerializer: 'marshal' }).session.open(writer(raw('user_id')).session.seal({})),
    ],
  ],
  undecodable: [
    ['no JSON', (rails, writer) => rails.session.open(writer(raw('{"session_id":')).session.seal({}))],
    ['no UTF-8', (rails, writer) => rails.session.open(writer(bytes(0x22, 0xff, 0x22)).session.seal({}))],
    [
      'no Marshal',
      (_, writer) =>
        writer({ cookiesSerializer: 'marshal' }).session.open(writer(raw('\u0004\u0008{')).session.seal({})),
    ],
    ['no MessagePack', (rails, writer) => rails.session.open(writer(bytes(0xcc, 0x80, 0x81)).session.seal({}))],
    [
      'what a serializer throws on',
      (rails, writer) => {
        const cookiesSerializer = {
          dump: String,
          load: () => {
            throw new Error('mine')
          },
        }
        return writer({ cookiesSerializer }).session.open(rails.session.seal({}))
      },
    ],
    ['a broken envelope', (rails, writer) => rails.session.open(envelope(writer, '{"_rails":{"message":"e30",'))],
    [
      'an envelope whose message is no text',
      (rails, writer) => rails.session.open(envelope(writer, '{"_rails":{"message":1}}')),
    ],
    [
      'an envelope with a date for exp',
      (rails, writer) =>
        rails.session.open(envelope(writer, '{"_rails":{"message":"e30=","exp":"2099-01-01","pur":null}}')),
    ],
  ],
  limit_exceeded: [
    [
      '101 arrays',
      (rails, writer) => rails.session.open(writer(raw('['.repeat(101) + ']'.repeat(101))).session.seal({})),
    ],
    ['2000 that are not closed', (rails, writer) => rails.session.open(writer(raw('['.repeat(2000))).session.seal({}))],
  ],
  cyclic: [
    [
      'an Array inside itself',
      (_, writer) =>
        writer({ cookiesSerializer: 'marshal' }).session.open(
          writer(raw('\u0004\u0008[\u0006@\u0000')).session.seal({}),
        ),
    ],
  ],
  not_a_session: ['[1]', '"x"', '5', 'true', 'false', 'null', '1.5'].map((text) => [
    text,
    (rails, writer) => rails.session.open(writer(raw(text)).session.seal({})),
  ]),
  no_session_id: [
    '{}',
    '{"session_id":null}',
    '{"session_id":false}',
    '{"user_id":1}',
    '{"__proto__":{"session_id":"x"}}',
  ].map((text) => [text, (rails, writer) => rails.session.open(writer(raw(text)).session.seal({}))]),
  schema_invalid: [
    ['a missing key', (rails, writer) => writer({ schema: strict as never }).session.open(rails.session.seal(session))],
    [
      'a wrong key',
      (rails, writer) => writer({ schema: strict as never }).session.open(rails.session.seal({ user_id: '1' })),
    ],
  ],
}

/** Whether a MAC or tag had been right. */
const AUTHENTIC = new Set<RejectionReason>([
  'expired',
  'wrong_purpose',
  'no_purpose',
  'unsupported_serializer',
  'undecodable',
  'limit_exceeded',
  'cyclic',
  'not_a_session',
  'no_session_id',
  'schema_invalid',
])

function change(cookie: string): string {
  return (cookie.startsWith('A') ? 'B' : 'A') + cookie.slice(1)
}

function bytes(...values: number[]): RailsOptions {
  return { cookiesSerializer: { dump: () => Uint8Array.from(values), load: () => null } }
}

/** A plaintext that looks like an envelope, sealed as it is. */
function envelope(writer: (options: RailsOptions) => Rails, text: string): string {
  return writer({ ...raw(text), useCookiesWithMetadata: false }).session.seal({})
}

describe.each(backendNames)('on %s', (backend) => {
  const rails = application({ backend })
  const writer = (options: RailsOptions): Rails => application({ backend, ...options })

  describe.each(Object.entries(WAYS))('%s', (reason, ways) => {
    it.each(ways)('%s', (_, opening) => {
      const authenticated = AUTHENTIC.has(reason as RejectionReason)
      expect(opening(rails, writer)).toEqual({ ok: false, reason, authenticated })
    })
  })

  it('undecodable: a MAC that is right, over a text that is no base64', () => {
    // Only whoever has the key can make one.
    const key = new KeyGenerator(SECRET, { iterations: 1000, hashDigestClass: 'SHA256', backend }).generateKey(
      'signed cookie',
    )
    const sign = (data: string): string => `${data}--${createHmac('sha1', key).update(data).digest('hex')}`
    const cookie = rails.cookies.signed('c')
    expect(cookie.open(sign('MQ=='))).toMatchObject({ ok: true, data: 1 })
    for (const data of ['M', 'MR==', 'MQ=', 'MQ== ', 'M*==', 'MQ==.']) {
      expect(cookie.open(sign(data))).toEqual({ ok: false, reason: 'undecodable', authenticated: true })
    }
  })
})

describe('rejected', () => {
  it('is one frozen object a reason', () => {
    for (const reason of Object.keys(WAYS) as RejectionReason[]) {
      expect(rejected(reason)).toBe(rejected(reason))
      expect(Object.isFrozen(rejected(reason))).toBe(true)
      expect(rejected(reason)).toEqual({ ok: false, reason, authenticated: AUTHENTIC.has(reason) })
    }
  })
})
