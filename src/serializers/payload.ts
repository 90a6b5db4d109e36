import { Buffer } from 'node:buffer'
import { decodeStandard, decodeUrlSafe } from '../backend/node-crypto/base64.ts'
import { countsBytes } from '../backend/node-crypto/signature.ts'
import type { Payload } from './serializer.ts'

/** Bytes as a payload, as a backend gives them: text where they are UTF-8 and no format that counts bytes. */
export function payloadFromBytes(bytes: Uint8Array): Payload {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (countsBytes(buffer)) return { text: buffer.toString('latin1'), bytes: true }
  try {
    return { text: UTF_8.decode(buffer), bytes: false }
  } catch {
    return { text: buffer.toString('latin1'), bytes: true }
  }
}

/** The bytes of a payload, in memory of their own. */
export function payloadBytes(payload: Payload): Uint8Array {
  return new Uint8Array(Buffer.from(payload.text, payload.bytes ? 'latin1' : 'utf8'))
}

/**
 * Decodes base64 as Ruby's `strict_decode64` does; null for anything else: padding is required, bits that pad must
 * be zero, no blanks. `lenient` adds Ruby's `urlsafe_decode64`: `-_` for `+/`, padding optional.
 */
export function payloadFromBase64(text: string, lenient: boolean): Payload | null {
  const bytes = lenient ? decodeUrlSafe(text) : decodeStandard(text)
  return bytes === null ? null : payloadFromBytes(bytes)
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
