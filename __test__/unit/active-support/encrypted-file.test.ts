import { Buffer } from 'node:buffer'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { EncryptedFile } from '../../../src/active-support/encrypted-file.ts'
import { MessageEncryptor } from '../../../src/active-support/message-encryptor.ts'
import { ConfigError, UnserializableValueError } from '../../../src/errors.ts'
import { backendNames } from '../../support/application.ts'
import { vectorsOf } from '../../support/vectors.ts'

interface CredentialsCase {
  readonly id: string
  readonly master_key: string
  readonly file_content: string
  readonly plaintext_base64?: string
  readonly expected: { readonly accepted: boolean; readonly content_base64?: string; readonly reason?: string }
}

const KEY = 'c1f7deb7c8d5a4fff7ef3681e3c74bae'
/** An empty file of Rails 5.2. */
const RAILS = {
  key: 'b931057011087997cc0ad0a356e9dfc4',
  file: 'lo5rkZL5FCIAKA==--BRb7MDuKhlFoNCYQ--6HAK0mTEzLpDWMBg/8DpIw==',
}

const outcome = new EncryptedFile(RAILS.key).decrypt(RAILS.file)
/** The String in a file is in Marshal. */
const isMarshalRead = outcome.ok || outcome.reason !== 'unsupported_serializer'

describe.skipIf(!isMarshalRead).each(backendNames)('EncryptedFile on %s', (backend) => {
  // Where older Rails answer otherwise than 8.1: they refuse blanks around the text, and a key of another length in another way
  describe.each(vectorsOf('credentials'))('files of Rails $label', ({ cases }) => {
    const files = cases as readonly CredentialsCase[]
    const blanks = /\/(?:leading|trailing)_newline$/

    it.each(files.map((each) => [each.id, each] as const))(
      '%s',
      (_, { id, master_key: key, file_content: file, expected }) => {
        const opened = open(key, file)
        const content = expected.content_base64 ?? null
        const isStripped = content === null && blanks.test(id)
        expect(opened === null ? null : Buffer.from(opened).toString('base64')).toBe(
          isStripped ? Buffer.from(open(key, file.trim())!).toString('base64') : content,
        )
      },
    )

    it('are written again with the same content', () => {
      const good = files.filter(({ expected }) => expected.accepted)
      for (const { master_key: key, expected } of good) {
        const content = Buffer.from(expected.content_base64!, 'base64')
        const file = new EncryptedFile(key, { backend }).encrypt(content)
        expect(Buffer.from(open(key, file)!).equals(content)).toBe(true)
      }
      expect(good.length).toBeGreaterThan(5)
    })
  })

  function open(key: string, file: string): Uint8Array | null {
    try {
      const opened = new EncryptedFile(key, { backend }).decrypt(file)
      return opened.ok ? opened.content : null
    } catch (error) {
      // Rails raises an ArgumentError.
      if (error instanceof ConfigError) return null
      throw error
    }
  }

  const file = new EncryptedFile(KEY, { backend })
  const encryptor = new MessageEncryptor(Buffer.from(KEY, 'hex'), {
    cipher: 'aes-128-gcm',
    serializer: 'null',
    backend,
  })
  const sealed = (payload: string): string => encryptor.encryptAndSign(Buffer.from(payload, 'latin1'))

  it('writes text as Rails does', () => {
    const text = file.encrypt('name: José\n')
    expect(text).toMatch(/^[\w+/]+=*--[\w+/]{16}--[\w+/]{22}==$/)
    // Marshal.dump("name: José\n")
    const plaintext = encryptor.decryptAndVerify(text)
    expect(plaintext.ok && Buffer.from(plaintext.data as Uint8Array | string).toString('hex')).toBe(
      '04084922116e616d653a204a6f73c3a90a063a064554',
    )
    expect(file.decrypt(text)).toMatchObject({ ok: true, text: 'name: José\n' })
  })

  it('writes bytes as Rails does', () => {
    // Marshal.dump("\xFF\xFE".b)
    const plaintext = encryptor.decryptAndVerify(file.encrypt(Uint8Array.of(0xff, 0xfe)))
    expect(plaintext.ok && Buffer.from(plaintext.data as Uint8Array).toString('hex')).toBe('04082207fffe')
    expect(file.decrypt(file.encrypt(Uint8Array.of(0xff, 0xfe)))).toEqual({
      ok: true,
      content: Uint8Array.of(0xff, 0xfe),
      text: null,
    })
  })

  it('gives the bytes of a String in any encoding, and their text where they are UTF-8', () => {
    // Marshal.dump("é".b), Marshal.dump("\xE9".force_encoding("ISO-8859-1"))
    expect(file.decrypt(sealed('\u0004\b"\u0007\u00c3\u00a9'))).toMatchObject({ ok: true, text: 'é' })
    expect(file.decrypt(sealed('\u0004\bI"\u0006\u00e9\u0006:\rencoding"\u000fISO-8859-1'))).toEqual({
      ok: true,
      content: Uint8Array.of(0xe9),
      text: null,
    })
  })

  it('takes the bytes of a file', () => {
    expect(new EncryptedFile(RAILS.key, { backend }).decrypt(Buffer.from(`\n${RAILS.file} \r\n`))).toEqual({
      ok: true,
      content: new Uint8Array(),
      text: '',
    })
  })

  it.each([
    ['a JSON string', '"a: 1"', 'undecodable'],
    ['other text', 'x', 'undecodable'],
    ['an Integer', '\u0004\bi\u0006', 'undecodable'],
    ['nil', '\u0004\b0', 'undecodable'],
    ['an Array of a String', '\u0004\b[\u0006I"\u0006a\u0006:\u0006ET', 'undecodable'],
    ['a Symbol', '\u0004\b:\u0006a', 'undecodable'],
    ['a String that is cut off', '\u0004\bI"\u000faaa', 'undecodable'],
  ])('refuses %s', (_, payload, reason) => {
    expect(file.decrypt(sealed(payload))).toEqual({ ok: false, reason, authenticated: true })
  })

  it.each([
    ['', 'malformed'],
    ['hello', 'malformed'],
    [`${'A'.repeat(22)}==--${'A'.repeat(16)}--${'A'.repeat(22)}==`, 'unauthenticated'],
    ['\u{1f600}', 'malformed'],
  ])('refuses %j', (text, reason) => {
    expect(file.decrypt(text)).toMatchObject({ ok: false, reason })
  })
})

