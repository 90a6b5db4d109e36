import { Buffer } from 'node:buffer'
import type { Payload } from './serializer.ts'

/** Bytes as a payload: text where they are UTF-8, else one character a byte. */
export function payloadFromBytes(bytes: Uint8Array): Payload {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
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
  const bytes =
    strictBase64(text) ?? (lenient ? strictBase64(padded(text.replaceAll('-', '+').replaceAll('_', '/'))) : null)
  return bytes === null ? null : payloadFromBytes(bytes)
}

function padded(text: string): string {
  return text.endsWith('=') ? text : text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

function strictBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  // Node decodes leniently; only a text that encodes back to itself was strict.
  return bytes.toString('base64') === text ? bytes : null
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
