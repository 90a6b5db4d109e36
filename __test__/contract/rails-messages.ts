import { readFileSync } from 'node:fs'
import type { AeadCipher, Backend, CbcCipher, Digest, Key, Keyring } from '../../src/backend/backend.ts'

/** A message that real Rails wrote or refused. */
export interface RailsMessage {
  /** Version of the Rails that wrote it, and the name of the case. */
  readonly id: string
  readonly scheme: number
  readonly escaped: boolean
  readonly text: string
  /** Base64 of the plaintext. */
  readonly plaintext?: string
  /** The value that the plaintext is JSON of. */
  readonly json?: unknown
  /** Rails refuses the message. */
  readonly rejected?: true
  /** Rails wrote exactly this text. */
  readonly sealed?: true
}

interface RailsFile {
  readonly secrets: readonly string[]
  readonly keys: readonly (
    | { readonly hex: string }
    | {
        readonly digest: Digest
        readonly secret: number
        readonly salt: string
        readonly iterations: number
        readonly length: number
      }
  )[]
  readonly schemes: readonly (
    | { readonly kind: 'signed'; readonly digest: Digest; readonly key: number; readonly urlSafe: boolean }
    | {
        readonly kind: 'cbc'
        readonly cipher: CbcCipher
        readonly key: number
        readonly signKey: number
        readonly digest: Digest
        readonly urlSafe: boolean
      }
    | { readonly kind: 'aead'; readonly cipher: AeadCipher; readonly key: number; readonly urlSafe: boolean }
  )[]
  readonly messages: readonly RailsMessage[]
}

const file: RailsFile = JSON.parse(readFileSync(new URL('rails-messages.json', import.meta.url), 'utf8'))

/** All recorded messages. */
export const railsMessages: readonly RailsMessage[] = file.messages

/** Kind and alphabet of a recorded message's scheme. */
export function railsScheme(message: RailsMessage): { kind: 'signed' | 'cbc' | 'aead'; urlSafe: boolean } {
  const scheme = file.schemes[message.scheme]
  if (scheme === undefined) throw new Error(`no scheme ${message.scheme}`)
  return scheme
}

/** Makes the keyrings that open recorded messages, one for each scheme. */
export function railsKeyrings(backend: Backend): (message: RailsMessage) => Keyring {
  const keys = file.keys.map((key): Key => {
    if ('hex' in key) return backend.key(Buffer.from(key.hex, 'hex'))
    const { digest, iterations, length } = key
    const secret = Buffer.from(file.secrets[key.secret] ?? '')
    return backend.derive({ digest, secret, salt: Buffer.from(key.salt), iterations, length })
  })
  const keyOf = (index: number): Key => {
    const key = keys[index]
    if (key === undefined) throw new Error(`no key ${index}`)
    return key
  }
  const keyrings = file.schemes.map((scheme) =>
    backend.keyring([
      scheme.kind === 'cbc'
        ? { ...scheme, key: keyOf(scheme.key), signKey: keyOf(scheme.signKey) }
        : { ...scheme, key: keyOf(scheme.key) },
    ]),
  )
  return (message) => {
    const keyring = keyrings[message.scheme]
    if (keyring === undefined) throw new Error(`no scheme ${message.scheme}`)
    return keyring
  }
}
