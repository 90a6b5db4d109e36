import { describe, expect, it } from 'vitest'
import { createRails, createRailsAsync } from '../../../index.ts'
import { ConfigError } from '../../../src/errors.ts'
import { type Config, readConfig } from '../../../src/rails/config.ts'
import { OLD_SECRET, SECRET } from '../../support/application.ts'

/** The message of the error that options cause. */
function refusal(options: unknown): string {
  try {
    readConfig(options)
  } catch (error) {
    if (error instanceof ConfigError && error.code === 'ERR_RAILS_SESSION_CONFIG') return error.message
    throw error
  }
  throw new Error('the options are accepted')
}

const config = (options: object): Config => readConfig({ secretKeyBase: SECRET, ...options })
const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString()
const schema = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } }
const custom = { dump: String, load: (bytes: Uint8Array) => text(bytes) }

describe('accepted values', () => {
  it.each<[name: keyof Config & string, option: string, given: unknown[], expected?: unknown[]]>([
    ['railsVersion', 'loadDefaults', ['4.0', '4.1', '4.2', '5.0', '5.1', '5.2', '6.0', '6.1', '7.0']],
    ['railsVersion', 'loadDefaults', ['7.1', '7.2', '8.0', '8.1', '8.2']],
    ['railsVersion', 'railsVersion', ['8.1', '8.2']],
    ['cookiesSerializer', 'cookiesSerializer', ['json', 'hybrid', 'marshal', 'json_allow_marshal']],
    ['cookiesSerializer', 'cookiesSerializer', ['message_pack', 'message_pack_allow_marshal']],
    ['cookiesSerializer', 'cookiesSerializer', [null], ['marshal']],
    ['useAuthenticatedCookieEncryption', 'useAuthenticatedCookieEncryption', [true, false]],
    ['authenticatedCipher', 'encryptedCookieCipher', ['aes-256-gcm', 'aes-192-gcm', 'aes-128-gcm']],
    ['authenticatedCipher', 'encryptedCookieCipher', ['aes-256-cbc', 'aes-192-cbc', 'aes-128-cbc']],
    ['authenticatedCipher', 'encryptedCookieCipher', ['chacha20-poly1305', null], ['chacha20-poly1305', 'aes-256-gcm']],
    ['signedDigest', 'signedCookieDigest', ['SHA1', 'SHA256', 'SHA384', 'SHA512', 'MD5']],
    ['signedDigest', 'signedCookieDigest', [null], ['SHA1']],
    ['cookiesDigest', 'cookiesDigest', ['SHA256', null], ['SHA256', 'SHA1']],
    ['keyGeneratorHashDigestClass', 'keyGeneratorHashDigestClass', ['SHA1', 'SHA256', 'SHA512']],
    ['keyGeneratorIterations', 'keyGeneratorIterations', [1, 65_536, 10_000_000]],
    ['signedCookieSalt', 'signedCookieSalt', ['salt', 'sält']],
    ['encryptedCookieSalt', 'encryptedCookieSalt', ['salt', null, ''], ['salt', null, null]],
    ['encryptedSignedCookieSalt', 'encryptedSignedCookieSalt', ['salt', null, ''], ['salt', null, null]],
    ['authenticatedEncryptedCookieSalt', 'authenticatedEncryptedCookieSalt', ['salt']],
    ['useCookiesWithMetadata', 'useCookiesWithMetadata', [true, false]],
    ['cookiesSameSiteProtection', 'cookiesSameSiteProtection', ['lax', 'strict', 'none', null]],
    ['escapeHtmlEntities', 'escapeHtmlEntitiesInJson', [true, false]],
    ['escapeJsSeparators', 'escapeJsSeparatorsInJson', [true, false]],
    ['encryptSession', 'encryptSession', [true, false]],
    ['requirePurpose', 'requirePurpose', [true, false]],
    ['rackVersion', 'rackVersion', ['2', '3']],
    ['write', 'write', ['changed', 'rails', 'manual']],
    ['overflow', 'overflow', ['browser', 'rails']],
    ['schema', 'schema', [schema, Object.assign(() => 1, schema)]],
    ['backend', 'backend', ['auto', 'native', 'node']],
    ['now', 'now', [Date.now, () => 1]],
  ])('%s takes %s %j', (name, option, given, expected = given) => {
    expect(given.map((value) => config({ [option]: value })[name])).toEqual(expected)
  })

  it('limits', () => {
    expect(config({})).toMatchObject({ readBytes: 8192, cachedKeys: 64 })
    expect(config({ limits: { readBytes: 1, cachedKeys: 1 } })).toMatchObject({ readBytes: 1, cachedKeys: 1 })
    expect(config({ limits: { readBytes: 1_048_576 } })).toMatchObject({ readBytes: 1_048_576, cachedKeys: 64 })
  })

  it('when sessions are written', () => {
    expect(config({})).toMatchObject({ write: 'changed', rolling: 'never' })
    expect(config({ write: 'rails', rolling: 'never' })).toMatchObject({ write: 'rails', rolling: 'never' })
    const session = { expireAfter: 90, secure: 'auto' }
    const rolling = config({ rolling: 'half-life', session })
    expect([rolling.write, rolling.rolling, rolling.session.secure]).toEqual(['changed', 'half-life', 'auto'])
  })

  it('session', () => {
    expect(config({}).session).toEqual({
      key: '_session_id',
      path: '/',
      domain: undefined,
      tldLength: undefined,
      secure: false,
      httpOnly: true,
      sameSite: undefined,
      partitioned: false,
      expireAfterSeconds: null,
    })
    const all = { path: '/app', tldLength: 3, secure: true, httpOnly: false, sameSite: null, partitioned: true }
    expect(
      config({ session: { key: '_shop', domain: ['a.test', 'b.test'], expireAfter: '14 days', ...all } }).session,
    ).toEqual({
      key: '_shop',
      domain: ['a.test', 'b.test'],
      expireAfterSeconds: 14 * 86_400,
      ...all,
    })
    expect(config({ session: { expireAfter: 90 } }).session.expireAfterSeconds).toBe(90)
    expect(config({ session: { domain: 'all' } }).session.domain).toBe('all')
    expect(config({ session: { key: '__Host-s', secure: true } }).session.key).toBe('__Host-s')
  })

  it('secrets: text as it stands, up to 8, newest first', () => {
    expect(config({}).secrets.map(text)).toEqual([SECRET])
    expect(config({ secretKeyBase: `${'é'.repeat(16)}\n` }).secrets.map(text)).toEqual([`${'é'.repeat(16)}\n`])
    expect(config({ secretKeyBase: [SECRET, OLD_SECRET] }).secrets.map(text)).toEqual([SECRET, OLD_SECRET])
    expect(config({ secretKeyBase: Array.from({ length: 8 }, () => SECRET) }).secrets).toHaveLength(8)
    expect(config({ secretKeyBase: 'x'.repeat(32) }).secrets.map(text)).toEqual(['x'.repeat(32)])
    expect(config({ secretKeyBase: 'x', allowWeakSecret: true }).secrets.map(text)).toEqual(['x'])
  })

  it('secretToken of Rails to 5.2, alone or beside a secretKeyBase', () => {
    const token = 'x'.repeat(30)
    for (const loadDefaults of ['3.2', '4.0', '5.2']) {
      const alone = readConfig({ secretToken: token, loadDefaults })
      expect([text(alone.secretToken), alone.secrets, alone.encryptSession]).toEqual([token, [], false])
      if (loadDefaults === '3.2') continue
      const both = config({ secretToken: token, loadDefaults })
      expect([text(both.secretToken), both.secrets.length, both.encryptSession]).toEqual([token, 1, true])
    }
  })

  it('a custom serializer, bound to its object', () => {
    const object = { prefix: 'p:', dump: () => '', load: () => null }
    object.dump = function dump(this: { prefix: string }, value: unknown): string {
      return this.prefix + String(value)
    } as () => string
    const { cookiesSerializer } = config({ cookiesSerializer: object })
    object.dump = () => 'changed'
    expect(typeof cookiesSerializer === 'object' && cookiesSerializer.dump(1)).toBe('p:1')
  })

  it('undefined as if it were not there', () => {
    const now = (): number => 0
    const nothing = Object.fromEntries(Object.keys(config({ now })).map((name) => [name, undefined]))
    const known = { ...nothing, signedDigest: undefined }
    expect(() => config(known)).toThrow('unknown option')
    expect(
      config({ now, loadDefaults: undefined, session: undefined, limits: undefined, cookiesRotations: undefined }),
    ).toEqual(config({ now }))
  })

  it('is frozen', () => {
    const { session, secrets, cookiesRotations, ...rest } = config({
      cookiesRotations: [{ kind: 'signed', digest: 'MD5' }],
    })
    for (const object of [session, secrets, cookiesRotations, cookiesRotations[0]])
      expect(Object.isFrozen(object)).toBe(true)
    expect(Object.isFrozen(config({}))).toBe(true)
    expect(rest.backend).toBe('auto')
  })
})

