import { hmacCheck, MAC_PART } from './hmac.ts'
import { MAX_COOKIE, scratch } from './scratch.ts'
import type { Opener, PlaintextReader } from './session.ts'
import { decodeBase64, decodeEscaped, position, source, TEXT_START, unescapeByLoop } from './text.ts'

/** The fastest ways found to open a cookie signed with HMAC-SHA1. */
export function signedOpeners(key: Buffer, read: PlaintextReader): Readonly<Record<string, Opener>> {
  const verified = hmacCheck(key)

  const loop: Opener = (cookie) => {
    const end = unescapeByLoop(cookie) - MAC_PART
    if (end <= TEXT_START || !verified(end)) return undefined
    const length = decodeBase64(source.latin1Slice(TEXT_START, end), plaintext)
    return length < 0 ? undefined : read(plaintext, length)
  }

  const fused: Opener = (cookie) => {
    const end = unescapeByLoop(cookie) - MAC_PART
    if (end <= TEXT_START || !verified(end)) return undefined
    const length = decodeEscaped(source, TEXT_START, end, plaintext)
    return length < 0 || position !== end ? undefined : read(plaintext, length)
  }

  return { loop, fused }
}

const plaintext = scratch(MAX_COOKIE)
