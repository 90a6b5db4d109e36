import { pbkdf2Sync } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createRails } from '../../../index.ts'
import { KeyGenerator, MessageEncryptor, MessageVerifier } from '../../../src/active-support/index.ts'
import { backends } from '../../contract/backends.ts'
import { NOW } from '../../support/application.ts'

const SECRETS = {
  secretKeyBase: 'Correct-Horse-Battery-Staple-0123456789',
  older: 'Tr0ub4dor-and-3-more-words-for-length!',
  token: 'An-old-secret-token-of-forty-characters',
  rotated: 'A-secret-key-base-of-a-cookies-rotation',
  raw: 'A-raw-key-of-thirty-two-bytes-ok',
}
const SALTS = [
  'signed cookie',
  'encrypted cookie',
  'signed encrypted cookie',
  'authenticated encrypted cookie',
  'my salt',
]

/** Each secret, and each key that could be derived from one, in every form that a text might show. */
const needles: string[] = [...Object.values(SECRETS).map((text) => Buffer.from(text)), ...derivedKeys()].flatMap(
  (bytes) => [
    bytes.toString('latin1'),
    bytes.toString('hex').slice(0, 24),
    bytes.toString('base64').slice(0, 20),
    bytes.toString('base64url').slice(0, 20),
    [...bytes.subarray(0, 8)].join(','),
    [...bytes.subarray(0, 8)].join(', '),
    [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
  ],
)

function derivedKeys(): Buffer[] {
  return Object.values(SECRETS).flatMap((secret) =>
    SALTS.flatMap((salt) => ['sha1', 'sha256'].map((digest) => pbkdf2Sync(secret, salt, 1, 64, digest))),
  )
}

function leaks(text: string): string[] {
  const lower = text.toLowerCase()
  return needles.filter((needle) => text.includes(needle) || lower.includes(needle))
}

/** What a log or a crash report might print of a value. */
function printed(value: unknown): string {
  const shown = [
    inspect(value),
    inspect(value, { depth: Infinity, showHidden: true, getters: true, maxArrayLength: null, maxStringLength: null }),
    inspect(value, { customInspect: false, depth: Infinity, showHidden: true }),
    JSON.stringify(value) ?? '',
    String(value),
  ]
  if (value instanceof Error)
    shown.push(value.message, value.stack ?? '', JSON.stringify(Object.getOwnPropertyDescriptors(value)))
  return shown.join('\n')
}

function thrown(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

it('the test would see a leak', () => {
  const { secretKeyBase } = SECRETS
  const key = pbkdf2Sync(secretKeyBase, 'signed cookie', 1, 64, 'sha256')
  for (const value of [
    { a: { b: secretKeyBase } },
    key,
    new Uint8Array(key),
    key.toString('hex'),
    new Error(secretKeyBase),
  ]) {
    expect(leaks(printed(value))).not.toEqual([])
  }
})

describe.each(backends.map(({ name }) => name))('%s: nothing shows a secret or a derived key:', (backend) => {
  const { secretKeyBase, older, token, rotated, raw } = SECRETS
  const rails = createRails({
    secretKeyBase: [secretKeyBase, older],
    secretToken: token,
    loadDefaults: '5.2',
    keyGeneratorIterations: 1,
    cookiesSerializer: 'json',
    cookiesRotations: [
      { kind: 'encrypted', secretKeyBase: rotated },
      { kind: 'encrypted', secrets: [Buffer.from(raw)] },
      { kind: 'signed', secrets: [raw] },
    ],
    backend,
    now: () => NOW,
  })

  it('an application, its cookies and what they return', () => {
    const cookies = [rails.session, rails.cookies.signed('a'), rails.cookies.encrypted('b'), rails.cookies.plain('c')]
    const session = rails.session.seal({ user_id: 1 })
    const opened = [rails.session.open(session), rails.session.open('x'), rails.cookies.signed('a').open(session)]
    for (const value of [rails, rails.cookies, rails.cookies.permanent, ...cookies, ...opened]) {
      expect(leaks(printed(value))).toEqual([])
    }
    expect(inspect(rails)).toBe(`Rails { backend: '${backend}', session: '_session_id' }`)
  })

  it('a KeyGenerator, a verifier, an encryptor', () => {
    const generator = new KeyGenerator(secretKeyBase, { iterations: 1, backend })
    expect(Buffer.from(generator.generateKey('my salt')).toString('hex')).toBe(
      pbkdf2Sync(secretKeyBase, 'my salt', 1, 64, 'sha1').toString('hex'),
    )
    const verifier = new MessageVerifier(secretKeyBase, { rotations: [{ secret: older }], backend })
    const encryptor = new MessageEncryptor(raw, { cipher: 'aes-256-cbc', signSecret: older, backend })
    for (const value of [generator, verifier, encryptor]) expect(leaks(printed(value))).toEqual([])
  })

  it('a key, a keyring', () => {
    const selected = backends.find(({ name }) => name === backend)!
    const key = selected.derive({
      digest: 'SHA256',
      secret: Buffer.from(secretKeyBase),
      salt: Buffer.from('signed cookie'),
      iterations: 1,
      length: 64,
    })
    const keyring = selected.keyring([{ kind: 'signed', digest: 'SHA1', key, urlSafe: false }])
    for (const value of [key, keyring]) expect(leaks(printed(value))).toEqual([])
  })

  it.each<[what: string, action: () => unknown]>([
    ['the secret instead of options', () => createRails(secretKeyBase as never)],
    ['the secret in an array instead of options', () => createRails([secretKeyBase] as never)],
    ['the secret and an unknown option', () => createRails({ secretKeyBase, secret: secretKeyBase } as never)],
    ['the secret and a wrong option', () => createRails({ secretKeyBase, backend: 'js' as never })],
    ['too short a secret', () => createRails({ secretKeyBase: 'Correct-Horse-Battery-Staple' })],
    ['a secret that is a number', () => createRails({ secretKeyBase: 1234567890123456 as never })],
    ['a token that is a number', () => createRails({ secretToken: 1234567890123456 as never, loadDefaults: '4.2' })],
    ['too short a token', () => createRails({ secretToken: 'An-old-secret-token', loadDefaults: '4.2' })],
    ['a token for a new Rails', () => createRails({ secretToken: token, loadDefaults: '7.1' })],
    ['a secret in a rotation list', () => createRails({ secretKeyBase, cookiesRotations: [older as never] })],
    [
      'a key for secrets',
      () => createRails({ secretKeyBase, cookiesRotations: [{ kind: 'signed', secrets: raw as never }] }),
    ],
    [
      'a key of the wrong length',
      () => createRails({ secretKeyBase, cookiesRotations: [{ kind: 'encrypted', secrets: [older] }] }),
    ],
    [
      'a number in a rotation',
      () => createRails({ secretKeyBase, cookiesRotations: [{ kind: 'signed', secretKeyBase: 1234567 as never }] }),
    ],
    [
      'contradicting rotation',
      () =>
        createRails({ secretKeyBase, cookiesRotations: [{ kind: 'signed', secrets: [raw], secretKeyBase: older }] }),
    ],
    ['the secret for the options of KeyGenerator', () => new KeyGenerator('a', secretKeyBase as never)],
    ['a wrong option of KeyGenerator', () => new KeyGenerator(secretKeyBase, { iterations: 0 })],
    ['an array for the secret of KeyGenerator', () => new KeyGenerator([secretKeyBase] as never)],
    ['a wrong key size', () => new KeyGenerator(secretKeyBase).generateKey('my salt', 0)],
    ['the secret for the options of a verifier', () => new MessageVerifier('a', secretKeyBase as never)],
    ['a wrong option of a verifier', () => new MessageVerifier(secretKeyBase, { digest: 'sha1' as never })],
    ['a wrong secret of a verifier', () => new MessageVerifier({ secretKeyBase } as never)],
    ['a wrong rotation of a verifier', () => new MessageVerifier(secretKeyBase, { rotations: [older as never] })],
    ['a key of the wrong length for an encryptor', () => new MessageEncryptor(secretKeyBase)],
    ['a wrong signSecret', () => new MessageEncryptor(raw, { signSecret: [older] as never })],
    ['a rotation of the wrong length', () => new MessageEncryptor(raw, { rotations: [{ secret: older }] })],
    ['a value that cannot be sealed', () => rails.session.seal({ f: () => 1 })],
    ['too long a session', () => rails.session.seal({ pad: 'p'.repeat(5000) })],
    ['no session', () => rails.session.seal('x' as never)],
  ])('the error of %s', (_, action) => {
    const error = thrown(action)
    expect(error).toHaveProperty('code', expect.stringMatching(/^ERR_RAILS_SESSION_/))
    const text = printed(error)
    expect(leaks(text.replaceAll(/^\s+at .*$/gm, ''))).toEqual([])
    expect(text).not.toMatch(/1234567|Correct-Horse|An-old-secret/)
  })
})
