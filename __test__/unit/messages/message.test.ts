import { describe, expect, it } from 'vitest'
import { type Keyring, OPEN_FROM_SHIFT } from '../../../src/backend/backend.ts'
import { type Message, openMessage } from '../../../src/messages/message.ts'
import { backends } from '../../contract/backends.ts'

const b64 = (text: string | Buffer): string => Buffer.from(text).toString('base64')

describe.each(backends.map((backend) => [backend.name, backend] as const))('openMessage on %s', (_, backend) => {
  const key = (letter: string): ReturnType<typeof backend.key> => backend.key(Buffer.alloc(64, letter))
  const gcmKey = backend.key(Buffer.alloc(32, 'g'))
  const scheme = (letter: string): Parameters<typeof backend.keyring>[0][0] => ({
    kind: 'signed',
    digest: 'SHA1',
    key: key(letter),
    urlSafe: false,
  })
  const keyring = backend.keyring([
    scheme('a'),
    scheme('b'),
    { kind: 'aead', cipher: 'aes-256-gcm', key: gcmKey, urlSafe: false },
  ])
  const writer = backend.keyring([scheme('a')])
  const other = backend.keyring([scheme('b')])
  const encryptor = backend.keyring([{ kind: 'aead', cipher: 'aes-256-gcm', key: gcmKey, urlSafe: false }])

  function open(plaintext: string, by: Keyring = writer, from = 0): Message {
    const message = openMessage(keyring, by.seal(plaintext, '', 0), from << OPEN_FROM_SHIFT, (number) => number < 2)
    if (typeof message === 'string') throw new Error(message)
    return message
  }
  const refusal = (plaintext: string, by: Keyring = writer): unknown =>
    openMessage(keyring, by.seal(plaintext, '', 0), 0, (number) => number < 2)

  it('gives the payload and the scheme', () => {
    expect(open('{"a":1}')).toEqual({
      scheme: 0,
      text: '{"a":1}',
      bytes: false,
      plainJson: true,
      purpose: null,
      expiresAt: null,
      tokens: 0,
    })
    expect(open('1', other)).toMatchObject({ scheme: 1 })
    expect(open('1', encryptor)).toMatchObject({ scheme: 2 })
    expect(open('1', other, 1)).toMatchObject({ scheme: 1 })
    expect(open('1.0e400 é')).toMatchObject({ text: '1.0e400 é', bytes: false })
    expect(open('-0')).toMatchObject({ plainJson: false })
  })

  it('takes a canonical envelope apart', () => {
    const text = `{"_rails":{"message":"${b64('[1]')}","exp":"2026-11-23T12:00:00.000Z","pur":"p"}}`
    expect(open(text)).toEqual({
      scheme: 0,
      text: '[1]',
      bytes: false,
      plainJson: true,
      purpose: 'p',
      expiresAt: Date.UTC(2026, 10, 23, 12),
      tokens: 0,
    })
    expect(open(`{"_rails":{"message":"${b64('[1]')}","exp":null,"pur":null}}`)).toMatchObject({
      purpose: '',
      expiresAt: null,
      tokens: 0,
    })
    expect(open(`{"_rails":{"message":"${b64(Buffer.of(255))}","exp":null,"pur":null}}`)).toMatchObject({
      text: '\u00FF',
      bytes: true,
    })
  })

  it.each([
    ['no metadata', '', { purpose: '', expiresAt: null }],
    [
      'another order',
      ',"pur":"p","exp":"2026-11-23T12:00:00.000Z"',
      { purpose: 'p', expiresAt: Date.UTC(2026, 10, 23, 12) },
    ],
    ['blanks', ' , "exp" : null , "pur" : "p" ', { purpose: 'p', expiresAt: null }],
    ['an escape', ',"exp":null,"pur":"\\u0070"', { purpose: 'p', expiresAt: null }],
    ['a purpose that is not ASCII', ',"exp":null,"pur":"é"', { purpose: 'é', expiresAt: null }],
    ['an empty purpose', ',"exp":null,"pur":""', { purpose: '', expiresAt: null }],
    ['a number for the purpose', ',"pur":5', { purpose: '5', expiresAt: null }],
    ['more', ',"exp":null,"pur":"p","x":1', { purpose: 'p', expiresAt: null }],
    ['a long purpose', `,"exp":null,"pur":"${'p'.repeat(300)}"`, { purpose: 'p'.repeat(300), expiresAt: null }],
  ])('takes an envelope with %s apart', (_name, rest, metadata) => {
    expect(open(`{"_rails":{"message":"${b64('[1]')}"${rest}}}`)).toEqual({
      scheme: 0,
      text: '[1]',
      tokens: 0,
      bytes: false,
      plainJson: false,
      ...metadata,
    })
  })

  it('is strict about the base64 in it where the message was encrypted', () => {
    const envelope = '{"_rails":{"message":"WzFd_-8","exp":null,"pur":null}}'
    expect(open(envelope)).toMatchObject({ bytes: true })
    expect(refusal(envelope, encryptor)).toBe('undecodable')
  })

  it('takes nothing else for an envelope', () => {
    const others = [
      '{ "_rails":{"message":"WzFd"}}',
      '{"_rails" :{"message":"WzFd"}}',
      '{"_rails":{"exp":null,"message":"WzFd"}}',
      '{"_rails":{"data":1}}',
      '{"x":1,"_rails":{"message":"WzFd"}}',
      ' {"_rails":{"message":"WzFd"}}',
      '{"_rails":{"message" :"WzFd"}}',
    ]
    for (const text of others) expect(open(text)).toMatchObject({ text, bytes: false, purpose: null })
  })

  it.each([
    ['{"_rails":{"message":'],
    ['{"_rails":{"message":"WzFd"'],
    ['{"_rails":{"message":"W*Fd"}}'],
    ['{"_rails":{"message":null}}'],
    ['{"_rails":{"message":"WzFd","exp":"tomorrow","pur":null}}'],
    ['{"_rails":{"message":"WzFd","exp":true}}'],
    ['{"_rails":{"message":"WzFd"}}trailing'],
  ])('undecodable: %s', (text) => {
    expect(refusal(text)).toBe('undecodable')
  })

  it('undecodable: an envelope that is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"_rails":{"message":"WzFd","x":"'), Buffer.of(0xff), Buffer.from('"}}')])
    expect(openMessage(keyring, writer.seal(bytes.toString('latin1'), '', 1), 0, () => true)).toBe('undecodable')
  })

  it('refuses with a reason', () => {
    expect(openMessage(keyring, 'x', 0, () => true)).toBe('malformed')
    expect(openMessage(keyring, `x${writer.seal('1', '', 0)}`, 0, () => true)).toBe('unauthenticated')
    expect(openMessage(keyring, writer.seal('1', '', 0), 1 << OPEN_FROM_SHIFT, () => true)).toBe('unauthenticated')
    expect(openMessage(keyring, writer.seal('1', '', 0), 3 << OPEN_FROM_SHIFT, () => true)).toBe('malformed')
  })
})
