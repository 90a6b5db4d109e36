import { createCipheriv, createSecretKey, hash, randomFillSync } from 'node:crypto'
import type { SessionData } from '../../src/session/request-session.ts'
import { type Format, COOKIE_NAME } from '../formats.ts'
import { MAX_COOKIE, raw, scratch } from './scratch.ts'
import { escapeByLoop } from './text.ts'

/** Seals a session into the value for a Set-Cookie line. */
export type Sealer = (session: SessionData) => string

/**
 * The fastest ways found to seal with node:crypto. They are allowed what the library does not do: IVs out of a pool
 * of random bytes.
 */
export function sealers(format: Format): Readonly<Record<string, Sealer>> {
  const seal = sealerOf(format)
  return {
    'escape loop': (session) => checked(escapeByLoop(seal(plaintextOf(format, session)))),
    encodeURIComponent: (session) => checked(encodeURIComponent(seal(plaintextOf(format, session)))),
  }
}

function sealerOf({ name, key, signKey }: Format): (plaintext: string) => string {
  switch (name) {
    case 'gcm':
    case 'gcm+envelope':
      return gcmSealer(key)
    case 'cbc':
      return cbcSealer(key, signKey)
    case 'signed': {
      const mac = hmacHex(key)
      return (plaintext) => mac(text.base64Slice(0, text.utf8Write(plaintext, 0)))
    }
  }
}

function gcmSealer(keyBytes: Buffer): (plaintext: string) => string {
  const key = createSecretKey(keyBytes)
  return (plaintext) => {
    const iv = nextIv(12)
    const cipher = createCipheriv('aes-256-gcm', key, iv)
    const ciphertext = raw(cipher.update(plaintext, 'utf8'))
    cipher.final()
    return `${ciphertext.base64Slice()}--${raw(iv).base64Slice()}--${raw(cipher.getAuthTag()).base64Slice()}`
  }
}

function cbcSealer(keyBytes: Buffer, signKey: Buffer): (plaintext: string) => string {
  const key = createSecretKey(keyBytes)
  const mac = hmacHex(signKey)
  return (plaintext) => {
    const iv = nextIv(16)
    const cipher = createCipheriv('aes-256-cbc', key, iv)
    const start = cipher.update(plaintext, 'utf8')
    const end = cipher.final()
    start.copy(text, 0)
    end.copy(text, start.length)
    const inner = `${text.base64Slice(0, start.length + end.length)}--${raw(iv).base64Slice()}`
    return mac(text.base64Slice(0, text.latin1Write(inner, 0)))
  }
}

/** Appends `--` and the HMAC-SHA1 to a text of single bytes. */
function hmacHex(key: Buffer): (data: string) => string {
  const inner = scratch(64 + 2 * MAX_COOKIE).fill(0x36) as ReturnType<typeof scratch>
  const outer = scratch(84).fill(0x5c) as ReturnType<typeof scratch>
  for (const [index, byte] of key.entries()) {
    inner[index]! ^= byte
    outer[index]! ^= byte
  }
  return (data) => {
    const length = inner.latin1Write(data, 64)
    outer.latin1Write(hash('sha1', inner.subarray(0, 64 + length), 'binary'), 64)
    return `${data}--${hash('sha1', outer, 'hex')}`
  }
}

function plaintextOf({ envelope }: Format, session: SessionData): string {
  const json = JSON.stringify(session)
  return envelope ? HEAD + text.base64Slice(0, text.utf8Write(json, 0)) + TAIL : json
}

/** What browsers and Rails refuse is not to be sent. */
function checked(value: string): string {
  if (COOKIE_NAME.length + 1 + value.length > 4096) throw new RangeError('cookie too long')
  return value
}

function nextIv(length: 12 | 16): Buffer {
  if (poolUsed + length > pool.length) {
    randomFillSync(pool)
    poolUsed = 0
  }
  poolUsed += length
  return pool.subarray(poolUsed - length, poolUsed)
}

const pool = Buffer.allocUnsafeSlow(4096)
let poolUsed = pool.length
const text = scratch(4 * MAX_COOKIE)
const HEAD = '{"_rails":{"message":"'
const TAIL = `","exp":null,"pur":"cookie.${COOKIE_NAME}"}}`
