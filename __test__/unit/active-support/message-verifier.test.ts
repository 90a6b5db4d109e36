import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { MessageVerifier, type MessageVerifierOptions, parseCookies } from '../../../src/active-support/index.ts'
import { ConfigError, UnserializableValueError } from '../../../src/errors.ts'
import { backendNames, NOW } from '../../support/application.ts'
import { RubySymbol } from '../../../src/ruby/symbol.ts'

const options = { serializer: 'json', backend: 'node', now: () => NOW } as const
const verifier = (more: MessageVerifierOptions = {}): MessageVerifier =>
  new MessageVerifier('s3cret', { ...options, ...more })

/** The text that a message carries. */
function textIn(message: string): string {
  return Buffer.from(message.split('--')[0] ?? '', 'base64').toString()
}

/** A message with the right MAC over any data. */
function signed(data: string, digest = 'sha1'): string {
  return `${data}--${createHmac(digest, 's3cret').update(data).digest('hex')}`
}

describe.each(backendNames)('MessageVerifier on %s', (backend) => {
  const own = verifier({ backend })

  it('signs the base64 of the payload', () => {
    expect(own.generate({ id: 7 })).toBe(signed(Buffer.from('{"id":7}').toString('base64')))
    expect(verifier({ backend, digest: 'SHA512' }).generate(1)).toBe(signed('MQ==', 'sha512'))
    expect(verifier({ backend, urlSafe: true }).generate('>>>???')).toBe(signed('Ilx1MDAzZVx1MDAzZVx1MDAzZT8_PyI'))
  })

  it('verifies what it signed', () => {
    for (const value of [1, 'text', null, false, [1], { a: { b: 'é' } }]) {
      expect(own.verify(own.generate(value))).toMatchObject({ ok: true, data: value })
      expect(own.verified(own.generate(value))).toEqual(value)
      expect(own.validMessage(own.generate(value))).toBe(true)
    }
  })

  it('refuses, and throws at nothing', () => {
    const message = own.generate(1)
    for (const bad of [
      '',
      'x',
      '--',
      `${message}x`,
      `x${message}`,
      message.toUpperCase(),
      message.slice(1),
      `${message}--x`,
      'é',
      '\uD800',
    ]) {
      expect(own.verify(bad)).toMatchObject({ ok: false, authenticated: false })
      expect(own.verified(bad)).toBeNull()
      expect(own.validMessage(bad)).toBe(false)
    }
    expect(own.verify(undefined as never)).toMatchObject({ reason: 'absent' })
    expect(own.verify(null as never)).toMatchObject({ reason: 'absent' })
    expect(own.verify(5 as never)).toMatchObject({ reason: 'malformed' })
    expect(own.validMessage(undefined as never)).toBe(false)
    expect(new MessageVerifier('other', options).verify(message)).toMatchObject({ reason: 'unauthenticated' })
  })

  it('validMessage looks at the signature only', () => {
    expect(own.validMessage(own.generate(1, { purpose: 'p', expiresAt: new Date(0) }))).toBe(true)
    expect(own.validMessage(signed('!!'))).toBe(true)
    expect(own.verify(signed('!!'))).toMatchObject({ reason: 'undecodable', authenticated: true })
    const rotating = verifier({ backend, digest: 'SHA256', rotations: [{ digest: 'SHA1' }] })
    expect(rotating.verify(own.generate(1))).toMatchObject({ ok: true })
    expect([rotating.validMessage(own.generate(1)), rotating.validMessage(rotating.generate(1))]).toEqual([false, true])
    expect(rotating.validMessage(signed('!!'))).toBe(false)
  })
})