describe('refused values: the message names the option, what was given and what to write', () => {
  const wrong: unknown[] = [0, 'nonsense', {}, [], Symbol('s'), () => 1, Number.NaN, true]
  const exceptBooleans = wrong.slice(0, -1)

  it.each<[option: string, given: unknown[], expected: string]>([
    ['loadDefaults', [...wrong, '7', 7.1, '8.3', null], "write one of '3.2', '4.0',"],
    ['railsVersion', [...wrong, '2.3', null], "write one of '3.2', '4.0',"],
    ['cookiesSerializer', [0, 'JSON', [], Symbol('s'), true, { dump: 1 }, { load: String }, {}], 'write '],
    ['useAuthenticatedCookieEncryption', [...exceptBooleans, null, 'true'], 'write true or false'],
    ['encryptedCookieCipher', [...wrong, 'aes-256-ecb', 'AES-256-GCM'], "write one of 'aes-256-gcm', 'aes-192-gcm'"],
    [
      'signedCookieDigest',
      [...wrong, 'sha1', 'SHA224'],
      "write one of 'SHA1', 'SHA256', 'SHA384', 'SHA512', 'MD5', null",
    ],
    ['cookiesDigest', wrong, "write one of 'SHA1'"],
    ['keyGeneratorHashDigestClass', [...wrong, null, 'OpenSSL::Digest::SHA256'], "write one of 'SHA1'"],
    [
      'keyGeneratorIterations',
      [...wrong, null, '1000', 0, -1, 1.5, 10_000_001],
      'write a whole number from 1 to 10000000',
    ],
    ['signedCookieSalt', [0, {}, [], null, true, '\uD800'], 'write a string'],
    ['encryptedCookieSalt', [0, {}, [], true], 'write a string'],
    ['encryptedSignedCookieSalt', [0, {}, [], true], 'write a string'],
    ['authenticatedEncryptedCookieSalt', [0, {}, [], true], 'write a string'],
    ['useCookiesWithMetadata', [...exceptBooleans, null], 'write true or false'],
    ['cookiesSameSiteProtection', [...wrong, 'Lax'], "write one of 'lax', 'strict', 'none', null"],
    ['escapeHtmlEntitiesInJson', [...exceptBooleans, null], 'write true or false'],
    ['escapeJsSeparatorsInJson', [...exceptBooleans, null], 'write true or false'],
    ['encryptSession', [...exceptBooleans, null], 'write true or false'],
    ['requirePurpose', [...exceptBooleans, null], 'write true or false'],
    ['allowWeakSecret', [...exceptBooleans, null], 'write true or false'],
    ['rackVersion', [...wrong, 2, '3.1', null], "write one of '2', '3'"],
    ['write', [...wrong, 'always', null], "write one of 'changed', 'rails', 'manual'"],
    ['rolling', [...wrong, 'half', null], "write one of 'never', 'half-life', 'always'"],
    ['overflow', [...wrong, null], "write one of 'browser', 'rails'"],
    ['schema', [0, 'x', null, {}, { '~standard': {} }, () => 1, true], 'write a Standard Schema'],
    ['backend', [...wrong, 'js', null], "write one of 'auto', 'native', 'node'"],
    ['now', [0, 'x', null, {}, new Date(), true], 'write a function'],
  ])('%s', (option, given, expected) => {
    for (const value of given) {
      const message = refusal({ secretKeyBase: SECRET, [option]: value })
      expect(message).toMatch(new RegExp(`^createRails: ${option} is .+; write `))
      expect(message).toContain(expected)
    }
  })

  it('says what was given, shortened', () => {
    const given = (value: unknown): string => refusal({ secretKeyBase: SECRET, overflow: value })
    expect(given('x'.repeat(99))).toContain(`overflow is '${'x'.repeat(40)}…'`)
    expect(given(7)).toContain('overflow is 7;')
    expect(given(null)).toContain('overflow is null;')
    expect(given(['a'])).toContain('overflow is an array of 1;')
    expect(given({})).toContain('overflow is an object;')
    expect(given(() => 1)).toContain('overflow is a function;')
  })

  it.each<[option: string, given: unknown[], expected: string]>([
    ['key', [0, null, '', {}], 'write '],
    ['path', [0, null, {}], 'write a string'],
    ['domain', [0, null, {}, [], [1], ['a', null]], 'write a string'],
    ['tldLength', ['2', -1, 11, 1.5, null], 'write a whole number from 0 to 10'],
    ['secure', ['on', null, 1], "write one of true, false, 'auto'"],
    ['httpOnly', ['yes', null], 'write true or false'],
    ['sameSite', ['Lax', false, ''], "write one of 'lax'"],
    ['partitioned', [1, null], 'write true or false'],
    [
      'expireAfter',
      [0, -1, '14', '14 fortnights', '', {}, Number.NaN, Infinity, '999999999 weeks', 1e12],
      'write a positive number',
    ],
  ])('session: %s', (option, given, expected) => {
    for (const value of given) {
      const message = refusal({ secretKeyBase: SECRET, session: { [option]: value } })
      expect(message).toMatch(new RegExp(`^createRails: session: ${option} is .+; write `))
      expect(message).toContain(expected)
    }
  })

  it.each([['session'], ['limits']])('%s: an object', (option) => {
    for (const value of [null, '_shop_session', 8192, [], true]) {
      expect(refusal({ secretKeyBase: SECRET, [option]: value })).toContain(
        `createRails: ${option}: expected an object`,
      )
    }
  })

  it.each(['readBytes', 'cachedKeys'])('limits: %s', (option) => {
    for (const value of [0, -1, 1.5, '1', null, 1e9]) {
      expect(refusal({ secretKeyBase: SECRET, limits: { [option]: value } })).toMatch(
        new RegExp(`^createRails: limits: ${option} is .+; write a whole number from 1 to `),
      )
    }
  })

  it('the options themselves', () => {
    for (const value of [undefined, null, 1, [], () => 1]) {
      expect(refusal(value)).toContain('createRails: expected an object with options, got')
    }
  })
})

