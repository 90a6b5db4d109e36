import { describe, expect, it } from 'vitest'
import { statusOf, open } from './answer.ts'
import { backends } from './backends.ts'
import { encryptAead, encryptCbc, keyBytes, type SchemeSpec, schemeOf, sign, signInner, SPECS } from './crafted.ts'

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const urlSafe = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

const flipped = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from(bytes, (byte, index) => (index === 0 ? byte ^ 1 : byte))

/** Bytes whose base64 has characters of both alphabets: `-_8=` or `+/8=`. */
const SPECIAL = Buffer.from('fbff', 'hex')

describe.each([...backends])('$name backend', (backend) => {
  const keyringOf = (spec: SchemeSpec) => backend.keyring([schemeOf(backend, spec)])
  const status = (spec: SchemeSpec, message: string) => statusOf(open(keyringOf(spec), message, false, 0))

  describe.each([SPECS.signed, SPECS.signedUrlSafe])('signed, urlSafe $urlSafe', (spec) => {
    const mac = sign('YQ==', spec).slice('YQ==--'.length)

    it.each([
      ['nothing', ''],
      ['one dash', '-'],
      ['a separator', '--'],
      ['no separator', `YQ==${mac}`],
      ['a single dash', `YQ==-${mac}`],
      ['another separator', `YQ==+-${mac}`],
      ['no data', sign('', spec)],
      ['only a MAC', mac],
      ['a short MAC', `YQ==--${mac.slice(1)}`],
      ['half a MAC', `YQ==--${mac.slice(0, mac.length / 2)}`],
      ['a long MAC', `YQ==--${mac}0`],
      ['another part', `YQ==--${mac}--YQ==`],
      ['a separator after it', `YQ==--${mac}--`],
      ['a newline after it', `YQ==--${mac}\n`],
      ['plain text', 'not a cookie'],
    ])('answers MALFORMED to %s', (_, message) => {
      expect(status(spec, message)).toBe('MALFORMED')
    })

    it.each([
      ['upper-case hex', `YQ==--${mac.toUpperCase()}`],
      ['a MAC of zeros', `YQ==--${'0'.repeat(mac.length)}`],
      ['a MAC that is not hex', `YQ==--${'z'.repeat(mac.length)}`],
      ['a MAC that is not ASCII', `YQ==--${'é'.repeat(mac.length / 2)}`],
      ['other data', `YR==--${mac}`],
      ['a part in front', `x--YQ==--${mac}`],
      ['a space in front', ` YQ==--${mac}`],
      ['a MAC under another key', sign('YQ==', { ...spec, key: keyBytes(64, 77) })],
    ])('answers UNAUTHENTICATED to %s', (_, message) => {
      expect(status(spec, message)).toBe('UNAUTHENTICATED')
    })

    it.each([
      'Y',
      'YQ=',
      'YQ===',
      '=',
      '====',
      'YR==',
      'YR',
      'YWJ=',
      'YWJ',
      'YQ==YQ==',
      'YQ==\n',
      'YWJj\n',
      'YW Jj',
      ' YWJj',
      'YWJj!',
      'YW%4a',
      'YQ==--x',
      '-',
      ' ',
      'é',
      'YWJé',
      '\u{1f600}',
      '\0',
    ])('answers UNDECODABLE to the signed data %j', (data) => {
      expect(status(spec, sign(data, spec))).toBe('UNDECODABLE')
    })

    it.each([
      ['YQ==', 'a'],
      ['YQ', 'a'],
      ['YWI=', 'ab'],
      ['YWI', 'ab'],
      ['YWJj', 'abc'],
      ['Pz8/Pj4+', '???>>>'],
      ['Pz8_Pj4-', '???>>>'],
      ['Pz8_Pj4+fg', '???>>>~'],
    ])('opens the signed data %j in either alphabet, padded or not', (data, payload) => {
      expect(open(keyringOf(spec), sign(data, spec), false, 0)).toBe(`\x00\x00\x04\x00\x00${payload}`)
    })
  })

  describe('aes-256-cbc', () => {
    const spec = SPECS.cbc
    const iv = keyBytes(16, 50)
    const ciphertext = base64(encryptCbc(spec, Buffer.from('payload'), iv))

    it('opens what the tests below take apart', () => {
      expect(open(keyringOf(spec), signInner(spec, `${ciphertext}--${base64(iv)}`), false, 0)).toBe(
        '\x00\x00\x04\x00\x00payload',
      )
    })

    it('opens an empty plaintext', () => {
      const empty = base64(encryptCbc(spec, Buffer.alloc(0), iv))
      expect(open(keyringOf(spec), signInner(spec, `${empty}--${base64(iv)}`), false, 0)).toBe('\x00\x00\x04\x00\x00')
    })

    it('takes unpadded data in the outer layer', () => {
      const data = urlSafe(Buffer.from(`${ciphertext}--${base64(iv)}`))
      const message = sign(data, { key: spec.signKey, digest: spec.digest })
      expect(open(keyringOf(spec), message, false, 0)).toBe('\x00\x00\x04\x00\x00payload')
    })

    it.each([
      ['one character', 'x'],
      ['only an IV', base64(iv)],
      ['no IV', ciphertext],
      ['an empty IV', `${ciphertext}--`],
      ['a single dash', `${ciphertext}-${base64(iv)}`],
      ['an IV of 8 bytes', `${ciphertext}--${base64(iv.subarray(0, 8))}`],
      ['an IV of 15 bytes', `${ciphertext}--${base64(iv.subarray(0, 15))}`],
      ['an IV of 17 bytes', `${ciphertext}--${base64(keyBytes(17, 1))}`],
      ['an IV of 18 bytes', `${ciphertext}--${base64(keyBytes(18, 1))}`],
      ['an unpadded IV', `${ciphertext}--${urlSafe(iv)}`],
      ['trailing bits in the IV', `${ciphertext}--${base64(iv).slice(0, -3)}9==`],
      ['an IV that is not base64', `${ciphertext}--${'!'.repeat(24)}`],
      ['a newline after the IV', `${ciphertext}--${base64(iv)}\n`],
      ['a part after the IV', `${ciphertext}--${base64(iv)}--YQ==`],
      ['a part in front', `YQ==--${ciphertext}--${base64(iv)}`],
      ['unpadded ciphertext', `${ciphertext.replace(/=+$/, '')}--${base64(iv)}`],
      ['a ciphertext that is not base64', `%%%%--${base64(iv)}`],
      ['bytes that are not ASCII', `\xff\xff\xff\xff--${base64(iv)}`],
    ])('answers UNDECODABLE to %s under a right MAC', (_, inner) => {
      expect(status(spec, signInner(spec, inner))).toBe('UNDECODABLE')
    })

    it('answers UNDECODABLE to data that is not base64 under a right MAC', () => {
      expect(status(spec, sign('YR==', { key: spec.signKey, digest: spec.digest }))).toBe('UNDECODABLE')
    })

    it.each([
      ['an empty ciphertext', Buffer.alloc(0)],
      ['15 bytes', Buffer.alloc(15)],
      ['17 bytes', Buffer.alloc(17)],
      ['a good ciphertext and a byte', Buffer.concat([encryptCbc(spec, Buffer.from('payload'), iv), Buffer.alloc(1)])],
      ['padding of 0', encryptCbc(spec, Buffer.alloc(16), iv, false)],
      ['padding of 17', encryptCbc(spec, Buffer.alloc(16, 17), iv, false)],
      ['padding of 17 in two blocks', encryptCbc(spec, Buffer.alloc(32, 17), iv, false)],
      ['padding of 255', encryptCbc(spec, Buffer.alloc(16, 255), iv, false)],
      ['padding 1 2', encryptCbc(spec, Buffer.from('abcdefghijklmn\x01\x02'), iv, false)],
      ['padding 2 3 3', encryptCbc(spec, Buffer.from('abcdefghijklm\x02\x03\x03'), iv, false)],
      ['padding 15 x 16', encryptCbc(spec, Buffer.from(`a${'\x10'.repeat(15)}`), iv, false)],
    ])('answers UNAUTHENTICATED to %s under a right MAC', (_, bytes) => {
      expect(status(spec, signInner(spec, `${base64(bytes)}--${base64(iv)}`))).toBe('UNAUTHENTICATED')
    })

    it('opens a block of padding after a full block', () => {
      const bytes = encryptCbc(spec, Buffer.from(`sixteen letters!${'\x10'.repeat(16)}`), iv, false)
      expect(open(keyringOf(spec), signInner(spec, `${base64(bytes)}--${base64(iv)}`), false, 0)).toBe(
        '\x00\x00\x04\x00\x00sixteen letters!',
      )
    })

    it('answers UNAUTHENTICATED before it looks inside', () => {
      const wrong = { ...spec, signKey: keyBytes(64, 77) }
      for (const inner of ['x', `${ciphertext}--`, `${ciphertext}--${base64(iv)}`]) {
        expect(status(spec, signInner(wrong, inner))).toBe('UNAUTHENTICATED')
      }
    })
  })

  describe.each([SPECS.gcm, SPECS.gcmUrlSafe, SPECS.chacha])('$cipher', (spec) => {
    const iv = keyBytes(12, 51)
    const { ciphertext, tag } = encryptAead(spec, Buffer.from('payload'), iv)
    const encode = spec.urlSafe ? urlSafe : base64
    const message = (...parts: readonly Uint8Array[]) => parts.map(encode).join('--')

    it('opens what the tests below take apart', () => {
      expect(open(keyringOf(spec), message(ciphertext, iv, tag), false, 0)).toBe('\x00\x00\x04\x00\x00payload')
    })

    it.each([...Array(16).keys(), 17, 18, 19, 24, 32])('refuses a tag of %d bytes', (length) => {
      const tagOfLength = Buffer.concat([tag, Buffer.alloc(16)]).subarray(0, length)
      expect(status(spec, message(ciphertext, iv, tagOfLength))).toBe('MALFORMED')
    })

    it.each([0, 1, 8, 10, 11, 13, 14, 15, 16])('refuses an IV of %d bytes', (length) => {
      expect(status(spec, message(ciphertext, keyBytes(length, 51), tag))).toBe('MALFORMED')
    })

    // GCM can be sealed under an IV of any length; Node.js offers no such thing for ChaCha20-Poly1305.
    const sealable = spec.cipher === 'chacha20-poly1305' ? [] : [8, 10, 11, 13, 16]
    it.each(sealable)('refuses what was sealed under an IV of %d bytes', (length) => {
      const sealed = encryptAead(spec, Buffer.from('payload'), keyBytes(length, 51))
      expect(status(spec, message(sealed.ciphertext, keyBytes(length, 51), sealed.tag))).toBe('MALFORMED')
    })

    it('refuses an empty ciphertext', () => {
      const empty = encryptAead(spec, Buffer.alloc(0), iv)
      expect(status(spec, message(empty.ciphertext, iv, empty.tag))).toBe('MALFORMED')
    })

    it.each([
      ['nothing', ''],
      ['two dashes', '--'],
      ['four dashes', '----'],
      ['plain text', 'not a cookie'],
      ['two parts', `${encode(ciphertext)}--${encode(tag)}`],
      ['no ciphertext', `${encode(iv)}--${encode(tag)}`],
      ['single dashes', `${encode(ciphertext)}-${encode(iv)}-${encode(tag)}`],
      ['a fourth part', `${encode(ciphertext)}--${encode(iv)}--${encode(tag)}--YQ==`],
      ['a separator after it', `${encode(ciphertext)}--${encode(iv)}--${encode(tag)}--`],
      ['a part in front', `YQ==--${encode(ciphertext)}--${encode(iv)}--${encode(tag)}`],
      ['swapped parts', `${encode(ciphertext)}--${encode(tag)}--${encode(iv)}`],
      ['a newline after it', `${encode(ciphertext)}--${encode(iv)}--${encode(tag)}\n`],
      ['a newline in the ciphertext', `${encode(ciphertext)}\n--${encode(iv)}--${encode(tag)}`],
      ['a space in front', ` ${encode(ciphertext)}--${encode(iv)}--${encode(tag)}`],
      ['too much padding', `${encode(ciphertext)}=--${encode(iv)}--${encode(tag)}`],
      [
        'trailing bits in the tag',
        `YWJj--${encode(iv)}--${encode(Buffer.alloc(16)).replace('A==', 'B==').replace(/A$/, 'B')}`,
      ],
      ['trailing bits in the ciphertext', `YR${spec.urlSafe ? '' : '=='}--${encode(iv)}--${encode(tag)}`],
      ['a ciphertext that is not ASCII', `YWJjé--${encode(iv)}--${encode(tag)}`],
    ])('answers MALFORMED to %s', (_, text) => {
      expect(status(spec, text)).toBe('MALFORMED')
    })

    it('answers UNAUTHENTICATED to a wrong tag, IV, ciphertext or key', () => {
      expect(status(spec, message(flipped(ciphertext), iv, tag))).toBe('UNAUTHENTICATED')
      expect(status(spec, message(ciphertext, flipped(iv), tag))).toBe('UNAUTHENTICATED')
      expect(status(spec, message(ciphertext, iv, flipped(tag)))).toBe('UNAUTHENTICATED')
      const otherKey = { ...spec, key: keyBytes(spec.key.length, 77) }
      expect(status(otherKey, message(ciphertext, iv, tag))).toBe('UNAUTHENTICATED')
    })

    it('takes its own alphabet only', () => {
      // An IV whose base64 differs between the alphabets, and a ciphertext of a length that needs no padding.
      const special = Uint8Array.from({ length: 12 }, (_, index) => SPECIAL[index % 2] ?? 0)
      const sealed = encryptAead(spec, Buffer.from('abcdef'), special)
      const own = message(sealed.ciphertext, special, sealed.tag)
      expect(status(spec, own)).toBe('OK')
      const other = spec.urlSafe
        ? `${base64(sealed.ciphertext)}--${base64(special)}--${base64(sealed.tag)}`
        : `${urlSafe(sealed.ciphertext)}--${urlSafe(special)}--${urlSafe(sealed.tag)}`
      expect(status(spec, other)).toBe('MALFORMED')

      // With the lengths of its own rule, the url-safe rule reads `+/` and a padded ciphertext too, as Ruby does.
      const ivInOther = `${encode(sealed.ciphertext)}--${(spec.urlSafe ? base64 : urlSafe)(special)}--${encode(sealed.tag)}`
      expect(status(spec, ivInOther)).toBe(spec.urlSafe ? 'OK' : 'MALFORMED')
      const padded = `${base64(ciphertext)}--${encode(iv)}--${encode(tag)}`
      const unpadded = `${urlSafe(ciphertext)}--${encode(iv)}--${encode(tag)}`
      expect([status(spec, padded), status(spec, unpadded)]).toEqual(['OK', spec.urlSafe ? 'OK' : 'MALFORMED'])
    })
  })

  describe.each(Object.entries(SPECS))('%s', (_, spec) => {
    const keyring = keyringOf(spec)
    const tail = '","exp":null,"pur":"cookie._app_session"}}'
    const message = keyring.seal('{"session_id":"2f7b1a","user_id":1}', tail, 0)

    it('opens the message that is damaged below', () => {
      expect(statusOf(open(keyring, message, false, 0))).toBe('OK')
    })

    it('refuses it with any bit flipped', () => {
      const accepted: string[] = []
      for (let at = 0; at < message.length; at++) {
        for (let bit = 1; bit < 0x10000; bit *= 2) {
          const character = String.fromCharCode(message.charCodeAt(at) ^ bit)
          const damaged = message.slice(0, at) + character + message.slice(at + 1)
          if (statusOf(open(keyring, damaged, false, 0)) === 'OK') accepted.push(damaged)
        }
      }
      expect(accepted).toEqual([])
    })

    it('refuses it cut off at any length, from either end', () => {
      const accepted: string[] = []
      for (let length = 0; length < message.length; length++) {
        for (const damaged of [message.slice(0, length), message.slice(message.length - length)]) {
          if (statusOf(open(keyring, damaged, false, 0)) === 'OK') accepted.push(damaged)
        }
      }
      expect(accepted).toEqual([])
    })

    it('does not take a character above 255 for the byte it ends in', () => {
      for (const at of [0, 1, message.length >> 1, message.length - 1]) {
        const wide = String.fromCharCode(message.charCodeAt(at) + 0x100)
        expect(statusOf(open(keyring, message.slice(0, at) + wide + message.slice(at + 1), false, 0))).not.toBe('OK')
      }
    })

    it('answers anything with a refusal and never throws', () => {
      const texts = ['', '\0', ' ', '%', '%%', '+', '\ud800', `\udc00${message}`, `${message}\ud800`, 'é'.repeat(50)]
      texts.push('-'.repeat(500), '='.repeat(500), 'A'.repeat(1_000_000), '--'.repeat(100_000), '%41'.repeat(100_000))
      for (const text of texts) {
        for (const escaped of [false, true]) expect(statusOf(open(keyring, text, escaped, 0))).not.toBe('OK')
      }
    })
  })
})
