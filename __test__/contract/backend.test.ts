import { pbkdf2Sync } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Digest } from '../../src/backend/backend.ts'
import { nodeBackend } from '../../src/backend/node-crypto.ts'
import { parseAnswer, statusOf, open } from './answer.ts'
import { backends, nativeAbsence } from './backends.ts'
import { keyBytes, macOf, type SchemeSpec, schemeOf, sign, SPECS } from './crafted.ts'

it('tests the native backend too', ({ skip }) => {
  if (nativeAbsence !== null) skip(nativeAbsence)
  expect(backends.map(({ name }) => name)).toEqual(['node', 'native'])
})

const DIGESTS: readonly Digest[] = ['MD5', 'SHA1', 'SHA256', 'SHA384', 'SHA512']

describe.each([...backends])('$name backend', (backend) => {
  const keyringOf = (...specs: readonly SchemeSpec[]) => backend.keyring(specs.map((spec) => schemeOf(backend, spec)))
  const hex = (digest: Digest, secret: string, salt: string, iterations: number, length: number): string => {
    const derivation = { digest, secret: Buffer.from(secret), salt: Buffer.from(salt), iterations, length }
    const key = backend.derive(derivation)
    expect(key.length).toBe(length)
    return Buffer.from(key.bytes()).toString('hex')
  }

  describe('derivation', () => {
    it.each([
      ['password', 'salt', 1, 20, '0c60c80f961f0e71f3a9b524af6012062fe037a6'],
      ['password', 'salt', 2, 20, 'ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957'],
      ['password', 'salt', 4096, 20, '4b007901b765489abead49d926f721d065a429c1'],
      [
        'passwordPASSWORDpassword',
        'saltSALTsaltSALTsaltSALTsaltSALTsalt',
        4096,
        25,
        '3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038',
      ],
      ['pass\0word', 'sa\0lt', 4096, 16, '56fa6aa75548099dcc37d7f03425e0c3'],
    ] as const)('agrees with RFC 6070: %j %j %d', (secret, salt, iterations, length, expected) => {
      expect(hex('SHA1', secret, salt, iterations, length)).toBe(expected)
    })

    it('agrees with RFC 7914, section 11', () => {
      expect(hex('SHA256', 'passwd', 'salt', 1, 64)).toBe(
        '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc' +
          '49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783',
      )
      expect(hex('SHA256', 'Password', 'NaCl', 80_000, 64)).toBe(
        '4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56' +
          'a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d',
      )
    })

    it.each(DIGESTS)('derives with %s any length from any secret and salt', (digest) => {
      for (const length of [1, 16, 20, 32, 63, 64, 65, 100]) {
        for (const size of [0, 1, 63, 64, 65, 127, 128, 129, 200]) {
          const secret = keyBytes(size, length)
          const salt = keyBytes(size + 3, size)
          const expected = pbkdf2Sync(secret, salt, 3, length, digest.toLowerCase())
          const key = backend.derive({ digest, secret, salt, iterations: 3, length })
          expect(Buffer.from(key.bytes())).toEqual(Buffer.from(expected))
        }
      }
    })

    it.each(DIGESTS)('derives with %s on another thread what it derives on this one', async (digest) => {
      const derivation = { digest, secret: keyBytes(64, 1), salt: keyBytes(13, 2), iterations: 500, length: 48 }
      const keys = await Promise.all([backend.deriveAsync(derivation), backend.deriveAsync(derivation)])
      for (const key of keys) {
        expect(key.length).toBe(48)
        expect(key.bytes()).toEqual(backend.derive(derivation).bytes())
      }
    })
  })

  it('refuses to derive with no iteration, and derives a key of no bytes', async () => {
    const derivation = {
      digest: 'SHA1',
      secret: keyBytes(8, 1),
      salt: keyBytes(8, 2),
      iterations: 0,
      length: 20,
    } as const
    expect(() => backend.derive(derivation)).toThrow(RangeError)
    await expect(backend.deriveAsync(derivation)).rejects.toThrow(RangeError)
    expect(backend.derive({ ...derivation, iterations: 1, length: 0 }).length).toBe(0)
  })

  describe('keys', () => {
    it('copies the bytes it is given and the bytes it gives', () => {
      const bytes = keyBytes(32, 1)
      const key = backend.key(bytes)
      bytes.fill(0)
      expect(key.bytes()).toEqual(keyBytes(32, 1))
      key.bytes().fill(0)
      expect(key.bytes()).toEqual(keyBytes(32, 1))
      expect(key.length).toBe(32)
    })

    it('shows no key bytes', () => {
      const secret = Buffer.from('Sixteen letters!Sixteen letters?')
      const key = backend.key(secret)
      const derivation = { digest: 'SHA1', secret, salt: secret, iterations: 1, length: 32 } as const
      const derived = backend.derive(derivation)
      const keyring = backend.keyring([
        { kind: 'cbc', cipher: 'aes-256-cbc', key, signKey: derived, digest: 'SHA1', urlSafe: false },
        { kind: 'aead', cipher: 'aes-256-gcm', key: derived, urlSafe: false },
        { kind: 'signed', digest: 'SHA1', key, urlSafe: false },
      ])
      open(keyring, keyring.seal('payload', '', 0), false, 0)
      for (const owner of [key, derived, keyring]) {
        const shown = [
          inspect(owner, { depth: Infinity, showHidden: true, getters: true, maxArrayLength: null }),
          inspect({ owner }, { depth: Infinity }),
          JSON.stringify(owner),
          JSON.stringify({ ...owner }),
          String(owner),
          JSON.stringify(Object.getOwnPropertyDescriptors(owner)),
        ].join('\n')
        for (const bytes of [secret, Buffer.from(derived.bytes())]) {
          for (const spelling of [
            bytes.toString('latin1', 0, 8),
            bytes.toString('hex', 0, 6),
            bytes.toString('base64', 0, 6),
          ]) {
            expect(shown).not.toContain(spelling)
          }
          expect(shown.replaceAll(/\s/g, '')).not.toContain([...bytes.subarray(0, 4)].join(','))
          expect(shown.replaceAll('\n', ' ')).not.toContain(inspect(bytes).slice(8, 20))
        }
      }
    })

    it.each(DIGESTS)('signs with %s under keys of any length', (digest) => {
      for (const length of [0, 1, 19, 20, 63, 64, 65, 127, 128, 129, 300]) {
        const spec = { kind: 'signed', digest, key: keyBytes(length, 1), urlSafe: false } as const
        const keyring = keyringOf(spec)
        expect(keyring.seal('payload', '', 0)).toBe(sign('cGF5bG9hZA==', spec))
        expect(open(keyring, sign('cGF5bG9hZA==', spec), false, 0)).toBe('\x00\x00\x04\x00\x00payload')
      }
    })
  })

  it.each(DIGESTS)('signs with %s the whole of a message of any length', (digest) => {
    const spec = { kind: 'signed', digest, key: keyBytes(64, 1), urlSafe: false } as const
    const keyring = keyringOf(spec)
    for (const length of [1, 40, 41, 42, 48, 83, 84, 90, 96, 12_000, 12_240, 12_288, 12_300, 20_000, 100_000]) {
      const payload = 'x'.repeat(length)
      const message = sign(Buffer.from(payload).toString('base64'), spec)
      expect(keyring.seal(payload, '', 0)).toBe(message)
      expect(open(keyring, message, false, 0)).toBe(`\x00\x00\x04\x00\x00${payload}`)
    }
  })

  describe('keyring', () => {
    const SIZES = {
      'aes-128-cbc': 16,
      'aes-192-cbc': 24,
      'aes-256-cbc': 32,
      'aes-128-gcm': 16,
      'aes-192-gcm': 24,
      'aes-256-gcm': 32,
      'chacha20-poly1305': 32,
    } as const

    const specOf = (cipher: keyof typeof SIZES, length: number): SchemeSpec =>
      cipher.endsWith('-cbc')
        ? ({ ...SPECS.cbc, cipher, key: keyBytes(length, 1) } as SchemeSpec)
        : ({ ...SPECS.gcm, cipher, key: keyBytes(length, 1) } as SchemeSpec)

    it.each(Object.entries(SIZES))('takes for %s a key of %d bytes only', (cipher, size) => {
      const make = (length: number) => () => keyringOf(SPECS.signed, specOf(cipher as keyof typeof SIZES, length))
      expect(make(size)).not.toThrow()
      for (const length of [0, 1, 15, 16, 17, 24, 31, 32, 33, 64].filter((other) => other !== size)) {
        expect(make(length)).toThrow(RangeError)
      }
    })

    it('takes 1 to 127 schemes', () => {
      const schemes = Array.from({ length: 128 }, (_, index) =>
        schemeOf(backend, { ...SPECS.signed, key: keyBytes(64, index) }),
      )
      expect(() => backend.keyring([])).toThrow(RangeError)
      expect(() => backend.keyring(schemes)).toThrow(RangeError)
      const keyring = backend.keyring(schemes.slice(0, 127))
      const message = sign('YQ==', { ...SPECS.signed, key: keyBytes(64, 126) })
      expect(parseAnswer(open(keyring, message, false, 0))).toMatchObject({ status: 'OK', scheme: 126 })
    })

    it('does not follow later changes of the list it was given', () => {
      const schemes = [schemeOf(backend, SPECS.signed)]
      const keyring = backend.keyring(schemes)
      schemes[0] = schemeOf(backend, SPECS.gcm)
      expect(keyring.seal('a', '', 0)).toBe(sign('YQ==', SPECS.signed))
    })
  })

  describe('several schemes', () => {
    const specs: readonly SchemeSpec[] = Object.values(SPECS)
    const keyring = keyringOf(...specs)

    it.each(specs.map((spec, number) => [number, spec] as const))('opens under scheme %d', (number, spec) => {
      const message = keyringOf(spec).seal('payload', '', 0)
      const opened = String.fromCharCode(0, number, 4, 0, 0) + 'payload'
      for (let from = 0; from <= specs.length; from++) {
        const answer = open(keyring, message, false, from)
        expect(from <= number ? answer === opened : statusOf(answer) !== 'OK').toBe(true)
      }
      for (const from of [127, 1e9, -1]) expect(open(keyring, message, false, from)).toBe('\x01')
    })

    it('opens under the first scheme that authenticates', () => {
      const twice = keyringOf(SPECS.gcm, SPECS.signed, SPECS.signed)
      const message = sign('YQ==', SPECS.signed)
      expect([0, 1, 2, 3].map((from) => open(twice, message, false, from))).toEqual([
        '\x00\x01\x04\x00\x00a',
        '\x00\x01\x04\x00\x00a',
        '\x00\x02\x04\x00\x00a',
        '\x01',
      ])
    })

    it('seals under the first scheme only', () => {
      expect(keyring.seal('a', '', 0)).toBe(sign('YQ==', SPECS.signed))
    })

    it('goes on to the next scheme after any refusal', () => {
      const other = { ...SPECS.signed, digest: 'SHA256' } as const
      expect(open(keyringOf(SPECS.signed, other), sign('YQ==', other), false, 0)).toBe('\x00\x01\x04\x00\x00a')

      // The data of an outer message under SHA1 that is not base64, and as a whole a good message under SHA256.
      const outer = `YQ==--${macOf('YQ==', other)}`
      expect(statusOf(open(keyringOf(other, SPECS.signed), sign(outer, SPECS.signed), false, 0))).toBe('UNDECODABLE')
    })

    it('reports the most telling refusal, in whatever order', () => {
      const wrongKey = { ...SPECS.signed, key: keyBytes(64, 99) }
      const undecodable = sign('Y', SPECS.signed)
      for (const [list, expected] of [
        [[SPECS.gcm], 'MALFORMED'],
        [[SPECS.gcm, wrongKey], 'UNAUTHENTICATED'],
        [[wrongKey, SPECS.gcm], 'UNAUTHENTICATED'],
        [[SPECS.signed, wrongKey, SPECS.gcm], 'UNDECODABLE'],
        [[SPECS.gcm, wrongKey, SPECS.signed], 'UNDECODABLE'],
      ] as const) {
        expect(statusOf(open(keyringOf(...list), undecodable, false, 0))).toBe(expected)
      }
    })
  })
})

it('names what does not fit in the node backend', () => {
  const schemes = [SPECS.signed, { ...SPECS.gcm, key: keyBytes(24, 1) }].map((spec) => schemeOf(nodeBackend, spec))
  expect(() => nodeBackend.keyring(schemes)).toThrow('scheme 1: aes-256-gcm takes a key of 32 bytes, not 24')
})
