import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { AnyCase, MessagePackCase, VectorFile } from './vectors.ts'

/**
 * Digests of what real Rails answered to every recorded case: with them an expectation that was altered is noticed even
 * where it was altered to what we answer. A case is known by its input, so that other recordings are none of its
 * business.
 */
export class Digests {
  readonly #expectations: ReadonlyMap<string, string>

  /** `records`: as {@link digestsOf} gives them. */
  constructor(records: Uint8Array) {
    const buffer = Buffer.from(records.buffer, records.byteOffset, records.byteLength)
    const expectations = new Map<string, string>()
    for (let at = 0; at + RECORD <= buffer.length; at += RECORD) {
      expectations.set(
        buffer.toString('hex', at, at + INPUT_BYTES),
        buffer.toString('hex', at + INPUT_BYTES, at + RECORD),
      )
    }
    this.#expectations = expectations
  }

  /** The digests in a file; none when there is no such file. */
  static read(path: string): Digests {
    return new Digests(existsSync(path) ? readFileSync(path) : new Uint8Array(0))
  }

  /** Whether this input was recorded with another expectation. */
  altered(file: VectorFile, vector: AnyCase): boolean {
    const known = this.#expectations.get(inputDigest(file, vector).toString('hex'))
    return known !== undefined && known !== expectationDigest(file.layer, vector).toString('hex')
  }
}

/** The digests of all cases of some files: for each a digest of its input and one of its expectation, sorted. */
export function digestsOf(files: readonly VectorFile[]): Uint8Array {
  const records = files.flatMap((file) =>
    file.cases.map((vector) => Buffer.concat([inputDigest(file, vector), expectationDigest(file.layer, vector)])),
  )
  return new Uint8Array(Buffer.concat(records.toSorted((a, b) => Buffer.compare(a, b))))
}

function inputDigest({ layer, release, rack }: VectorFile, vector: AnyCase): Buffer {
  const expectations = fieldsOf(layer, vector)
  const input = Object.entries(vector).filter(([name]) => !expectations.includes(name))
  return digest([layer, release, rack, Object.fromEntries(input)]).subarray(0, INPUT_BYTES)
}

function expectationDigest(layer: string, vector: AnyCase): Buffer {
  const fields = fieldsOf(layer, vector).map((name) => (vector as unknown as Record<string, unknown>)[name] ?? null)
  return digest(fields).subarray(0, RECORD - INPUT_BYTES)
}

function fieldsOf(layer: string, vector: AnyCase): readonly string[] {
  // Bytes were written, or given to be read.
  if (layer === 'message_pack' && (vector as MessagePackCase).op === 'dump') return ['expected', 'bytes_base64']
  return FIELDS.get(layer) ?? ['expected']
}

function digest(value: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest()
}

/** With the keys of every object in order, since a copy may have another. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, entry]) => [key, sorted(entry)])
}

const INPUT_BYTES = 6
const RECORD = 9
/** The fields of a layer's cases that say what Rails answered. */
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['messages', ['expected', 'expected_verified', 'valid_message']],
  ['keys', ['key_hex']],
  ['headers', ['expected', 'set_cookie', 'attributes', 'rack_escape']],
  ['json', ['expected', 'json', 'json_base64']],
  ['marshal', ['expected', 'redump_equal']],
  ['marshal_rails', ['expected', 'redump_equal']],
  ['csrf', ['expected', 'unmasked_hex']],
  ['session_lifecycle', ['seen', 'set_cookie', 'session_after', 'session_id_kept', 'session_id_shape']],
  ['credentials', ['expected', 'config_typed', 'config_error', 'secret_key_base']],
])
