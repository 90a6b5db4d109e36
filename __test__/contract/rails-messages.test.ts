import { describe, expect, it } from 'vitest'
import { SealFlag } from '../../src/backend/backend.ts'
import { plaintextOf, statusOf, open } from './answer.ts'
import { backends } from './backends.ts'
import { type RailsMessage, railsKeyrings, railsMessages, railsScheme } from './rails-messages.ts'

describe.each([...backends])('$name backend and messages of real Rails', (backend) => {
  const keyringOf = railsKeyrings(backend)

  it.each(railsMessages.filter(({ rejected }) => !rejected))('opens $id', (message) => {
    const plaintext = plaintextOf(open(keyringOf(message), message.text, message.escaped, 0))
    const { plaintext: base64, json } = message
    expect(base64 === undefined ? JSON.parse(plaintext.toString()) : plaintext.toString('base64')).toEqual(
      base64 ?? json,
    )
  })

  it.each(railsMessages.filter(({ rejected }) => rejected))('refuses $id', (message) => {
    expect(statusOf(open(keyringOf(message), message.text, message.escaped, 0))).not.toBe('OK')
  })

  it.each(railsMessages.filter(({ sealed }) => sealed))('seals as $id', (message) => {
    const keyring = keyringOf(message)
    const plaintext =
      message.plaintext === undefined
        ? Buffer.from(JSON.stringify(message.json))
        : Buffer.from(message.plaintext, 'base64')
    const escape = message.escaped ? SealFlag.ESCAPE : 0
    const iv = ivOf(message)

    const flags = escape | SealFlag.BYTES
    expect(keyring.sealWithIv(plaintext.toString('latin1'), '', flags, iv)).toBe(message.text)

    const envelope = /^\{"_rails":\{"message":"([^"]*)(".*)$/.exec(plaintext.toString('latin1'))
    if (envelope === null) return
    const payload = Buffer.from(envelope[1] ?? '', 'base64').toString('latin1')
    expect(keyring.sealWithIv(payload, envelope[2] ?? '', flags, iv)).toBe(message.text)
  })

  it('has some of every kind', () => {
    for (const kind of ['signed', 'cbc', 'aead'] as const) {
      expect(count((message) => railsScheme(message).kind === kind && message.sealed)).toBeGreaterThan(10)
      expect(count((message) => railsScheme(message).kind === kind && message.rejected)).toBeGreaterThan(20)
      expect(count((message) => railsScheme(message).kind === kind && railsScheme(message).urlSafe)).toBeGreaterThan(5)
    }
    for (const version of ['4.2', '5.2', '6.1p', '7.1', '8.1']) {
      expect(count(({ id }) => id.startsWith(`${version} `))).toBeGreaterThan(5)
    }
  })
})

function count(test: (message: RailsMessage) => boolean | undefined): number {
  return railsMessages.filter(test).length
}

/** The IV that Rails drew for a message of its own. */
function ivOf(message: RailsMessage): Uint8Array {
  const { text, escaped } = message
  const scheme = railsScheme(message)
  const parts = (escaped ? decodeURIComponent(text) : text).split(/--(?!-)/)
  if (scheme.kind === 'signed') return new Uint8Array(0)
  if (scheme.kind === 'aead') return Buffer.from(parts.at(-2) ?? '', 'base64')
  const data = parts.slice(0, -1).join('--')
  return Buffer.from(
    Buffer.from(data, 'base64')
      .toString('latin1')
      .slice(scheme.urlSafe ? -22 : -24),
    'base64',
  )
}
