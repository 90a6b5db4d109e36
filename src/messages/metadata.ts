import { floorDivide } from '../ruby/civil.ts'
import { RubyTime } from '../ruby/time.ts'
import { readJson } from '../serializers/json/reader.ts'
import { writeJson } from '../serializers/json/writer.ts'
import type { Payload } from '../serializers/serializer.ts'
import { parseIso8601 } from './iso8601.ts'
import { payloadFromBase64 } from '../serializers/payload.ts'

/** A plaintext that starts with exactly these bytes is a metadata envelope; Rails 7.1+ looks no further. */
export const ENVELOPE_HEAD = '{"_rails":{"message":'

/** The parts of a metadata envelope. `exp` and `pur` are what JSON gave: Rails checks them, whatever their type. */
export interface Envelope {
  readonly payload: Payload
  readonly exp: unknown
  readonly pur: unknown
}

/** How Rails' JSON encoder is configured; it writes the envelope too. */
export interface JsonEscapes {
  readonly escapeHtmlEntities: boolean
  readonly escapeJsSeparators: boolean
}

/**
 * What stands behind the base64 of the payload in an envelope: `","exp":…,"pur":…}}`.
 *
 * Rails 7.1+ recognises an envelope by its first bytes, so `message` comes first, then exp and pur, both always there.
 */
export function envelopeTail(expiresAt: Date | null, purpose: string | null, escapes: JsonEscapes): string {
  const exp = expiresAt === null ? 'null' : `"${expiresAt.toISOString()}"`
  return `","exp":${exp},"pur":${writeJson(purpose, { ...escapes, dialect: 'active_support' })}}}`
}

/**
 * Takes a plaintext apart that starts with {@link ENVELOPE_HEAD}; null when it is damaged.
 *
 * `lenient`: the message was signed, and Rails' verifier decodes url-safe and unpadded base64 too.
 */
export function parseEnvelope(text: string, lenient: boolean): Envelope | null {
  const parsed = readJson(text)
  if (!parsed.ok) return null
  const inner = (parsed.value as Record<string, unknown>)['_rails']
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return null
  const { message, exp, pur } = inner as { message?: unknown; exp?: unknown; pur?: unknown }
  if (typeof message !== 'string') return null
  const payload = payloadFromBase64(message, lenient)
  return payload === null ? null : { payload, exp, pur }
}

/**
 * Milliseconds since 1970 of an `exp`, null for none, NaN for one that Rails raises on. An envelope has it as text, a Hash in
 * MessagePack as a Time.
 */
export function expiryTime(exp: unknown): number | null {
  if (exp === undefined || exp === null || exp === false) return null
  if (typeof exp === 'string') return parseIso8601(exp)
  // The millisecond in which it is not over yet counts in full.
  if (exp instanceof RubyTime) return -Number(floorDivide(-exp.nanoseconds, NANOS_PER_MS))
  if (exp instanceof Date) return exp.getTime()
  // Rails compares a Time with a number by the number of the Julian day. It never writes one.
  if (typeof exp === 'number' || typeof exp === 'bigint') return (Number(exp) - JULIAN_DAY_OF_1970) * MS_PER_DAY
  return Number.NaN
}

/** The purpose of an envelope as Ruby's `to_s` has it; nil and "" are the same to Rails. */
export function purposeText(pur: unknown): string {
  if (typeof pur === 'string') return pur
  if (pur === undefined || pur === null) return ''
  if (typeof pur === 'number' || typeof pur === 'bigint' || typeof pur === 'boolean') return String(pur)
  // Ruby prints an Array or a Hash; no purpose of ours looks like that.
  return NO_PURPOSE_EVER
}

const MS_PER_DAY = 86_400_000
const NANOS_PER_MS = 1_000_000n
const JULIAN_DAY_OF_1970 = 2_440_587.5
const NO_PURPOSE_EVER = '\u0000not a purpose'
