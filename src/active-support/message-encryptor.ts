import type { AeadCipher, Backend, CbcCipher } from '../backend/backend.ts'
import { selectBackend } from '../backend/select.ts'
import { ConfigError } from '../errors.ts'
import type { Opened } from '../messages/opened.ts'
import { CIPHERS, isCbc, keyLength } from '../rails/names.ts'
import { OptionReader } from '../rails/validate.ts'
import { MessageCodec, type Variant } from './message-codec.ts'
import {
  MESSAGE_OPTIONS,
  type MessageMetadata,
  type MessageOptions,
  type MessageSettings,
  readMessageSettings,
  secretBytes,
} from './message-options.ts'

/** Options of {@link MessageEncryptor}. */
export interface MessageEncryptorOptions extends MessageOptions {
  /** Default `'aes-256-gcm'`, as with `load_defaults` 5.2. */
  cipher?: AeadCipher | CbcCipher
  /** HMAC key of an AES-CBC cipher. Default: the secret itself. */
  signSecret?: string | Uint8Array
  /** Older settings that still decrypt, tried in order; what one does not give is inherited. */
  rotations?: ReadonlyArray<
    MessageOptions & { secret?: string | Uint8Array; signSecret?: string | Uint8Array; cipher?: AeadCipher | CbcCipher }
  >
}

/**
 * Encrypts and decrypts messages as `ActiveSupport::MessageEncryptor` of Rails 8.1 does; reads what older ones wrote.
 *
 * @example
 * import { KeyGenerator, MessageEncryptor } from 'rails-session/active-support'
 *
 * const key = new KeyGenerator('secret_key_base', { iterations: 1000 }).generateKey('my salt', 32)
 * const encryptor = new MessageEncryptor(key, { serializer: 'json' })
 * const message = encryptor.encryptAndSign({ id: 7 }, { expiresIn: '2 hours' })
 * const opened = encryptor.decryptAndVerify(message)
 * if (opened.ok) console.log(opened.data) // { id: 7 }
 */
export class MessageEncryptor {
  readonly #codec: MessageCodec

  /**
   * `secret`: the key, as long as the cipher needs it, text (its UTF-8 counts) or bytes. Throws a `ConfigError` for
   * wrong options.
   */
  constructor(secret: string | Uint8Array, options: MessageEncryptorOptions = {}) {
    const reader = new OptionReader('MessageEncryptor', options, [...OWN_OPTIONS, 'rotations'])
    const settings = readMessageSettings(reader, null)
    const backend = selectBackend(settings.backend)
    const own = readKeys(reader, 'MessageEncryptor', {
      secret: secretBytes(secret, 'MessageEncryptor'),
      signSecret: null,
      cipher: 'aes-256-gcm',
    })
    const rotations = reader.list('rotations').map((given, i) => {
      const where = `MessageEncryptor: rotations[${i}]`
      const rotation = new OptionReader(where, given, [...OWN_OPTIONS, 'secret'])
      return variant(backend, readKeys(rotation, where, own), readMessageSettings(rotation, settings))
    })
    this.#codec = new MessageCodec(backend, [variant(backend, own, settings), ...rotations])
  }

  /** The encrypted message. Throws an `UnserializableValueError` for a value that has no representation. */
  encryptAndSign(value: unknown, metadata: MessageMetadata = {}): string {
    return this.#codec.seal(value, metadata)
  }

  /** Where Rails raises InvalidMessage or returns nil, a result says why. Never throws. */
  decryptAndVerify(message: string, { purpose }: { purpose?: string } = {}): Opened {
    return this.#codec.open(message, purpose ?? null)
  }
}

interface Keys {
  readonly secret: Uint8Array
  readonly signSecret: Uint8Array | null
  readonly cipher: AeadCipher | CbcCipher
}

function readKeys(reader: OptionReader, where: string, inherited: Keys): Keys {
  const keys = {
    secret: reader.has('secret') ? secretBytes(reader.raw('secret'), where) : inherited.secret,
    signSecret: reader.has('signSecret') ? secretBytes(reader.raw('signSecret'), where) : inherited.signSecret,
    cipher: reader.oneOf('cipher', CIPHERS) ?? inherited.cipher,
  }
  const needed = keyLength(keys.cipher)
  if (keys.secret.length === needed) return keys
  throw new ConfigError(`${where}: the secret has ${keys.secret.length} bytes; ${keys.cipher} needs ${needed}`)
}

function variant(backend: Backend, keys: Keys, settings: MessageSettings): Variant {
  const { cipher, secret, signSecret } = keys
  const { digest, urlSafe } = settings
  const key = backend.key(secret)
  const scheme = isCbc(cipher)
    ? ({ kind: 'cbc', cipher, key, signKey: backend.key(signSecret ?? secret), digest, urlSafe } as const)
    : ({ kind: 'aead', cipher, key, urlSafe } as const)
  return { scheme, settings }
}

const OWN_OPTIONS = [...MESSAGE_OPTIONS, 'cipher', 'signSecret']
