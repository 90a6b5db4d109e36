import { describe, expect, it } from 'vitest'
import { SealFlag } from '../../src/backend/backend.ts'
import { open, parseAnswer } from './answer.ts'
import { backends } from './backends.ts'
import { keyBytes, schemeOf, sign, SPECS } from './crafted.ts'

const envelope = (message: string, exp: string, pur: string): string =>
  `{"_rails":{"message":"${message}","exp":${exp},"pur":${pur}}}`

describe.each([...backends])('$name backend', (backend) => {
  const keyring = backend.keyring([schemeOf(backend, SPECS.signed)])
  const openSigned = (plaintext: string | Buffer) =>
    open(keyring, sign(Buffer.from(plaintext as string).toString('base64'), SPECS.signed), false, 0)

  describe('answers', () => {
    it.each([
      ['a', '\x00\x00\x04\x00\x00a'],
      ['[1]', '\x00\x00\x04\x00\x00[1]'],
      ['{"n":-0}', '\x00\x00\x00\x00\x00{"n":-0}'],
      [envelope('WzFd', 'null', 'null'), '\x00\x00\x06\x00\x00[1]'],
      [envelope('WzFd', 'null', '"cookie.a"'), '\x00\x00\x06\x00\x08[1]cookie.a'],
      [envelope('WzFd', '"2026-11-23T13:00:00.000Z"', '"p"'), '\x00\x00\x06\x18\x01[1]2026-11-23T13:00:00.000Zp'],
      [envelope('LTA=', '"e"', 'null'), '\x00\x00\x02\x01\x00-0e'],
      [envelope('', '"e"', '"p"'), '\x00\x00\x06\x01\x01ep'],
      [envelope('/w==', 'null', '"p"'), '\x00\x00\x03\x00\x01\xffp'],
      [Buffer.from('ff00', 'hex'), '\x00\x00\x01\x00\x00\xff\x00'],
    ])('packs %j', (plaintext, answer) => {
      expect(openSigned(plaintext)).toBe(answer)
    })
  })

  describe('envelopes', () => {
    const message = 'eyJhIjoxfQ=='
    const printable = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 0x20 + index))
    const allowed = printable.replaceAll(/["\\]/g, '')

    it.each([
      ['null', 'null', '', ''],
      ['"e"', 'null', 'e', ''],
      ['null', '"p"', '', 'p'],
      ['"null"', '"true"', 'null', 'true'],
      [`"${allowed}"`, `"${allowed}"`, allowed, allowed],
      [`"${'x'.repeat(127)}"`, `"${'y'.repeat(127)}"`, 'x'.repeat(127), 'y'.repeat(127)],
      ['" "', '"}}"', ' ', '}}'],
      ['",\'pur\':null}}"', '"a,b:c"', ",'pur':null}}", 'a,b:c'],
    ])('takes one apart whose exp is %s and pur %s', (exp, pur, expText, purText) => {
      expect(parseAnswer(openSigned(envelope(message, exp, pur)))).toEqual({
        status: 'OK',
        scheme: 0,
        flags: 'ENVELOPE PLAIN_JSON',
        payload: '{"a":1}',
        exp: expText,
        pur: purText,
      })
    })

    const canonical = envelope(message, '"e"', '"p"')
    it.each([
      ['trailing space', `${canonical} `],
      ['trailing newline', `${canonical}\n`],
      ['trailing NUL', `${canonical}\0`],
      ['leading space', ` ${canonical}`],
      ['byte order mark', `\ufeff${canonical}`],
      ['doubled', canonical + canonical],
      ['third brace', `${canonical}}`],
      ['brace missing', canonical.slice(0, -1)],
      ['cut off after message', canonical.slice(0, 40)],
      ['no message', '{"_rails":{"message":"'],
      ['space after a colon', canonical.replace('"exp":', '"exp": ')],
      ['space after a comma', canonical.replace(',"pur"', ', "pur"')],
      ['order', `{"_rails":{"message":"${message}","pur":null,"exp":null}}`],
      ['no exp', `{"_rails":{"message":"${message}","pur":null}}`],
      ['no pur', `{"_rails":{"message":"${message}","exp":null}}`],
      ['another key', canonical.replace('}}', ',"x":1}}')],
      ['data instead of message', canonical.replace('message', 'data')],
      ['another key beside _rails', canonical.replace(/\}$/, ',"x":1}')],
      ['exp false', envelope(message, 'false', 'null')],
      ['exp a number', envelope(message, '1', 'null')],
      ['exp empty', envelope(message, '""', 'null')],
      ['pur empty', envelope(message, 'null', '""')],
      ['pur a number', envelope(message, 'null', '1')],
      ['pur absent', envelope(message, 'null', '')],
      ['pur Null', envelope(message, 'null', 'Null')],
      ['exp of 128 characters', envelope(message, `"${'x'.repeat(128)}"`, 'null')],
      ['pur of 128 characters', envelope(message, 'null', `"${'x'.repeat(128)}"`)],
      ['an escape in pur', envelope(message, 'null', '"a\\u003cb"')],
      ['an escaped quote in pur', envelope(message, 'null', '"a\\"b"')],
      ['a backslash in exp', envelope(message, '"\\"', 'null')],
      ['DEL in pur', envelope(message, 'null', '"\x7f"')],
      ['a control character in pur', envelope(message, 'null', '"\x1f"')],
      ['a newline in exp', envelope(message, '"a\nb"', 'null')],
      ['non-ASCII pur', envelope(message, 'null', '"cookie.é"')],
      ['message null', canonical.replace(`"${message}"`, 'null')],
      ['message unpadded', envelope('eyJhIjoxfQ', 'null', 'null')],
      ['message with too much padding', envelope('eyJhIjoxfQ===', 'null', 'null')],
      ['message url-safe', envelope('Pz8_', 'null', 'null')],
      ['message with trailing bits', envelope('eyJhIjoxfR==', 'null', 'null')],
      ['message with a space', envelope('eyJh IjoxfQ==', 'null', 'null')],
      ['message with an escape', envelope('eyJhIjoxfQ=\\u003d', 'null', 'null')],
      ['message not ASCII', envelope('eyJhIjoxfQé=', 'null', 'null')],
    ])('takes for the payload what is not canonical: %s', (_, plaintext) => {
      expect(parseAnswer(openSigned(plaintext))).toEqual({
        status: 'OK',
        scheme: 0,
        // oxlint-disable-next-line no-control-regex -- they are what is looked for
        flags: /[\0-\x1f]/.test(plaintext) ? '' : 'PLAIN_JSON',
        payload: plaintext,
        exp: '',
        pur: '',
      })
    })

    it('takes for the payload an envelope that is not UTF-8', () => {
      const plaintext = Buffer.concat([Buffer.from(canonical), Buffer.from([0xff])])
      expect(parseAnswer(openSigned(plaintext))).toMatchObject({
        flags: 'BYTES',
        payload: plaintext.toString('latin1'),
      })
    })
  })

  describe('plain JSON', () => {
    it.each([
      ['{"a":1}', true],
      ['123456789012345', true],
      ['1234567890123456', false],
      ['{"n":123456789012345}', true],
      ['{"n":1234567890123456}', false],
      [`${'x'.repeat(9)}1234567890123456`, false],
      ['12345678901234567890', false],
      ['"1234567890123456"', false],
      ['12345678.90123456', true],
      ['123456789012345a1234567890123456', false],
      ['123456789012345a123456789012345a', true],
      ['１２３４５６７８９０１２３４５６', true],
      ['-0', false],
      ['-0.0', false],
      ['-01', false],
      ['-1', true],
      ['0-0', true],
      ['1e-0', true],
      ['"-0"', true],
      ['"a-0"', true],
      ['{"a":-0}', false],
      ['[-0]', false],
      ['[1,-0]', false],
      ['[1, -0]', false],
      ['[1,\t-0]', false],
      ['[1,\n-0]', false],
      ['[1,\r-0]', false],
      ['[1,\f-0]', false],
      ['"a\tb"', false],
      ['"a\0b"', false],
      ['"a\x1fb"', false],
      ['"a\x7fb"', true],
      ['"x:-0"', false],
      ['-', true],
      ['"--0"', true],
      ['"\\ud83d\\ude00"', false],
      ['"\\uD83D"', false],
      ['"\\u00e9"', true],
      ['"\\Ud83d"', true],
      ['"\\u"', true],
      ['"\\\\ud"', false],
      ['\\u', true],
      ['['.repeat(100), true],
      ['['.repeat(101), false],
      ['{'.repeat(101), false],
      ['[{'.repeat(50), true],
      [`${'[{'.repeat(50)}[`, false],
      [`${'[]'.repeat(100)}`, true],
      [`${'[]'.repeat(101)}`, false],
      [']'.repeat(200), true],
      ['"日本語"', true],
      ['{"日":-0}', false],
    ])('%j: %s', (text, plain) => {
      expect(parseAnswer(openSigned(text))).toMatchObject({ flags: plain ? 'PLAIN_JSON' : '', payload: text })
      const inEnvelope = envelope(Buffer.from(text).toString('base64'), 'null', '"p"')
      expect(parseAnswer(openSigned(inEnvelope))).toMatchObject({
        flags: plain ? 'ENVELOPE PLAIN_JSON' : 'ENVELOPE',
        payload: text,
      })
    })

    it('is an empty payload, too', () => {
      expect(openSigned(envelope('', 'null', '"p"'))).toBe('\x00\x00\x06\x00\x01p')
    })

    it('finds 16 digits at any position, and no 15', () => {
      for (let before = 0; before < 40; before++) {
        for (const after of [0, 1, 15, 16, 17]) {
          const around = (digits: string) => 'x'.repeat(before) + digits + 'x'.repeat(after)
          expect(parseAnswer(openSigned(around('9'.repeat(15))))).toMatchObject({ flags: 'PLAIN_JSON' })
          expect(parseAnswer(openSigned(around('0'.repeat(16))))).toMatchObject({ flags: '' })
          expect(parseAnswer(openSigned(around('5'.repeat(40))))).toMatchObject({ flags: '' })
        }
      }
    })
  })

  describe('text and bytes', () => {
    const VALID = [
      'é',
      'ÿ',
      '日本語',
      '\u{1f600}',
      '\ufffd',
      'a\ufffdb',
      '\ufeff',
      '\ufeff{"a":1}',
      '\x7f',
      '\u{10ffff}',
      '\u2028',
    ]
    it.each(VALID)('gives UTF-8 as text, whole: %j', (text) => {
      expect(parseAnswer(openSigned(text))).toMatchObject({ flags: 'PLAIN_JSON', payload: text })
      expect(parseAnswer(openSigned(envelope(Buffer.from(text).toString('base64'), 'null', 'null')))).toMatchObject({
        flags: 'ENVELOPE PLAIN_JSON',
        payload: text,
      })
    })

    const INVALID = [
      'ff',
      '80',
      'c3',
      'c3a9c3',
      'c080',
      'eda080',
      'edb080',
      'f4908080',
      'f8888080',
      'e697a5e697',
      '0408c328',
      '0408',
      '04087b00',
      '0408490a22c3a9',
      'cc80',
      'cc8081a16101',
    ]
    it.each(INVALID)('gives other bytes one character each: %s', (hex) => {
      const bytes = Buffer.from(hex, 'hex')
      expect(parseAnswer(openSigned(bytes))).toMatchObject({ flags: 'BYTES', payload: bytes.toString('latin1') })
      expect(parseAnswer(openSigned(envelope(bytes.toString('base64'), 'null', '"p"')))).toMatchObject({
        flags: 'BYTES ENVELOPE',
        payload: bytes.toString('latin1'),
        pur: 'p',
      })
    })
  })

  describe.each(Object.entries(SPECS))('sealing with %s', (_, spec) => {
    const sealer = backend.keyring([schemeOf(backend, spec)])
    const reopen = (payload: string, tail: string, flags: number) =>
      parseAnswer(open(sealer, sealer.seal(payload, tail, flags), (flags & SealFlag.ESCAPE) !== 0, 0))

    it.each(['a', '{"a":"é"}', '日本語', '\ufeffa', '\u{1f600}', 'x'.repeat(5000), 'é'.repeat(40_000)])(
      'takes text %#',
      (payload) => {
        expect(reopen(payload, '', 0)).toMatchObject({ flags: 'PLAIN_JSON', payload, exp: '', pur: '' })
        expect(reopen(payload, '","exp":null,"pur":"cookie.a"}}', SealFlag.ESCAPE)).toMatchObject({
          flags: 'ENVELOPE PLAIN_JSON',
          payload,
          exp: '',
          pur: 'cookie.a',
        })
      },
    )

    it('takes bytes', () => {
      const payload = String.fromCharCode(...Array(256).keys())
      for (const flags of [SealFlag.BYTES, SealFlag.BYTES | SealFlag.ESCAPE]) {
        expect(reopen(payload, '', flags)).toMatchObject({ flags: 'BYTES', payload })
        expect(reopen(payload, '","exp":"e","pur":null}}', flags)).toMatchObject({
          flags: 'BYTES ENVELOPE',
          payload,
          exp: 'e',
          pur: '',
        })
      }
      // Bytes that are UTF-8 come back as the text they are.
      expect(reopen('\xc3\xa9', '', SealFlag.BYTES)).toMatchObject({ flags: 'PLAIN_JSON', payload: 'é' })
      expect(reopen('\xc3\xa9', '', 0)).toMatchObject({ flags: 'PLAIN_JSON', payload: '\xc3\xa9' })
    })

    it('refuses bytes that are none, and an IV of another length', () => {
      expect(() => sealer.seal('a\u0100', '', SealFlag.BYTES)).toThrow(RangeError)
      expect(() => sealer.sealWithIv('a', '', 0, keyBytes(15, 1))).toThrow(RangeError)
    })

    it('replaces lone surrogates', () => {
      expect(reopen('a\ud800b', '', 0)).toMatchObject({ payload: 'a\ufffdb' })
    })

    it('takes any tail, also one of other characters', () => {
      const payload = '{"_rails":{"message":"YQ==","exp":null,"pur":"cookie.é"}}'
      expect(reopen('a', '","exp":null,"pur":"cookie.é"}}', 0)).toMatchObject({ flags: 'PLAIN_JSON', payload })
    })

    it('writes its own alphabet', () => {
      // Two lengths, as the padding of one may be nothing.
      for (const length of [256, 257]) {
        const payload = String.fromCharCode(...Array.from({ length }, (__, index) => index % 256))
        expect(sealer.seal(payload, '', SealFlag.BYTES)).toMatch(spec.urlSafe ? /^[\w-]+$/ : /^[A-Za-z0-9+/=-]+$/)
      }
    })

    it('draws an IV for every message', () => {
      const messages = Array.from({ length: 50 }, () => sealer.seal('payload', '', 0))
      expect(new Set(messages).size).toBe(spec.kind === 'signed' ? 1 : 50)
    })

    it('seals under a given IV', () => {
      const iv = keyBytes(spec.kind === 'signed' ? 0 : spec.kind === 'cbc' ? 16 : 12, 60)
      const message = sealer.sealWithIv('payload', '', 0, iv)
      expect(sealer.sealWithIv('payload', '', 0, iv)).toBe(message)
      expect(parseAnswer(open(sealer, message, false, 0))).toMatchObject({ payload: 'payload' })
    })
  })
})
