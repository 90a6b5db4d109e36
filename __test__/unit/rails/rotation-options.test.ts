import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors.ts'
import { readRotations, type Rotation } from '../../../src/rails/rotation-options.ts'

const read = (given: unknown, primary: 'aes-256-gcm' | 'aes-256-cbc' = 'aes-256-gcm'): readonly Rotation[] =>
  readRotations(given, primary)

function refusal(given: unknown): string {
  try {
    read(given)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('the rotations are accepted')
}

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7)

describe('readRotations', () => {
  it('takes none, and up to 8', () => {
    expect(read(undefined)).toEqual([])
    expect(read([])).toEqual([])
    expect(read(Array.from({ length: 8 }, () => ({ kind: 'signed' })))).toHaveLength(8)
    expect(refusal(Array.from({ length: 9 }, () => ({ kind: 'signed' })))).toMatch(
      /cookiesRotations has 9 entries; keep 8/,
    )
  })

  it('copies raw secrets, whatever they are', () => {
    const array = bytes(32)
    const buffer = Buffer.from(bytes(32))
    const view = new Uint8Array(bytes(40).buffer, 4, 32)
    const rotations = read([array, buffer, view].map((secret) => ({ kind: 'encrypted', secrets: [secret] })))
    for (const source of [array, buffer, view]) source.fill(9)
    for (const { secrets } of rotations) expect(Array.from(secrets[0] ?? [])).toEqual(Array.from(bytes(32)))
  })

  it('takes text as its UTF-8', () => {
    const [rotation] = read([{ kind: 'signed', secrets: ['clé'] }])
    expect(Array.from(rotation?.secrets[0] ?? [])).toEqual([0x63, 0x6c, 0xc3, 0xa9])
  })

  it('keeps what is given, and leaves the rest to the main options', () => {
    const given = {
      kind: 'encrypted',
      cipher: 'aes-128-gcm',
      digest: 'SHA256',
      keyGeneratorHashDigestClass: 'SHA1',
      keyGeneratorIterations: 2000,
      signedCookieSalt: 'a',
      encryptedCookieSalt: 'b',
      encryptedSignedCookieSalt: 'c',
      authenticatedEncryptedCookieSalt: 'd',
    }
    expect(read([given])[0]).toMatchObject({ ...given, secrets: [], secretKeyBase: undefined })
    const [sparse] = read([{ kind: 'signed', secretKeyBase: 'old' }])
    expect(Buffer.from(sparse?.secretKeyBase ?? []).toString()).toBe('old')
    expect(sparse).toMatchObject({ cipher: undefined, digest: undefined, keyGeneratorIterations: undefined })
  })

  it.each<[given: unknown, expected: RegExp]>([
    ['old', /^createRails: cookiesRotations is not an array; write \[\{ kind, … \}\]/],
    [{}, /cookiesRotations is not an array/],
    [null, /cookiesRotations is not an array/],
    [[null], /^cookiesRotations\[0\]: expected an object with options, got null/],
    [
      [{ kind: 'signed' }, 'x'],
      /^cookiesRotations\[1\]: expected an object with options, got a string of 1 characters/,
    ],
    [[{}], /^cookiesRotations\[0\]: kind is missing; write 'encrypted' or 'signed'/],
    [[{ kind: 'plain' }], /^cookiesRotations\[0\]: kind is 'plain'; write one of 'encrypted', 'signed'/],
    [
      [{ kind: 'signed', cipher: 'aes-256-gcm' }],
      /cipher is 'aes-256-gcm'; write kind: 'encrypted', or leave cipher out/,
    ],
    [[{ kind: 'encrypted', cipher: 'rot13' }], /cipher is 'rot13'; write one of 'aes-256-gcm'/],
    [[{ kind: 'signed', digest: 'sha256' }], /digest is 'sha256'; write one of 'SHA1'/],
    [
      [
        { kind: 'signed', secrets: [] },
        { kind: 'signed', secrets: 'key' },
      ],
      /secrets is a string of 3 characters; write an array/,
    ],
    [[{ kind: 'signed', secrets: ['a', 'b'] }], /secrets is an array of 2; write one key/],
    [[{ kind: 'encrypted', secrets: ['a', 'b', 'c'] }], /secrets is an array of 3; write an array of one or two keys/],
    [[{ kind: 'signed', secrets: [''] }], /secrets\[0\] is no key; write a Uint8Array or a string that is not empty/],
    [[{ kind: 'signed', secrets: [1] }], /secrets\[0\] is no key/],
    [[{ kind: 'signed', secrets: [undefined] }], /secrets\[0\] is no key/],
    [[{ kind: 'encrypted', secrets: [bytes(32), []] }], /secrets\[1\] is no key/],
    [[{ kind: 'encrypted', secrets: [bytes(16)] }], /secrets\[0\] has 16 bytes; aes-256-gcm needs 32/],
    [
      [{ kind: 'encrypted', secrets: [bytes(32)], cipher: 'aes-128-gcm' }],
      /secrets\[0\] has 32 bytes; aes-128-gcm needs 16/,
    ],
    [
      [{ kind: 'encrypted', secrets: [bytes(33)], cipher: 'aes-256-cbc' }],
      /secrets\[0\] has 33 bytes; aes-256-cbc needs 32/,
    ],
    [
      [{ kind: 'signed', secrets: ['a'], secretKeyBase: 'b' }],
      /secrets and secretKeyBase contradict each other; give raw/,
    ],
    [[{ kind: 'signed', secrets: ['a'], signedCookieSalt: 'b' }], /secrets and signedCookieSalt contradict each other/],
    [[{ kind: 'signed', secretKeyBase: 1 }], /secretKeyBase is a number; write a string/],
    [[{ kind: 'signed', keyGeneratorIterations: 0 }], /keyGeneratorIterations is 0; write a whole number from 1/],
    [[{ kind: 'signed', encryptedCookieSalt: null }], /encryptedCookieSalt is null; write a string/],
  ])('refuses %#', (given, expected) => {
    expect(refusal(given)).toMatch(expected)
  })

  it('takes the 64 bytes that Rails below 5.2 gave to AES-CBC', () => {
    const secrets = [bytes(64)]
    expect(read([{ kind: 'encrypted', secrets, cipher: 'aes-256-cbc' }])).toHaveLength(1)
    expect(read([{ kind: 'encrypted', secrets }], 'aes-256-cbc')).toHaveLength(1)
    expect(refusal([{ kind: 'encrypted', secrets }])).toMatch(/has 64 bytes/)
  })
})
