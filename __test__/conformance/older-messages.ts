/**
 * How Rails 3.2 to 7.2 took messages apart, where that differs from 8.1: written from their sources, apart from the
 * library, so that a deviation is excused only if the older Rails is known to answer exactly as it was recorded.
 */
import { Buffer } from 'node:buffer'
import { createDecipheriv, createHmac } from 'node:crypto'
import type { CbcCipher, Digest, Key, Scheme } from '../../src/backend/backend.ts'
import { parseIso8601 } from '../../src/messages/iso8601.ts'
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'
import { readJson } from '../../src/serializers/json/reader.ts'

/** The Rails that is modelled. */
export interface Release {
  readonly rails: RailsVersion
  /** With its patch level, e.g. `7.2.2.2`. */
  readonly release: string
}

/** An authentic message: under which scheme, and what it says. */
export interface OpenedMessage {
  readonly scheme: Scheme
  readonly plaintext: Buffer
}

/** Opens a message text as that Rails did; null where it did not. */
export function openMessage(text: string, schemes: readonly Scheme[], release: Release): OpenedMessage | null {
  for (const scheme of schemes) {
    const plaintext = openUnder(text, scheme, release)
    if (plaintext !== null) return { scheme, plaintext }
  }
  return null
}

function openUnder(text: string, scheme: Scheme, release: Release): Buffer | null {
  switch (scheme.kind) {
    case 'signed':
      return verify(text, scheme.digest, scheme.key, scheme.urlSafe, release)
    case 'cbc': {
      const data = verify(text, scheme.digest, scheme.signKey, scheme.urlSafe, release)
      return data === null ? null : openCbc(data.toString('latin1'), scheme.cipher, scheme.key, scheme.urlSafe, release)
    }
    case 'aead': {
      const [data, iv, tag] = decodedParts(text, 3, scheme.urlSafe, release)
      if (!data?.length || iv?.length !== 12 || tag?.length !== 16) return null
      // The one interface for all of them; the cipher's own is typed apart.
      const name = scheme.cipher as 'aes-256-gcm'
      return decrypt(() => {
        const decipher = createDecipheriv(name, scheme.key.bytes(), iv, { authTagLength: 16 })
        decipher.setAuthTag(tag)
        return [decipher.update(data), decipher.final()]
      })
    }
  }
}

function verify(text: string, digest: Digest, key: Key, urlSafe: boolean, release: Release): Buffer | null {
  const parts = text.split('--')
  // Parts that followed were not looked at; from 7.0 on the digest is what stands at the end.
  if (parts.length > 2 && atLeast(release.rails, '7.0')) return null
  const [data, mac] = parts
  if (!data || createHmac(digest, key.bytes()).update(data).digest('hex') !== mac) return null
  return decodeSigned(data, urlSafe, release)
}

function openCbc(inner: string, cipher: CbcCipher, key: Key, urlSafe: boolean, release: Release): Buffer | null {
  const [data, iv] = cbcParts(inner, urlSafe, release)
  if (!data?.length || iv?.length !== 16) return null
  return decrypt(() => {
    const decipher = createDecipheriv(cipher, key.bytes(), iv)
    return [decipher.update(data), decipher.final()]
  })
}

function cbcParts(inner: string, urlSafe: boolean, release: Release): Array<Buffer | null> {
  return decodedParts(inner, 2, urlSafe, release)
}

/**
 * Whether decrypting a message raises more than the "no" of the message classes: 4.0 let out what OpenSSL says about an IV
 * of another length and an empty ciphertext.
 */
export function raisesInDecryption(text: string, schemes: readonly Scheme[], release: Release): boolean {
  if (atLeast(release.rails, '4.1')) return false
  return schemes.some((scheme) => {
    if (scheme.kind !== 'cbc') return false
    const inner = verify(text, scheme.digest, scheme.signKey, scheme.urlSafe, release)
    if (inner === null) return false
    const [data, iv] = cbcParts(inner.toString('latin1'), scheme.urlSafe, release)
    // Without any IV it was a TypeError, which it took for a broken message.
    return iv !== undefined && (iv?.length !== 16 || data?.length === 0)
  })
}

function decrypt(run: () => Buffer[]): Buffer | null {
  try {
    return Buffer.concat(run())
  } catch {
    return null
  }
}

