import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import type { SessionData } from '../../src/session/request-session.ts'
import { COOKIE_NAME, type Format, SALTS, SECRET } from '../formats.ts'
import type { Opener } from './session.ts'

/** What people write, with keys derived once. Throws on a cookie that it refuses. */
export function canonicalOpener({ name, key, signKey }: Format): Opener {
  switch (name) {
    case 'gcm':
    case 'gcm+envelope':
      return (cookie) => openGcm(cookie, key)
    case 'cbc':
      return (cookie) => openCbc(cookie, key, signKey)
    case 'signed':
      return (cookie) => openSigned(cookie, key)
  }
}

/** What many snippets do: derive the keys again for each cookie. Shown as a warning; no ratio is taken from it. */
export function derivingOpener(format: Format): Opener {
  const { digest, iterations } = format.derivation
  const [salt, length] = SALTS[format.name]
  return (cookie) => {
    const key = pbkdf2Sync(SECRET, salt, iterations, length, digest)
    const signKey = format.name === 'cbc' ? pbkdf2Sync(SECRET, 'signed encrypted cookie', iterations, 64, digest) : key
    return canonicalOpener({ ...format, key, signKey })(cookie)
  }
}

function openGcm(cookie: string, key: Buffer): SessionData {
  const [data, iv, tag] = decodeURIComponent(cookie)
    .split('--')
    .map((part) => Buffer.from(part, 'base64'))
  if (!data || !iv || tag?.length !== 16) throw new Error('malformed')
  const decipher = createDecipheriv('aes-256-gcm', key, iv)
  decipher.setAuthTag(tag)
  return read(Buffer.concat([decipher.update(data), decipher.final()]).toString())
}

function openCbc(cookie: string, key: Buffer, signKey: Buffer): SessionData {
  const [data, iv] = verified(cookie, signKey)
    .toString()
    .split('--')
    .map((part) => Buffer.from(part, 'base64'))
  if (!data || !iv) throw new Error('malformed')
  const decipher = createDecipheriv('aes-256-cbc', key, iv)
  return read(Buffer.concat([decipher.update(data), decipher.final()]).toString())
}

function openSigned(cookie: string, key: Buffer): SessionData {
  return read(verified(cookie, key).toString())
}

function verified(cookie: string, key: Buffer): Buffer {
  const [data, digest] = decodeURIComponent(cookie).split('--')
  if (!data || !digest) throw new Error('malformed')
  const expected = createHmac('sha1', key).update(data).digest('hex')
  if (digest.length !== expected.length || !timingSafeEqual(Buffer.from(digest), Buffer.from(expected))) {
    throw new Error('wrong HMAC')
  }
  return Buffer.from(data, 'base64')
}

function read(plaintext: string): SessionData {
  const parsed = JSON.parse(plaintext)
  const { _rails: envelope } = parsed
  if (envelope === undefined) return parsed
  if (envelope.exp && Date.parse(envelope.exp) <= Date.now()) throw new Error('expired')
  if (envelope.pur && envelope.pur !== `cookie.${COOKIE_NAME}`) throw new Error('wrong purpose')
  return JSON.parse(Buffer.from(envelope.message, 'base64').toString())
}
