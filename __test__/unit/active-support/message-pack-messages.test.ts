import { describe, expect, it } from 'vitest'
import { MessageVerifier, type MessageVerifierOptions } from '../../../src/active-support/index.ts'
import { RubyTime } from '../../../src/ruby/time.ts'
import { backendNames } from '../../support/application.ts'

/** When Rails 8.1 wrote and read the messages. */
const NOW = Date.parse('2026-11-23T12:00:00.000Z')
const after = (milliseconds: number): Date => new Date(NOW + milliseconds)

/** Data, what the metadata say, the secret and the message; whether Rails accepted it. */
const MESSAGES = [
  [
    { id: 20, token: 'nw9jraAs6Ylfv9eNMrRF68ltgBI=' },
    {},
    '60000eb8cb43d0f352354caa160ede77762747df8692aaf3d1e62bf6bb1956dec481932737427d519e131af004033682c25ccd1d7d5096773c4ab2aca2a091fe',
    'zICComlkFKV0b2tlbrxudzlqcmFBczZZbGZ2OWVOTXJSRjY4bHRnQkk9--738043e750dc060784a12b7f745417c0c22d7624',
    true,
  ],
  [
    { m: 'purpose' },
    { purpose: 'login' },
    'dbeadaa42deb5f3561c8179cb87aa0b09c4fe54ee9e7b76cf9066cefd977e1f7bc89e9679d403e788251c358b60e01c9accf4e9ececdfdd355a06f2b6ae37b75',
    'zICBpl9yYWlsc4KkZGF0YYGhbadwdXJwb3Nlo3B1cqVsb2dpbg==--71db627548ddefbe2a82e3dbfe6361890a91b74d',
    true,
  ],
  [
    { m: 'purpose_str' },
    { purpose: 'shipping é' },
    '80a3bff6895767827b9733e90bdbe630bfa11cbabea09dd54f394447a08ddd229af28a438622b9df4bac83acef1a2b123cb8b9931f12c7e77550fd926f3734ae',
    'zICBpl9yYWlsc4KkZGF0YYGhbatwdXJwb3NlX3N0cqNwdXKrc2hpcHBpbmcgw6k=--fb56ce8adde6ae84dacec017ad30e4c2f0bb68f2',
    true,
  ],
  [
    { m: 'exp_future' },
    { expiresAt: after(1500) },
    '715e0ce30597ec0dc24a8f7ba4662b1af196d3077cdef94715f8de91de2e2e44b776566c8ae7e4a23c6176c66f378d802a7c62bcfedf460bd1d473e9f60ecb89',
    'zICBpl9yYWlsc4KkZGF0YYGhbapleHBfZnV0dXJlo2V4cMcLB85rBCrBzh3NZQAA--e2d1fa456f59d736e8fb1a30397e2a11c59c7425',
    true,
  ],
  [
    { m: 'exp_past' },
    { expiresAt: after(-1000) },
    '7134a4d2a16d006dd54efb97dc48a11d9b89386c3ffdb9f5ad83000419191349e8f74f3e99bbfdb65a403981d75baba98adf45e31c25293c70819c7b0956c331',
    'zICBpl9yYWlsc4KkZGF0YYGhbahleHBfcGFzdKNleHDHBwfOawQqvwAA--0a951336bb68dd7b469a1f938dbf4801e4becfca',
    false,
  ],
  [
    { m: 'exp_now' },
    { expiresAt: after(0) },
    '89d1881e5b64565ed380be94fd97225eb7b503ec976fa276588945e89e223d7f0117bc724854497d3eeeaf891b9800d5e505148112b26c6a8b4f815d2314866c',
    'zICBpl9yYWlsc4KkZGF0YYGhbadleHBfbm93o2V4cMcHB85rBCrAAAA=--7129ed4d0c7f60f9b8a960379ebde2d383297978',
    false,
  ],
  [
    { m: 'exp_1ms' },
    { expiresAt: after(1) },
    '8716c2b5b5cfebde7d694a3b53875d0bfce867fe47d945b8960c0ce8f734c5f62d5fbcd2afca4400f215f30cee57f2d9b69f281b79447504217ad71713dc1de3',
    'zICBpl9yYWlsc4KkZGF0YYGhbadleHBfMW1zo2V4cMcLB85rBCrAzgAPQkAA--ee2a55ce305f10c0db9f5c6ed6861b042574240d',
    true,
  ],
  [
    { m: 'exp_500us' },
    { expiresAt: new RubyTime(BigInt(NOW) * 1_000_000n + 500_000n) },
    'd8e6cdb1e36394c374f8d084e753f6be7d7e89a910127360959d7a68b87e7bfa74a0a5ba63d9c2afdcdcec2f3f102211b1fb783fd800288a471a8433e690944a',
    'zICBpl9yYWlsc4KkZGF0YYGhballeHBfNTAwdXOjZXhwxwsHzmsEKsDOAAehIAA=--3339f0745c7553b0ae3278822329c86c00a8b335',
    true,
  ],
  [
    { m: 'both' },
    { expiresAt: after(100_000), purpose: 'login' },
    '4feeb5c6b1d558ff6978176feda9d60a99f83318fbd8a23a409196cfe075517faa4b55b5a38a4a276a0b9518f10922bb33501a70dc480def5b95f2e2f5b22f18',
    'zICBpl9yYWlsc4OkZGF0YYGhbaRib3Roo2V4cMcHB85rBCskAACjcHVypWxvZ2lu--0ae5dbfa5279ef3595b51663081ec14b758a29df',
    true,
  ],
] as const

