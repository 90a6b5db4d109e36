import { createCipheriv, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import type { RailsOptions } from '../src/rails/options.ts'
import type { Sample } from './corpus.ts'
import { rubyMarshal } from './marshal.ts'

/** A way in which Rails protects a session cookie. */
export type FormatName = 'gcm' | 'gcm+envelope' | 'cbc' | 'signed'

/** A format with the settings that select it and the keys that Rails derives for it. */
export interface Format {
  readonly name: FormatName
  readonly rails: RailsOptions
  /** The payload is wrapped in a metadata envelope, as by Rails 6.0 and later. */
  readonly envelope: boolean
  readonly derivation: { readonly digest: 'sha1' | 'sha256'; readonly iterations: number }
  /** Encrypts, or signs where nothing is encrypted. */
  readonly key: Buffer
  /** HMAC-SHA1 key beside an AES-CBC key. */
  readonly signKey: Buffer
}

/** Name of the session cookie everywhere in the benchmark. */
export const COOKIE_NAME: string = '_app_session'

/** `secret_key_base` everywhere in the benchmark. */
export const SECRET: string = '5f2d7c1e'.repeat(16)

/** Salt and length of the first key. */
export const SALTS: Readonly<Record<FormatName, readonly [salt: string, length: number]>> = {
  gcm: ['authenticated encrypted cookie', 32],
  'gcm+envelope': ['authenticated encrypted cookie', 32],
  cbc: ['encrypted cookie', 32],
  signed: ['signed cookie', 64],
}

/** Settings of Rails 7.1 without and with metadata, of Rails 5.1, and of a signed session in Rails 7.1. */
export const FORMATS: readonly Format[] = [
  withKeys('gcm', 'sha256', { loadDefaults: '7.1', useCookiesWithMetadata: false }),
  withKeys('gcm+envelope', 'sha256', { loadDefaults: '7.1' }),
  withKeys('cbc', 'sha1', { loadDefaults: '5.1', cookiesSerializer: 'json' }),
  withKeys('signed', 'sha256', { loadDefaults: '7.1', encryptSession: false }),
]

/** The cookies of a sample in a format, as they stand in a Cookie header; each with an IV of its own. */
export function cookiesOf(format: Format, sample: Sample): readonly string[] {
  return sample.json.map((json) => sealAsRails(format, json))
}

/** As {@link cookiesOf}, with Rails' Marshal serializer. */
export function marshalCookiesOf(format: Format, sample: Sample): readonly string[] {
  return sample.sessions.map((session) => sealAsRails(format, rubyMarshal(session)))
}

/** One session, given as JSON or a dump, as Rails seals it. Plain code on purpose: the benchmark's idea of what is right. */
export function sealAsRails(format: Format, payload: string | Buffer): string {
  const plaintext = Buffer.from(format.envelope ? envelope(payload) : payload)
  return flat(encodeURIComponent(protect(format, plaintext)))
}

function withKeys(name: FormatName, digest: 'sha1' | 'sha256', rails: RailsOptions): Format {
  const derive = (salt: string, length: number): Buffer => pbkdf2Sync(SECRET, salt, 1000, length, digest)
  const [salt, length] = SALTS[name]
  return {
    name,
    rails: { secretKeyBase: SECRET, session: { key: COOKIE_NAME }, ...rails },
    envelope: name === 'gcm+envelope' || name === 'signed',
    derivation: { digest, iterations: 1000 },
    key: derive(salt, length),
    signKey: derive('signed encrypted cookie', 64),
  }
}

function envelope(payload: string | Buffer): string {
  const message = Buffer.from(payload).toString('base64')
  return JSON.stringify({ _rails: { message, exp: null, pur: `cookie.${COOKIE_NAME}` } })
}

function protect({ name, key, signKey }: Format, plaintext: Buffer): string {
  switch (name) {
    case 'gcm':
    case 'gcm+envelope': {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
      return [ciphertext, iv, cipher.getAuthTag()].map((part) => part.toString('base64')).join('--')
    }
    case 'cbc': {
      const iv = randomBytes(16)
      const cipher = createCipheriv('aes-256-cbc', key, iv)
      const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
      return sign(`${ciphertext.toString('base64')}--${iv.toString('base64')}`, signKey)
    }
    case 'signed':
      return sign(plaintext, key)
  }
}

function sign(text: string | Buffer, key: Buffer): string {
  const data = Buffer.from(text).toString('base64')
  return `${data}--${createHmac('sha1', key).update(data).digest('hex')}`
}

/** The same text in one piece of memory, as a header parser makes it; `+` leaves a tree of pieces. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}