/** The parts between `--`. Up to 7.0 more of them were of no consequence, but had to be base64, too. */
function decodedParts(text: string, count: number, urlSafe: boolean, release: Release): Array<Buffer | null> {
  const parts = text.split('--')
  if (parts.length > count && atLeast(release.rails, '7.1')) return []
  const decoded = parts.map((part) => (atLeast(release.rails, '4.1') ? decode(part, urlSafe) : decodeLeniently(part)))
  return decoded.includes(null) ? [] : decoded
}

/** Base64 below a signature: 7.2.3 and 8.0 brought the second try in the other alphabet. */
export function decodeSigned(text: string, urlSafe: boolean, release: Release): Buffer | null {
  if (!atLeast(release.rails, '4.1')) return decodeLeniently(text)
  const second = atLeast(release.rails, '8.0') || (release.rails === '7.2' && patch(release) >= 3)
  return decode(text, urlSafe) ?? (second ? decode(text, !urlSafe) : null)
}

function patch({ release }: Release): number {
  return Number(release.split('.')[2])
}

/** Ruby's strict decoder; its url-safe one adds the padding, and knows both alphabets. */
function decode(text: string, urlSafe: boolean): Buffer | null {
  if (!urlSafe) return decodeStrictly(text)
  const padded = text.endsWith('=') ? text : text.padEnd(Math.ceil(text.length / 4) * 4, '=')
  return decodeStrictly(padded.replaceAll('-', '+').replaceAll('_', '/'))
}

function decodeStrictly(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

/** Ruby's `unpack('m')`: passes over what is no base64, and ends at the padding. */
function decodeLeniently(text: string): Buffer {
  const digits: string[] = []
  for (const character of text) {
    if (/[A-Za-z0-9+/]/.test(character)) digits.push(character)
    else if (character === '=' && digits.length % 4 >= 2) break
  }
  return Buffer.from(digits.join(''), 'base64')
}

/** What was under the metadata, or how that Rails refused: quietly (`nil`) or with an exception of which class. */
export type Unwrapped = { readonly payload: Buffer } | { readonly refused: Refusal }

/** `nil`, or the exception that came out of the metadata. */
export type Refusal = 'nil' | 'ArgumentError' | 'TypeError' | 'NoMethodError'

/** Takes the metadata off as 5.2 to 7.0 did: any layout counts, and a message without them has the purpose "". */
export function unwrap(plaintext: Buffer, purpose: string, now: number, release: Release): Unwrapped {
  const read = readJson(plaintext.toString('utf8'))
  const value = read.ok ? read.value : null
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, '_rails')) {
    return purpose === '' ? { payload: plaintext } : { refused: 'nil' }
  }
  const inner: unknown = (value as Record<string, unknown>)['_rails']
  // Ruby: [...]["message"] and 5["message"], then nil["message"]; "…message…"["message"] is "message", or else nil.
  if (Array.isArray(inner) || Number.isInteger(inner)) return { refused: 'TypeError' }
  if (typeof inner === 'string') return { refused: inner.includes('message') ? 'ArgumentError' : 'NoMethodError' }
  if (typeof inner !== 'object' || inner === null) return { refused: 'NoMethodError' }
  const { message, exp, pur } = inner as Record<string, unknown>
  if (typeof message !== 'string') return { refused: 'NoMethodError' }
  const payload = decode(message, false)
  if (payload === null) return { refused: 'ArgumentError' }
  const expiry = expiryOf(exp, release)
  // 6.0 and later read the date before they look at the purpose.
  if (expiry === 'ArgumentError' && typeof exp === 'string' && atLeast(release.rails, '6.0')) return { refused: expiry }
  if (purposeText(pur) !== purpose) return { refused: 'nil' }
  if (typeof expiry === 'string') return { refused: expiry }
  return expiry !== null && now >= expiry ? { refused: 'nil' } : { payload }
}

function expiryOf(exp: unknown, release: Release): number | null | Refusal {
  if (exp === undefined || exp === null) return null
  if (typeof exp === 'string') {
    const time = parseIso8601(exp)
    return Number.isNaN(time) ? 'ArgumentError' : time
  }
  if (typeof exp === 'number' && atLeast(release.rails, '6.0')) return (exp - 2_440_587.5) * 86_400_000
  return atLeast(release.rails, '6.0') ? 'ArgumentError' : 'TypeError'
}

/** Ruby's `to_s`, as far as a purpose can be equal to it. */
function purposeText(pur: unknown): string {
  return typeof pur === 'object' && pur !== null ? '\u0000' : String(pur ?? '')
}