describe('secrets', () => {
  it.each<[given: unknown, expected: string]>([
    [undefined, "secretKeyBase is missing; write the application's secret_key_base"],
    [[], 'secretKeyBase is an array of 0; write the application'],
    [null, 'secretKeyBase is no string; write the secret as Rails has it'],
    [1, 'secretKeyBase is no string'],
    [Buffer.alloc(64), 'secretKeyBase is no string'],
    ['', 'secretKeyBase is empty; write the secret as Rails has it'],
    [`${'x'.repeat(40)}\uD800`, 'secretKeyBase is not well-formed'],
    [
      'x'.repeat(31),
      'secretKeyBase has 31 bytes; write at least 32 (bin/rails secret makes 128), or allowWeakSecret: true',
    ],
    [[SECRET, 'short'], 'secretKeyBase[1] has 5 bytes'],
    [[SECRET, undefined], 'secretKeyBase[1] is no string'],
    [Array.from({ length: 9 }, () => SECRET), 'secretKeyBase is an array of 9; write at most 8 secrets, newest first'],
  ])('secretKeyBase %#', (secretKeyBase, expected) => {
    expect(refusal({ secretKeyBase })).toContain(`createRails: ${expected}`)
  })

  it('counts bytes, not characters', () => {
    expect(config({ secretKeyBase: 'é'.repeat(16) }).secrets).toHaveLength(1)
    expect(refusal({ secretKeyBase: 'é'.repeat(15) })).toContain('has 30 bytes')
  })

  it.each<[given: unknown, expected: string]>([
    ['x'.repeat(29), 'secretToken has 29 bytes; write at least 30'],
    ['', 'secretToken is empty'],
    [1, 'secretToken is a number; write a string'],
  ])('secretToken %#', (secretToken, expected) => {
    expect(refusal({ secretToken, loadDefaults: '4.2' })).toContain(`createRails: ${expected}`)
  })

  it('short ones are taken when told so, empty ones never', () => {
    expect(readConfig({ secretToken: 'x', loadDefaults: '3.2', allowWeakSecret: true }).encryptSession).toBe(false)
    expect(refusal({ secretKeyBase: '', allowWeakSecret: true })).toContain('secretKeyBase is empty')
  })
})

