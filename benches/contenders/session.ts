import type { SessionData } from '../../src/session/request-session.ts'
import { MAX_COOKIE, raw, scratch, type ScratchBuffer } from './scratch.ts'
import { decodeBase64 } from './text.ts'

/** Opens a cookie as it stands in the header; undefined for one that Rails refuses. */
export type Opener = (cookie: string) => SessionData | undefined

/** Reads the session out of an authenticated plaintext: its first `length` bytes. */
export type PlaintextReader = (plaintext: Buffer, length: number) => SessionData | undefined

/** Reads the value out of a payload: the first `length` bytes. Undefined for what cannot be read. */
export type PayloadReader = (payload: ScratchBuffer, length: number) => unknown

/** Makes the reader for a cookie of this name: metadata envelope, expiry, purpose, payload; a session needs its id. */
export function plaintextReader(name: string, isSession: boolean, read: PayloadReader = readJson): PlaintextReader {
  const purpose = `cookie.${name}`
  const usualTail = `","exp":null,"pur":"${purpose}"}}`
  return (plaintext, length) => {
    const bytes = raw(plaintext)
    // Two bytes tell nearly every session from an envelope.
    if (bytes[2] !== 0x5f || bytes[3] !== 0x72) return hash(read(bytes, length), isSession)
    const text = bytes.latin1Slice(0, length)
    if (!text.startsWith(HEAD)) return hash(read(bytes, length), isSession)
    const message = text.endsWith(usualTail)
      ? text.slice(HEAD.length, length - usualTail.length)
      : unusualEnvelope(bytes.utf8Slice(0, length), purpose)
    if (message === undefined) return undefined
    const decoded = decodeBase64(message, payload)
    return decoded < 0 ? undefined : hash(read(payload, decoded), isSession)
  }
}

function readJson(bytes: ScratchBuffer, length: number): unknown {
  return parsed(bytes.utf8Slice(0, length))
}

function hash(data: unknown, isSession: boolean): SessionData | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  return !isSession || (data as SessionData)['session_id'] ? (data as SessionData) : undefined
}

function unusualEnvelope(text: string, purpose: string): string | undefined {
  const envelope = parsed(text) as { _rails: { message: unknown; exp: unknown; pur: unknown } } | undefined
  if (envelope === undefined) return undefined
  const {
    _rails: { message, exp, pur },
  } = envelope
  if (typeof message !== 'string') return undefined
  if (exp !== null && exp !== undefined && !(Date.now() < Date.parse(String(exp)))) return undefined
  return pur === null || pur === undefined || pur === '' || pur === purpose ? message : undefined
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const HEAD = '{"_rails":{"message":"'
const payload = scratch(MAX_COOKIE)