describe('metadata', () => {
  it('is serialized with the value by default, in Rails’ order', () => {
    const metadata = { purpose: 'login', expiresAt: new Date(NOW) }
    for (const serializer of ['json', 'json_allow_marshal', 'hybrid', 'JSON', 'ActiveSupport::JSON'] as const) {
      expect(textIn(verifier({ serializer }).generate({ a: 1 }, metadata))).toBe(
        '{"_rails":{"data":{"a":1},"exp":"2026-11-23T12:00:00.000Z","pur":"login"}}',
      )
      expect(textIn(verifier({ serializer }).generate(1, { purpose: 'p' }))).toBe('{"_rails":{"data":1,"pur":"p"}}')
      expect(textIn(verifier({ serializer }).generate(1))).toBe('1')
    }
  })

  it('is the envelope of Rails below 7.1 when told so, and for what cannot carry it', () => {
    const expected = '{"_rails":{"message":"MQ==","exp":null,"pur":"p"}}'
    const custom = { dump: String, load: (bytes: Uint8Array) => Buffer.from(bytes).toString() }
    for (const legacy of [
      { forceLegacyMetadataSerializer: true },
      { useMessageSerializerForMetadata: false },
      { serializer: 'null' as const },
      { serializer: custom },
    ]) {
      const value = legacy.serializer === undefined ? 1 : '1'
      expect(textIn(verifier(legacy).generate(value, { purpose: 'p' }))).toBe(expected)
    }
    expect(
      textIn(
        verifier({ forceLegacyMetadataSerializer: false, useMessageSerializerForMetadata: true }).generate(1, {
          purpose: 'p',
        }),
      ),
    ).toBe('{"_rails":{"data":1,"pur":"p"}}')
  })

  it('is read in both layouts', () => {
    const [modern, legacy] = [verifier(), verifier({ forceLegacyMetadataSerializer: true })]
    for (const [writer, reader] of [
      [modern, legacy],
      [legacy, modern],
    ] as const) {
      const message = writer.generate({ a: 1 }, { purpose: 'p', expiresIn: '1 hour' })
      expect(reader.verify(message, { purpose: 'p' })).toMatchObject({
        ok: true,
        data: { a: 1 },
        meta: { purpose: 'p', expiresAt: new Date(NOW + 3_600_000), serializer: 'json' },
      })
    }
  })

  it('purposes must be alike', () => {
    for (const own of [verifier(), verifier({ forceLegacyMetadataSerializer: true })]) {
      const verify = (written: string | undefined, read: string | undefined): unknown => {
        const opened = own.verify(own.generate(1, { purpose: written }), read === undefined ? {} : { purpose: read })
        return opened.ok || opened.reason
      }
      expect(verify('a', 'a')).toBe(true)
      expect(verify('a', 'b')).toBe('wrong_purpose')
      expect(verify('a', undefined)).toBe('wrong_purpose')
      expect(verify(undefined, 'a')).toBe('no_purpose')
      expect(verify('', '')).toBe(true)
      expect(verify('', undefined)).toBe(true)
      expect(verify(undefined, undefined)).toBe(true)
    }
  })

  it('expiry: in the millisecond, given as a date, seconds or a text', () => {
    const at = (now: number): MessageVerifier => verifier({ now: () => now })
    const message = at(NOW).generate(1, { expiresAt: new Date(NOW + 10) })
    expect(at(NOW + 9).verify(message)).toMatchObject({ ok: true })
    expect(at(NOW + 10).verify(message)).toMatchObject({ ok: false, reason: 'expired' })
    for (const expiresIn of [60, '60 seconds', '1 minute']) {
      expect(textIn(at(NOW).generate(1, { expiresIn }))).toContain('"exp":"2026-11-23T12:01:00.000Z"')
    }
    expect(textIn(at(NOW).generate(1, { expiresAt: new Date(0), expiresIn: 60 }))).toContain('"exp":"1970')
    for (const expiresIn of [0, -1, 'soon', Number.NaN, 1e15]) {
      expect(() => at(NOW).generate(1, { expiresIn })).toThrow(/expiresIn: write a positive number of seconds/)
    }
    for (const expiresAt of [new Date(Number.NaN), new Date(8.64e15), '2026-01-01' as never]) {
      expect(() => at(NOW).generate(1, { expiresAt })).toThrow(ConfigError)
    }
  })

  it('a Hash of the user with a key _rails is taken for metadata, as in Rails', () => {
    const own = verifier()
    expect(own.verify(own.generate({ _rails: { data: 5 }, a: 1 }))).toMatchObject({ ok: true, data: 5 })
    expect(own.verify(own.generate({ _rails: 'x' }))).toMatchObject({ ok: true, data: null })
    expect(own.verify(own.generate({ _rails: { exp: 'x' } }))).toMatchObject({ reason: 'undecodable' })
  })

  it('typed() is that of the value', () => {
    const own = verifier()
    const typed = (text: string): unknown => {
      const opened = own.verify(signed(Buffer.from(text).toString('base64')))
      return opened.ok && opened.typed()
    }
    expect(typed('{"_rails":{"data":[1.0]}}')).toEqual([{ $: 'float', v: '1.0' }])
    expect(typed('{"_rails":{"data":[1.0],"$":1},"$":{"a":2}}')).toEqual([{ $: 'float', v: '1.0' }])
    expect(typed('{"_rails":{"exp":null}}')).toBeNull()
    expect(typed('{"_rails":null}')).toBeNull()
    expect(typed('{"_rails":[1]}')).toBeNull()
    expect(typed('[1.0]')).toEqual([{ $: 'float', v: '1.0' }])
  })
})

