import { createDecipheriv, createSecretKey } from 'node:crypto'
import { MAX_COOKIE, scratch } from './scratch.ts'
import type { Opener, PlaintextReader } from './session.ts'
import {
  decodeBase64,
  decodeEscaped,
  isStrictBase64,
  loadEscaped,
  position,
  source,
  TEXT_START,
  unescapeByLoop,
  unescapeBySlices,
} from './text.ts'

/** The fastest ways found to open an AES-256-GCM cookie with node:crypto. Which of them wins depends on the size. */
export function gcmOpeners(keyBytes: Buffer, read: PlaintextReader): Readonly<Record<string, Opener>> {
  const key = createSecretKey(keyBytes)

  /** Unescapes bytes; lets OpenSSL's wrapper decode the base64. */
  const loop: Opener = (cookie) => {
    const end = unescapeByLoop(cookie)
    const ciphertextEnd = end - PARTS_AFTER_CIPHERTEXT
    if (ciphertextEnd <= TEXT_START || !hasSeparators(ciphertextEnd)) return undefined
    const ivStart = ciphertextEnd + 2
    if (decodeBase64(source.latin1Slice(ivStart, ivStart + 16), iv) !== 12) return undefined
    if (decodeBase64(source.latin1Slice(ivStart + 18, end), tag) !== 16) return undefined
    const ciphertext = source.latin1Slice(TEXT_START, ciphertextEnd)
    const decipher = createDecipheriv('aes-256-gcm', key, iv)
    decipher.setAuthTag(tag)
    const plaintext = decipher.update(ciphertext, 'base64')
    if (!isStrictBase64(ciphertext, plaintext.length)) return undefined
    try {
      decipher.final()
    } catch {
      return undefined
    }
    return read(plaintext, plaintext.length)
  }

  /** As `loop`, with the ciphertext decoded into kept memory. */
  const loopScratch: Opener = (cookie) => {
    const end = unescapeByLoop(cookie)
    const ciphertextEnd = end - PARTS_AFTER_CIPHERTEXT
    if (ciphertextEnd <= TEXT_START || !hasSeparators(ciphertextEnd)) return undefined
    const text = source.latin1Slice(TEXT_START, end)
    const ivStart = ciphertextEnd + 2 - TEXT_START
    if (decodeBase64(text.slice(ivStart, ivStart + 16), iv) !== 12) return undefined
    if (decodeBase64(text.slice(ivStart + 18), tag) !== 16) return undefined
    const length = decodeBase64(text.slice(0, ivStart - 2), ciphertextBytes)
    if (length < 0) return undefined
    const decipher = createDecipheriv('aes-256-gcm', key, iv)
    decipher.setAuthTag(tag)
    const plaintext = decipher.update(ciphertextBytes.subarray(0, length))
    try {
      decipher.final()
    } catch {
      return undefined
    }
    return read(plaintext, plaintext.length)
  }

  /** Unescapes by slicing the string. */
  const slices: Opener = (cookie) => {
    const text = unescapeBySlices(cookie)
    if (text === undefined) return undefined
    const end = text.length - PARTS_AFTER_CIPHERTEXT
    if (end <= 0 || !text.startsWith('--', end) || !text.startsWith('--', end + 18)) return undefined
    if (decodeBase64(text.slice(end + 2, end + 18), iv) !== 12) return undefined
    if (decodeBase64(text.slice(end + 20), tag) !== 16) return undefined
    const ciphertext = text.slice(0, end)
    const decipher = createDecipheriv('aes-256-gcm', key, iv)
    decipher.setAuthTag(tag)
    const plaintext = decipher.update(ciphertext, 'base64')
    if (!isStrictBase64(ciphertext, plaintext.length)) return undefined
    try {
      decipher.final()
    } catch {
      return undefined
    }
    return read(plaintext, plaintext.length)
  }

  /** Unescapes and decodes in one pass; leaves what is not as Rails writes it, e.g. an escaped `-`, to `loop`. */
  const fused: Opener = (cookie) => {
    const end = loadEscaped(cookie)
    const length = decodeEscaped(source, TEXT_START, end, ciphertextBytes)
    if (length <= 0 || source[position] !== DASH || source[position + 1] !== DASH) return loop(cookie)
    if (decodeEscaped(source, position + 2, end, iv) !== 12) return loop(cookie)
    if (source[position] !== DASH || source[position + 1] !== DASH) return loop(cookie)
    if (decodeEscaped(source, position + 2, end, tag) !== 16 || position !== end) return loop(cookie)
    const decipher = createDecipheriv('aes-256-gcm', key, iv)
    decipher.setAuthTag(tag)
    const plaintext = decipher.update(ciphertextBytes.subarray(0, length))
    try {
      decipher.final()
    } catch {
      return undefined
    }
    return read(plaintext, plaintext.length)
  }

  return { loop, 'loop, scratch': loopScratch, slices, fused }
}

/** `--`, 16 characters of IV, `--`, 24 characters of tag. */
const PARTS_AFTER_CIPHERTEXT = 44
const DASH = 0x2d

function hasSeparators(end: number): boolean {
  return source[end] === DASH && source[end + 1] === DASH && source[end + 18] === DASH && source[end + 19] === DASH
}

const iv = scratch(12)
// One more than a tag has, so that a longer one shows.
const tagRoom = scratch(18)
const tag = tagRoom.subarray(0, 16) as typeof tagRoom
const ciphertextBytes = scratch(MAX_COOKIE)
