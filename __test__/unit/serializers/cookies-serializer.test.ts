import { describe, expect, it } from 'vitest'
import { UnserializableValueError } from '../../../src/errors.ts'
import { SERIALIZERS } from '../../../src/rails/names.ts'
import { RubySafeBuffer } from '../../../src/ruby/safe-buffer.ts'
import { cookiesSerializer } from '../../../src/serializers/cookies-serializer.ts'
import { payloadFromBytes } from '../../../src/serializers/payload.ts'
import type {
  CookiesSerializerName,
  Loaded,
  Payload,
  RewritingSerializer,
} from '../../../src/serializers/serializer.ts'

const json = { escapeHtmlEntities: true, escapeJsSeparators: true, dialect: 'active_support' } as const
const serializer = (name: CookiesSerializerName): RewritingSerializer =>
  cookiesSerializer(name, { ...json, railsVersion: '8.1' })
const text = (value: string): Payload => ({ text: value, bytes: false })

const MARSHAL = text('\u0004\u0008T')
const MARSHAL_BYTES = payloadFromBytes(Uint8Array.of(4, 8, 0x22, 6, 0xff))
// CC 80 C3, which is UTF-8 no more; and CC 80 01, which is.
const MESSAGE_PACK = payloadFromBytes(Uint8Array.of(0xcc, 0x80, 0xc3))
const MESSAGE_PACK_TEXT = payloadFromBytes(Uint8Array.of(0xcc, 0x80, 0x01))

function outcome(loaded: Loaded): unknown {
  return loaded.ok ? loaded.value : loaded.reason
}

describe.each(SERIALIZERS)('%s', (name) => {
  const { load, reserializes, typed } = serializer(name)

  it('reads JSON, by its first characters', () => {
    for (const value of ['{"a":1}', '[]', '"x"', '1', '-1', 'true', 'false', 'null']) {
      expect(outcome(load(text(value), false))).toEqual(JSON.parse(value))
      expect(outcome(load(text(value), true))).toEqual(JSON.parse(value))
    }
    expect(load(text('1'), false)).toMatchObject({ ok: true, format: 'json' })
    expect(typed(text('[1.0]'))).toMatchObject([{ $: 'float', v: '1.0' }])
  })

  it('tries JSON on anything else if it is of the JSON family', () => {
    const assumes = name.startsWith('json') || name === 'hybrid'
    expect(outcome(load(text(' 1'), false))).toBe(assumes ? 1 : 'unsupported_serializer')
    expect(outcome(load(text('/**/1'), false))).toBe(assumes ? 1 : 'unsupported_serializer')
    expect(outcome(load(text('words'), false))).toBe(assumes ? 'undecodable' : 'unsupported_serializer')
    expect(outcome(load(text(''), false))).toBe(assumes ? 'undecodable' : 'unsupported_serializer')
    expect(outcome(load(text('+1'), false))).toBe(assumes ? 'undecodable' : 'unsupported_serializer')
  })

  it('reads Marshal where it may', () => {
    const reads = name !== 'json' && name !== 'message_pack'
    expect(outcome(load(MARSHAL, false))).toBe(reads ? true : 'unsupported_serializer')
    expect(outcome(load(MARSHAL_BYTES, false))).toEqual(reads ? Uint8Array.of(0xff) : 'unsupported_serializer')
    if (!reads) return
    expect(load(MARSHAL, false)).toEqual({ ok: true, value: true, format: 'marshal' })
    expect(typed(MARSHAL_BYTES)).toEqual({ $: 'string', enc: 'ASCII-8BIT', b64: '/w==' })
    expect(outcome(load(text('\u0004\u0008'), false))).toBe('undecodable')
    // Ruby would read it, but Rails looks at the first two bytes.
    const assumes = name === 'hybrid' || name.startsWith('json')
    expect(outcome(load(text('\u0004\u0007T'), false))).toBe(assumes ? 'undecodable' : 'unsupported_serializer')
  })

  it('reads MessagePack', () => {
    expect(load(MESSAGE_PACK, false)).toEqual({ ok: true, value: true, format: 'message_pack' })
    expect(load(MESSAGE_PACK_TEXT, false)).toEqual({ ok: true, value: 1, format: 'message_pack' })
    expect(typed(payloadFromBytes(Uint8Array.of(0xcc, 0x80, 0xd4, 0, 0x61)))).toEqual({ $: 'symbol', v: 'a' })
    expect(outcome(load(payloadFromBytes(Uint8Array.of(0xcc, 0x80)), false))).toBe('undecodable')
    // 128 again, in a form that Rails does not write.
    const recognised = name.startsWith('json') || name === 'hybrid' ? 'undecodable' : 'unsupported_serializer'
    expect(outcome(load(payloadFromBytes(Uint8Array.of(0xcd, 0, 0x80, 0xc3)), false))).toBe(recognised)
  })

  it('would write again what is in another format, but for :marshal', () => {
    const own = name.startsWith('message_pack') ? 'message_pack' : name === 'marshal' ? 'marshal' : 'json'
    expect(reserializes(text('1'))).toBe(own === 'message_pack')
    expect(reserializes(text(' 1'))).toBe(own !== 'marshal')
    expect(reserializes(MARSHAL)).toBe(own !== 'marshal')
    expect(reserializes(MESSAGE_PACK)).toBe(own === 'json')
    expect(reserializes(MESSAGE_PACK_TEXT)).toBe(own === 'json')
  })
})

describe('writing', () => {
  it.each(['json', 'json_allow_marshal', 'hybrid'] as const)('%s is JSON', (name) => {
    expect(serializer(name).dump({ a: '<' })).toEqual(text('{"a":"\\u003c"}'))
  })

  it.each(['message_pack', 'message_pack_allow_marshal'] as const)('%s is MessagePack', (name) => {
    expect(serializer(name).dump({ a: 1 })).toEqual({ text: '\u00cc\u0080\u0081\u00a1a\u0001', bytes: true })
  })

  it('marshal is Marshal, for the Rails on the other side', () => {
    expect(serializer('marshal').dump({ a: 1 })).toEqual({
      text: '\u0004\b{\u0006I"\u0006a\u0006:\u0006ETi\u0006',
      bytes: true,
    })
    const old = cookiesSerializer('marshal', { ...json, railsVersion: '7.2' })
    expect(old.dump(new RubySafeBuffer('')).text).toContain('@html_safe')
    expect(serializer('marshal').dump(new RubySafeBuffer('')).text).not.toContain('@html_safe')
  })

  it('says what cannot be written', () => {
    for (const name of SERIALIZERS) expect(() => serializer(name).dump(() => 1)).toThrow(UnserializableValueError)
  })
})

describe('JSON', () => {
  it('is undecodable where it is not UTF-8', () => {
    expect(serializer('json').load(payloadFromBytes(Uint8Array.of(0x22, 0xff, 0x22)), false)).toEqual({
      ok: false,
      reason: 'undecodable',
    })
  })

  it('is written in the dialect that is asked for', () => {
    const gem = cookiesSerializer('json', { ...json, dialect: 'json_gem', railsVersion: '4.1' })
    expect(gem.dump({ a: '<\u2028' })).toEqual(text('{"a":"<\u2028"}'))
    const plain = { ...json, escapeHtmlEntities: false, escapeJsSeparators: false }
    const raw = cookiesSerializer('json', { ...plain, railsVersion: '8.1' })
    expect(raw.dump('<\u2028')).toEqual(text('"<\u2028"'))
  })
})