describe('serializers', () => {
  it('json escapes HTML, the JSON module does not, and neither detects other formats', () => {
    expect(textIn(verifier({ serializer: 'json' }).generate('<\u2028'))).toBe('"\\u003c\\u2028"')
    expect(textIn(verifier({ serializer: 'ActiveSupport::JSON' }).generate('<\u2028'))).toBe('"\\u003c\\u2028"')
    expect(textIn(verifier({ serializer: 'JSON' }).generate('<\u2028'))).toBe('"<\u2028"')
    expect(verifier({ serializer: 'JSON' }).verify(signed('BAhU'))).toMatchObject({ reason: 'undecodable' })
    expect(verifier({ serializer: 'json' }).verify(signed('BAhU'))).toMatchObject({ reason: 'unsupported_serializer' })
  })

  it('Marshal goes by the header as Ruby does', () => {
    const marshal = verifier({ serializer: 'Marshal' })
    expect(marshal.verify(signed('BAhU'))).toMatchObject({ ok: true, data: true, meta: { serializer: 'marshal' } })
    // 04 07 T
    expect(marshal.verify(signed('BAdU'))).toMatchObject({ ok: true, data: true })
    expect(verifier({ serializer: 'json_allow_marshal' }).verify(signed('BAdU'))).toMatchObject({
      reason: 'undecodable',
    })
    expect(marshal.verify(signed('BAlU'))).toMatchObject({ reason: 'undecodable' })
    expect(marshal.verify(signed('e30='))).toMatchObject({ reason: 'undecodable' })
    const opened = marshal.verify(marshal.generate({ at: new RubySymbol('now') }))
    expect(opened.ok && opened.typed()).toEqual({ at: { $: 'symbol', v: 'now' } })
  })

  it('default to json_allow_marshal', () => {
    const bare = new MessageVerifier('s3cret', { backend: 'node' })
    expect(textIn(bare.generate('<'))).toBe('"\\u003c"')
    expect(bare.verify(signed('IDE='))).toMatchObject({ ok: true, data: 1 })
  })

  it('null takes and gives text or bytes', () => {
    const own = verifier({ serializer: 'null' })
    expect(own.verified(own.generate('é'))).toBe('é')
    expect(own.verified(own.generate(Uint8Array.of(255, 0)))).toEqual(Uint8Array.of(255, 0))
    const opened = own.verify(own.generate(Uint8Array.of(255, 0)))
    expect(opened.ok && opened.typed()).toEqual({ $: 'string', enc: 'ASCII-8BIT', b64: '/wA=' })
    for (const value of [1, null, {}]) expect(() => own.generate(value)).toThrow(UnserializableValueError)
  })

  it('of your own', () => {
    const own = verifier({
      serializer: {
        dump: (value) => `<${String(value)}>`,
        load: (bytes) => Buffer.from(bytes).toString().slice(1, -1),
      },
    })
    expect(own.generate('x')).toBe(signed('PHg+'))
    expect(own.verify(own.generate('x'))).toMatchObject({ ok: true, data: 'x', meta: { serializer: 'custom' } })
  })
})