describe('unknown options', () => {
  it.each([
    ['secret_key_base', 'did you mean secretKeyBase?'],
    ['secretkeybase', 'did you mean secretKeyBase?'],
    ['SecretKeyBase', 'did you mean secretKeyBase?'],
    ['loadDefault', 'did you mean loadDefaults?'],
    ['cookies_same_site_protection', 'did you mean cookiesSameSiteProtection?'],
    ['cookieRotations', 'did you mean cookiesRotations?'],
    ['railVersion', 'did you mean railsVersion?'],
  ])('%s', (name, suggestion) => {
    const message = refusal({ secretKeyBase: SECRET, [name]: 1 })
    expect(message).toBe(`createRails: unknown option ${name}; ${suggestion}`)
  })

  it('list the known ones where none is near', () => {
    for (const name of ['key', 'serializer', 'path', 'x']) {
      expect(refusal({ secretKeyBase: SECRET, [name]: 1 })).toContain(
        'known are secretKeyBase, secretToken, loadDefaults,',
      )
    }
  })

  it('symbols, undefined ones and __proto__ too', () => {
    expect(refusal({ secretKeyBase: SECRET, [Symbol('s')]: 1 })).toContain('unknown option Symbol(s)')
    expect(refusal({ secretKeyBase: SECRET, nonsense: undefined })).toContain('unknown option nonsense')
    expect(refusal(JSON.parse('{"__proto__":{}}'))).toContain('unknown option __proto__')
  })

  it('inside session, limits and cookiesRotations', () => {
    expect(refusal({ secretKeyBase: SECRET, session: { name: 'x' } })).toContain(
      'createRails: session: unknown option name',
    )
    expect(refusal({ secretKeyBase: SECRET, session: { expire_after: 1 } })).toContain('did you mean expireAfter?')
    expect(refusal({ secretKeyBase: SECRET, limits: { bytes: 1 } })).toContain(
      'createRails: limits: unknown option bytes',
    )
    expect(refusal({ secretKeyBase: SECRET, cookiesRotations: [{ kind: 'signed', salt: 1 }] })).toContain(
      'cookiesRotations[0]: unknown option salt',
    )
  })
})