const LEGACY =
  'eyJfcmFpbHMiOnsibWVzc2FnZSI6InpJQ0JvVzJxWlhod1gyWjFkSFZ5WlE9PSIsImV4cCI6IjIwMjYtMTEtMjNUMTI6MDA6MDEuNTAwWiIsInB1ciI6bnVsbH19--295ea25e89ab88416dc003d74c4529d3c9552c23'
const LEGACY_SECRET =
  '1970c18fe6ce633b18349f676c99fde0cec07d2d7998e61704b9933d38a88a3cb00530c1fc21c12d668d8910940cda4d1a0bde84a625cd974dffd5b44fab7b80'

describe.each(backendNames)('a message in MessagePack, on %s', (backend) => {
  const verifier = (secret: string, more: MessageVerifierOptions = {}): MessageVerifier =>
    new MessageVerifier(Buffer.from(secret, 'hex'), { serializer: 'message_pack', backend, now: () => NOW, ...more })

  it.each(MESSAGES)('is written: %j with %j', (data, metadata, secret, message) => {
    expect(verifier(secret).generate(data, metadata)).toBe(message)
  })

  it.each(MESSAGES.filter(([, , , , accepted]) => accepted))(
    'is read: %j with %j',
    (data, metadata, secret, message) => {
      const { purpose, expiresAt } = metadata as { purpose?: string; expiresAt?: Date }
      const opened = verifier(secret).verify(message, purpose === undefined ? {} : { purpose })
      expect(opened).toMatchObject({ ok: true, data, meta: { purpose: purpose ?? null, serializer: 'message_pack' } })
      expect(opened.ok && opened.typed()).toEqual(data)
      // Where it is not over at a millisecond, that one still counts.
      const milliseconds = expiresAt instanceof RubyTime ? NOW + 1 : expiresAt?.getTime()
      expect(opened.ok && opened.meta.expiresAt?.getTime()).toBe(milliseconds)
    },
  )

  it.each(MESSAGES.filter(([, , , , accepted]) => !accepted))('is over: %j with %j', (_, __, secret, message) => {
    expect(verifier(secret).verify(message)).toMatchObject({ ok: false, reason: 'expired' })
  })

  it('has an expiry that is text in the layout of older Rails', () => {
    const own = verifier(LEGACY_SECRET, { forceLegacyMetadataSerializer: true })
    expect(own.generate({ m: 'exp_future' }, { expiresAt: after(1500) })).toBe(LEGACY)
    expect(own.verify(LEGACY)).toMatchObject({ ok: true, data: { m: 'exp_future' } })
  })

  it('has an expiry that is text in the other serializers', () => {
    const json = verifier(LEGACY_SECRET, { serializer: 'json' }).generate(1, { expiresAt: after(1500) })
    expect(Buffer.from(json.split('--')[0]!, 'base64').toString()).toBe(
      '{"_rails":{"data":1,"exp":"2026-11-23T12:00:01.500Z"}}',
    )
    expect(verifier(LEGACY_SECRET).verify(json)).toMatchObject({ ok: true, data: 1 })
  })

  it('may have any time for an expiry', () => {
    const own = verifier(LEGACY_SECRET)
    const far = own.generate({ _rails: { data: 1, exp: new RubyTime(10n ** 30n) } })
    expect(own.verify(far)).toMatchObject({ ok: true, data: 1 })
    expect(own.verify(own.generate({ _rails: { data: 1, exp: new Set() } }))).toMatchObject({ reason: 'undecodable' })
    expect(own.verify(own.generate({ _rails: { data: 1, exp: after(-1) } }))).toMatchObject({ reason: 'expired' })
  })
})
