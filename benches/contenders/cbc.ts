import { createDecipheriv, createSecretKey } from 'node:crypto'
import { hmacCheck, MAC_PART } from './hmac.ts'
import { MAX_COOKIE, raw, scratch } from './scratch.ts'
import type { Opener, PlaintextReader } from './session.ts'
import { decodeBase64, decodeEscaped, isStrictBase64, position, source, TEXT_START, unescapeByLoop } from './text.ts'

/** The fastest ways found to open an AES-256-CBC and HMAC-SHA1 cookie with node:crypto. */
export function cbcOpeners(keyBytes: Buffer, signKey: Buffer, read: PlaintextReader): Readonly<Record<string, Opener>> {
  const key = createSecretKey(keyBytes)
  const verified = hmacCheck(signKey)

  const decrypt = (length: number): ReturnType<Opener> => {
    if (length < 16 || (length & 15) !== 0) return undefined
    // The padding is taken off here, so that there is no call of final and nothing to join.
    const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
    return unpadded(decipher.update(ciphertext.subarray(0, length)), read)
  }

  /** Unescapes bytes and lets Node decode the base64 twice, into kept memory. */
  const loop: Opener = (cookie) => {
    const end = unescapeByLoop(cookie) - MAC_PART
    if (end <= TEXT_START || !verified(end)) return undefined
    const length = decodeBase64(source.latin1Slice(TEXT_START, end), data)
    if (length < IV_PART || data[length - 26] !== DASH || data[length - 25] !== DASH) return undefined
    if (decodeBase64(data.latin1Slice(length - 24, length), iv) !== 16) return undefined
    return decrypt(decodeBase64(data.latin1Slice(0, length - IV_PART), ciphertext))
  }

  /** As `loop`, with the ciphertext handed over as base64. */
  const loopString: Opener = (cookie) => {
    const end = unescapeByLoop(cookie) - MAC_PART
    if (end <= TEXT_START || !verified(end)) return undefined
    const length = decodeBase64(source.latin1Slice(TEXT_START, end), data)
    if (length < IV_PART || data[length - 26] !== DASH || data[length - 25] !== DASH) return undefined
    if (decodeBase64(data.latin1Slice(length - 24, length), iv) !== 16) return undefined
    const text = data.latin1Slice(0, length - IV_PART)
    const padded = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false).update(text, 'base64')
    return isStrictBase64(text, padded.length) ? unpadded(padded, read) : undefined
  }

  /** Decodes base64 in loops of its own. */
  const fused: Opener = (cookie) => {
    const end = unescapeByLoop(cookie) - MAC_PART
    if (end <= TEXT_START || !verified(end)) return undefined
    const inner = decodeEscaped(source, TEXT_START, end, data)
    if (position !== end || inner < IV_PART || data[inner - 26] !== DASH || data[inner - 25] !== DASH) return undefined
    if (decodeEscaped(data, inner - 24, inner, iv) !== 16) return undefined
    const length = decodeEscaped(data, 0, inner - IV_PART, ciphertext)
    return position === inner - IV_PART ? decrypt(length) : undefined
  }

  return { loop, 'loop, base64 string': loopString, fused }
}

function unpadded(padded: Buffer, read: PlaintextReader): ReturnType<Opener> {
  const { length } = padded
  const padding = padded[length - 1] ?? 0
  if (padding < 1 || padding > 16) return undefined
  for (let index = length - padding; index < length; index++) if (padded[index] !== padding) return undefined
  return read(raw(padded), length - padding)
}

/** `--` and 24 characters of IV. */
const IV_PART = 26
const DASH = 0x2d
const iv = scratch(16)
const data = scratch(MAX_COOKIE)
const ciphertext = scratch(MAX_COOKIE)