describe('combinations that cannot be', () => {
  it.each<[options: object, expected: RegExp]>([
    [
      { loadDefaults: '7.1', railsVersion: '7.0' },
      /loadDefaults is 7\.1 and railsVersion 7\.0; .* write a railsVersion/,
    ],
    [{ railsVersion: '7.2' }, /loadDefaults is 8\.1 and railsVersion 7\.2/],
    [
      { secretToken: 'x'.repeat(30), loadDefaults: '6.0' },
      /secretToken with railsVersion 6\.0: Rails 6\.0 dropped secret_token; give/,
    ],
    [{ secretToken: 'x'.repeat(30) }, /secretToken with railsVersion 8\.1/],
    [
      { authenticatedEncryptedCookieSalt: null },
      /authenticatedEncryptedCookieSalt is null; write a salt: useAuthenticatedCookieEncryption is true/,
    ],
    [
      { encryptedCookieSalt: null, loadDefaults: '5.1' },
      /encryptedCookieSalt is null; write a salt: useAuthenticatedCookieEncryption is false/,
    ],
    [
      { encryptedSignedCookieSalt: '', useAuthenticatedCookieEncryption: false },
      /encryptedSignedCookieSalt is ''; write a salt/,
    ],
    [{ session: { key: '__Host-s' } }, /session: key is __Host-s; write secure: true and path: '\/', and no domain/],
    [{ session: { key: '__Host-s', secure: true, domain: 'all' } }, /write secure: true and path: '\/', and no domain/],
    [{ session: { key: '__Host-s', secure: true, path: '/app' } }, /write secure: true and path: '\/', and no domain/],
    [{ session: { key: '__Secure-s' } }, /key is __Secure-s and secure is false; write secure: true/],
    [{ session: { key: '__Secure-s', secure: 'auto' } }, /key is __Secure-s and secure is auto; write secure: true/],
    [{ session: { key: '__Host-s', secure: 'auto' } }, /write secure: true and path: '\/', and no domain/],
    [
      { rolling: 'half-life' },
      /rolling is 'half-life' and nothing expires; write session: \{ expireAfter: '14 days' }/,
    ],
    [
      { rolling: 'always', write: 'rails', session: { expireAfter: 9 } },
      /rolling is 'always' and write 'rails', which/,
    ],
    [{ rolling: 'always', write: 'manual', session: { expireAfter: 9 } }, /rolling is 'always' and write 'manual'/],
  ])('%j', (options, expected) => {
    expect(refusal({ secretKeyBase: SECRET, ...options })).toMatch(expected)
  })

  it('encryptSession with a secretToken alone', () => {
    expect(refusal({ secretToken: 'x'.repeat(30), loadDefaults: '4.0', encryptSession: true })).toMatch(
      /encryptSession is true; write false, or give a secretKeyBase/,
    )
  })

  it('cookies.encrypted with a secretToken alone, when it is used', () => {
    const rails = createRails({ secretToken: 'x'.repeat(30), loadDefaults: '4.0', backend: 'node' })
    expect(() => rails.cookies.encrypted('a')).toThrow(/cookies\.encrypted: needs a secretKeyBase/)
    expect(() => rails.cookies.permanent.encrypted('a')).toThrow(ConfigError)
    expect(rails.cookies.signed('a').name).toBe('a')
  })
})

