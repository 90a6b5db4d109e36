import { describe, expect, it } from 'vitest'
import { SealFlag } from '../../src/backend/backend.ts'
import { loadNative } from '../../src/backend/native.ts'
import { Status } from '../../src/backend/report.ts'
import { open, OPEN_HEADER } from '../contract/answer.ts'

const native = loadNative()
const key = native.key(new Uint8Array(32).fill(1))
const signKey = native.key(new Uint8Array(64).fill(2))
const keyrings = {
  aead: native.keyring([{ kind: 'aead', cipher: 'aes-256-gcm', key, urlSafe: false }]),
  cbc: native.keyring([{ kind: 'cbc', cipher: 'aes-256-cbc', key, signKey, digest: 'SHA1', urlSafe: false }]),
  signed: native.keyring([{ kind: 'signed', digest: 'SHA1', key: signKey, urlSafe: false }]),
}
const REFUSED = [Status.MALFORMED, Status.UNAUTHENTICATED].map((status) => String.fromCharCode(status))

describe.each(Object.entries(keyrings))('%s', (_kind, keyring) => {
  const payload = (answer: string): string => answer.slice(OPEN_HEADER)
  const sealed = keyring.seal('{"session_id":"5e08ac07a6a9","user_id":1,"padding":"0123456789"}', '', 0)

  it('refuses a character above 255 whose low byte is right, in every place', () => {
    expect(open(keyring, sealed, false, 0).charCodeAt(0)).toBe(Status.OK)
    for (let place = 0; place < sealed.length; place++) {
      const code = sealed.charCodeAt(place)
      for (const high of [0x100, 0x200, 0xff00]) {
        const text = sealed.slice(0, place) + String.fromCharCode(code + high) + sealed.slice(place + 1)
        expect(REFUSED).toContain(open(keyring, text, false, 0))
      }
    }
  })

  it('refuses lone surrogates in every place', () => {
    for (let place = 0; place <= sealed.length; place++) {
      for (const surrogate of ['\ud800', '\udc00', '\udfff\ud800']) {
        expect(REFUSED).toContain(open(keyring, sealed.slice(0, place) + surrogate + sealed.slice(place), false, 0))
      }
    }
  })

  it('seals a lone surrogate as U+FFFD', () => {
    expect(payload(open(keyring, keyring.seal('a\ud800b\udc00', '', 0), false, 0))).toBe('a\ufffdb\ufffd')
  })

  it('seals and opens text of every width', () => {
    for (const text of ['', 'a', '\0', 'é', 'ÿ', 'Ł', '漢字', '😀', 'a\u2028😀ß\0']) {
      for (const padding of ['', 'x'.repeat(17)]) {
        expect(payload(open(keyring, keyring.seal(text + padding, '', 0), false, 0))).toBe(text + padding)
      }
    }
  })

  it('seals and opens every byte', () => {
    const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte))
    const answer = open(keyring, keyring.seal(bytes, '', SealFlag.BYTES), false, 0)
    expect(payload(answer)).toBe(bytes)
  })

  it('refuses to seal as a byte what is none', () => {
    for (const text of ['Ł', 'aĀ', '\u{ffff}', '😀', '\ud800', 'é漢']) {
      expect(() => keyring.seal(text, '', SealFlag.BYTES)).toThrow(RangeError)
    }
  })

  it('takes strings of every length around those of its buffers', () => {
    for (const around of [0, 512, 16_384, 65_536]) {
      for (let length = Math.max(0, around - 6); length < around + 6; length++) {
        for (const character of ['a', 'é', '漢', '😀']) {
          const text = character.repeat(Math.ceil(length / Buffer.byteLength(character)))
          expect(payload(open(keyring, keyring.seal(text, '', 0), false, 0)) === text).toBe(true)
        }
      }
    }
  })

  it('refuses texts of every length around those of its buffers', () => {
    for (const around of [512, 8192, 16_384, 65_536]) {
      for (let length = around - 6; length < around + 6; length++) {
        expect(REFUSED).toContain(open(keyring, 'a'.repeat(length), true, 0))
      }
    }
  })

  it('takes a megabyte', () => {
    const megabyte = '0123456789abcdef'.repeat(65_536)
    expect(payload(open(keyring, keyring.seal(megabyte, '', 0), false, 0)) === megabyte).toBe(true)
    expect(payload(open(keyring, keyring.seal(megabyte, '', SealFlag.ESCAPE), true, 0)) === megabyte).toBe(true)
    for (const text of [
      megabyte,
      '%41'.repeat(349_525),
      '漢'.repeat(349_525),
      '-'.repeat(1 << 20),
      '='.repeat(1 << 20),
    ]) {
      expect(REFUSED).toContain(open(keyring, text, true, 0))
    }
    // What follows a long text is not read from what that left behind.
    expect(payload(open(keyring, sealed, false, 0))).toContain('session_id')
  })

  it('takes strings however V8 holds them', () => {
    const sliced = `${'x'.repeat(50)}${sealed}`.slice(50)
    const joined = [...sealed].join('')
    let rope = ''
    for (const character of sealed) rope += character
    const twoByte = `漢${sealed}`.slice(1)
    for (const text of [sliced, joined, rope, twoByte])
      expect(open(keyring, text, false, 0).charCodeAt(0)).toBe(Status.OK)
  })
})