describe('rotations', () => {
  it('are tried in order, inherit what they do not give, and are told in meta', () => {
    const rotations = [
      { secret: 'older' },
      { digest: 'SHA512' },
      { secret: 'oldest', digest: 'MD5', urlSafe: true },
    ] as const
    const own = verifier({ rotations })
    const meta = (writer: MessageVerifier): unknown => {
      const opened = own.verify(writer.generate({ a: 1 }))
      return opened.ok && [opened.meta.rotation, opened.meta.rewrite]
    }
    expect(meta(own)).toEqual([null, false])
    expect(meta(new MessageVerifier('older', options))).toEqual([0, true])
    expect(meta(verifier({ digest: 'SHA512' }))).toEqual([1, true])
    expect(meta(new MessageVerifier('oldest', { ...options, digest: 'MD5', urlSafe: true }))).toEqual([2, true])
    expect(meta(new MessageVerifier('unknown', options))).toBe(false)
  })

  it('are tried for a payload that the first serializer cannot read', () => {
    const own = verifier({ serializer: 'JSON', rotations: [{ serializer: 'null' }] })
    expect(own.verify(verifier({ serializer: 'null' }).generate('no JSON'))).toMatchObject({
      ok: true,
      data: 'no JSON',
      meta: { rotation: 0 },
    })
    expect(verifier({ serializer: 'JSON' }).verify(verifier({ serializer: 'null' }).generate('no JSON'))).toMatchObject(
      { reason: 'undecodable' },
    )
  })

  it('do not help an expired message or one of another purpose', () => {
    const own = verifier({ rotations: [{ secret: 'older' }] })
    const older = new MessageVerifier('older', options)
    expect(own.verify(older.generate(1, { expiresAt: new Date(NOW) }))).toMatchObject({ reason: 'expired' })
    expect(own.verify(older.generate(1, { purpose: 'p' }))).toMatchObject({ reason: 'wrong_purpose' })
  })
})

describe('MessageVerifier refuses', () => {
  it.each<[unknown, object, string]>([
    ['', {}, 'MessageVerifier: the secret is no string and no Uint8Array, or empty; write the key'],
    [undefined, {}, 'the secret is no string'],
    [new Uint8Array(), {}, 'the secret is no string and no Uint8Array, or empty'],
    ['s', { digest: 'SHA-1' }, "digest is 'SHA-1'; write one of 'SHA1'"],
    ['s', { serializer: 'yaml' }, "serializer is 'yaml'; write 'json', 'json_allow_marshal'"],
    ['s', { serializer: { dump: String } }, 'serializer is an object; write'],
    ['s', { urlSafe: 1 }, 'urlSafe is 1; write true or false'],
    ['s', { url_safe: true }, 'unknown option url_safe; did you mean urlSafe?'],
    ['s', { cipher: 'aes-256-gcm' }, 'unknown option cipher'],
    ['s', { rotations: {} }, 'rotations is an object; write an array'],
    ['s', { rotations: [{ secret: '' }] }, 'MessageVerifier: rotations[0]: the secret is no string'],
    ['s', { rotations: [{}, { salt: 'x' }] }, 'MessageVerifier: rotations[1]: unknown option salt'],
    ['s', { backend: 'js' }, "backend is 'js'"],
    ['s', { now: 1 }, 'now is 1; write a function'],
  ])('%o %o', (secret, given, expected) => {
    expect(() => new MessageVerifier(secret as string, given)).toThrow(ConfigError)
    expect(() => new MessageVerifier(secret as string, given)).toThrow(expected)
  })
})

it('parseCookies is here too', () => {
  expect(parseCookies('a=b+c; d').get('a')).toBe('b c')
})
