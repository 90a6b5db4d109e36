import { describe, expect, it } from 'vitest'
import { envelopeTail, expiryTime, parseEnvelope, purposeText } from '../../../src/messages/metadata.ts'

const escapes = { escapeHtmlEntities: true, escapeJsSeparators: true }

describe('envelopeTail', () => {
  it('is what Rails writes behind the message', () => {
    // The plaintext of a cookie `_app_session` of Rails 8.1.
    expect(envelopeTail(null, 'cookie._app_session', escapes)).toBe('","exp":null,"pur":"cookie._app_session"}}')
    expect(envelopeTail(new Date(Date.UTC(2026, 10, 23, 13)), 'cookie.exp_c', escapes)).toBe(
      '","exp":"2026-11-23T13:00:00.000Z","pur":"cookie.exp_c"}}',
    )
    expect(envelopeTail(new Date(0), null, escapes)).toBe('","exp":"1970-01-01T00:00:00.000Z","pur":null}}')
  })

  it('escapes as Rails is told to', () => {
    expect(envelopeTail(null, '<&>\u2028', escapes)).toContain('"pur":"\\u003c\\u0026\\u003e\\u2028"')
    const none = { escapeHtmlEntities: false, escapeJsSeparators: false }
    expect(envelopeTail(null, '<&>\u2028', none)).toContain('"pur":"<&>\u2028"')
  })
})

describe('parseEnvelope', () => {
  const message = (text: string): string => `{"_rails":{"message":${text}}}`

  it('decodes the message', () => {
    expect(parseEnvelope('{"_rails":{"message":"eyJhIjoxfQ==","exp":null,"pur":5},"x":1}', false)).toEqual({
      payload: { text: '{"a":1}', bytes: false },
      exp: null,
      pur: 5,
    })
    expect(parseEnvelope(message('"/w=="'), false)?.payload).toEqual({ text: '\u00FF', bytes: true })
    expect(parseEnvelope(message('""'), false)?.payload).toEqual({ text: '', bytes: false })
  })

  it('takes url-safe and unpadded base64 of a signed message only', () => {
    const lax = ['"eyJhIjoxfQ"', '"_w"', '"_w=="', '"-_-_"']
    expect(lax.filter((text) => parseEnvelope(message(text), false) !== null)).toEqual([])
    expect(lax.filter((text) => parseEnvelope(message(text), true) === null)).toEqual([])
    expect(parseEnvelope(message('"+-+-"'), true)?.payload.text).toBe(
      parseEnvelope(message('"++++"'), true)?.payload.text,
    )
  })

  it.each(['"!!"', '"eyJhIjoxfR=="', '"e30"x', '"e30=\\n"', 'null', '5', '["e30="]', '"e30= "', '"e"', '"e30=="'])(
    'refuses the message %s',
    (text) => {
      expect(parseEnvelope(message(text), true)).toBeNull()
    },
  )

  it.each([
    '{"_rails":{"message":"e30="}} x',
    '{"_rails":{"message":"e30="}',
    '{"_rails":{"message":"e30="},"_rails":null}',
    '{"_rails":{"message":"e30="},"_rails":["message"]}',
    '{"_rails":{"message":"e30="},"a":1,}',
  ])('refuses %s', (text) => {
    expect(parseEnvelope(text, true)).toBeNull()
  })
})

describe('expiryTime', () => {
  it('is a time, none, or NaN for what Rails raises on', () => {
    expect([null, undefined, false].map(expiryTime)).toEqual([null, null, null])
    expect(expiryTime('2026-11-23T12:00:00.000Z')).toBe(Date.UTC(2026, 10, 23, 12))
    for (const exp of ['', 'garbage', '2099-01-01', true, {}, []]) expect(expiryTime(exp)).toBeNaN()
  })

  it('takes a number for the number of a Julian day, as Ruby compares it with a Time', () => {
    expect(expiryTime(2_440_588)).toBe(Date.UTC(1970, 0, 1, 12))
    expect(expiryTime(0)).toBeLessThan(0)
    expect(expiryTime(10n ** 30n)).toBeGreaterThan(Date.UTC(9999, 0))
  })
})

describe('purposeText', () => {
  it("is Ruby's to_s", () => {
    expect(['a', '', null, undefined, 5, 5n, true, false].map(purposeText)).toEqual([
      'a',
      '',
      '',
      '',
      '5',
      '5',
      'true',
      'false',
    ])
  })

  it('of an Array or Hash is no purpose that a cookie could have', () => {
    for (const pur of [[], {}, ['cookie.a']]) expect(purposeText(pur)).not.toMatch(/^$|^cookie\./)
  })
})