describe('EncryptedFile', () => {
  it('makes keys', () => {
    expect(EncryptedFile.generateKey()).toMatch(/^[\da-f]{32}$/)
    expect(EncryptedFile.generateKey()).not.toBe(EncryptedFile.generateKey())
  })

  it.each([
    ['', 0],
    ['abc', 3],
    [KEY.slice(2), 30],
    [`${KEY}00`, 34],
    [`${KEY}0`, 33],
  ])('refuses the key %j', (key, length) => {
    expect(() => new EncryptedFile(key)).toThrow(ConfigError)
    expect(() => new EncryptedFile(key)).toThrow(`the key has ${length} characters`)
  })

  it('reads with a key whose last digit is missing, as Ruby does, and does not write', () => {
    const file = new EncryptedFile(KEY.slice(1))
    expect(file.decrypt(RAILS.file)).toMatchObject({ ok: false, reason: 'unauthenticated' })
    expect(() => file.encrypt('')).toThrow(ConfigError)
  })

  it('takes another key for one that is no hexadecimal number', () => {
    // ["zz…"].pack("H*") is "33…"
    const damaged = new EncryptedFile('z'.repeat(32)).decrypt(RAILS.file)
    expect(damaged).toMatchObject({ ok: false, reason: 'unauthenticated' })
    const encryptor = new MessageEncryptor(new Uint8Array(16).fill(0x33), { cipher: 'aes-128-gcm', serializer: 'null' })
    const file = encryptor.encryptAndSign('x')
    expect(new EncryptedFile('z'.repeat(32)).decrypt(file)).toMatchObject({ ok: false, authenticated: true })
  })

  it('drops blanks around the key', () => {
    const keys = [KEY, `${KEY}\n`, ` \t\v\f\0${KEY}\r\n\0 `, KEY.toUpperCase()]
    const encryptor = new MessageEncryptor(Buffer.from(KEY, 'hex'), { cipher: 'aes-128-gcm', serializer: 'null' })
    const file = encryptor.encryptAndSign('x')
    for (const key of keys) expect(new EncryptedFile(key).decrypt(file)).toMatchObject({ authenticated: true })
    expect(() => new EncryptedFile(`\u00a0${KEY}`)).toThrow(ConfigError)
  })

  it('refuses what is no option, no key and no text', () => {
    expect(() => new EncryptedFile(1 as unknown as string)).toThrow(ConfigError)
    expect(() => new EncryptedFile(KEY, { cipher: 'aes-256-gcm' } as never)).toThrow(ConfigError)
    expect(() => new EncryptedFile(KEY).encrypt('\ud83d')).toThrow(UnserializableValueError)
  })

  it('shows no key', () => {
    const file = new EncryptedFile(KEY)
    expect(inspect(file, { showHidden: true, depth: 9 })).not.toContain(KEY.slice(0, 4))
    expect(JSON.stringify(file)).toBe('{}')
    expect(() => new EncryptedFile(`${KEY}0`)).not.toThrow(KEY.slice(0, 8))
  })

  it('takes time that grows with the length only', () => {
    const started = performance.now()
    const blanks = ' '.repeat(200_000)
    expect(new EncryptedFile(KEY).decrypt(`a${blanks}a${blanks}`)).toMatchObject({ ok: false })
    expect(performance.now() - started).toBeLessThan(500)
  })
})