describe('when', () => {
  it('createRails throws at construction, createRailsAsync rejects', async () => {
    expect(() => createRails({})).toThrow(ConfigError)
    const promise = createRailsAsync({})
    await expect(promise).rejects.toThrow(ConfigError)
    await expect(
      createRailsAsync({ secretKeyBase: SECRET, loadDefaults: '5.1', encryptedCookieSalt: null }),
    ).rejects.toThrow('encryptedCookieSalt')
  })

  it('a custom serializer and all options at once are taken', () => {
    expect(config({ cookiesSerializer: custom }).cookiesSerializer).not.toBe(custom)
  })
})

describe('settings that the Rails on the other side does not have', () => {
  it.each([
    ['useAuthenticatedCookieEncryption', true, '5.1', '5.2'],
    ['encryptedCookieCipher', 'aes-128-gcm', '5.0', '5.2'],
    ['signedCookieDigest', 'SHA256', '4.2', '5.2'],
    ['useCookiesWithMetadata', true, '5.2', '6.0'],
    ['keyGeneratorHashDigestClass', 'SHA256', '6.1', '7.0'],
    ['cookiesSerializer', 'message_pack', '7.0', '7.1'],
    ['cookiesSerializer', 'json_allow_marshal', '6.1', '7.1'],
  ])('%s %s is refused for %s and taken for %s', (option, value, without, since) => {
    expect(() => config({ loadDefaults: '4.0', railsVersion: without, [option]: value })).toThrow(
      new RegExp(`${option}.*railsVersion ${without}.*since ${since}`),
    )
    expect(() => config({ loadDefaults: '4.0', railsVersion: since, [option]: value })).not.toThrow()
  })

  it('are taken where they say what that Rails does anyway', () => {
    const same = { useAuthenticatedCookieEncryption: false, signedCookieDigest: 'SHA1', useCookiesWithMetadata: false }
    expect(() => config({ loadDefaults: '4.2', ...same, keyGeneratorHashDigestClass: 'SHA1' })).not.toThrow()
    expect(() => config({ loadDefaults: '4.2', signedCookieDigest: null, encryptedCookieCipher: null })).not.toThrow()
  })

  it('such as secretKeyBase in Rails 3.2', () => {
    expect(() => config({ loadDefaults: '3.2' })).toThrow(/secretKeyBase with railsVersion 3.2.*secretToken/)
  })

  it('requirePurpose needs metadata', () => {
    expect(() => config({ loadDefaults: '5.2', requirePurpose: true })).toThrow(
      /requirePurpose.*useCookiesWithMetadata/,
    )
    expect(config({ loadDefaults: '6.0', requirePurpose: true }).requirePurpose).toBe(true)
  })
})
