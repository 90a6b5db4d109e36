import { Buffer } from 'node:buffer'
import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { RailsVersion } from '../../../../index.ts'
import type { TypedTree } from '../../../../src/ruby/typed.ts'

/** What ActiveSupport::MessagePack of some Rails wrote, or was given to read. */
export interface RailsVector {
  readonly rails: RailsVersion
  readonly id: string
  readonly op: 'dump' | 'load'
  /** Absent where it is too large to tell. */
  readonly input: TypedTree | undefined
  /** Null where Rails refused to write. */
  readonly bytes: Buffer | null
  readonly expected: { readonly accepted: boolean; readonly typed?: TypedTree; readonly summary?: string }
}

const FOLDER = new URL('../../../vectors/message_pack/', import.meta.url)

/** The committed vectors of the layer message_pack. */
export const railsVectors: readonly RailsVector[] = readdirSync(FOLDER).flatMap((file) => {
  const label = /^rails-(.+)\.json\.gz$/.exec(file)?.[1] ?? ''
  const rails = (label === 'main' ? '8.2' : label.slice(0, 3)) as RailsVersion
  const { cases } = JSON.parse(gunzipSync(readFileSync(new URL(file, FOLDER))).toString('utf8')) as {
    cases: RawVector[]
  }
  return cases.map(({ id, op, input_typed, bytes_base64, expected }) => ({
    rails,
    id,
    op,
    input: input_typed,
    bytes: bytes_base64 === undefined ? null : Buffer.from(bytes_base64, 'base64'),
    expected,
  }))
})

interface RawVector {
  readonly id: string
  readonly op: 'dump' | 'load'
  readonly input_typed?: TypedTree
  readonly bytes_base64?: string
  readonly expected: RailsVector['expected']
}

/** Whether the order of some Hash is lost in a tree: in every object, keys that are integers come first. */
export function isReordered(tree: unknown): boolean {
  if (typeof tree !== 'object' || tree === null) return false
  const keys = Array.isArray(tree) ? [] : Object.keys(tree)
  return (keys.length > 1 && keys.some((key) => /^\d+$/.test(key))) || Object.values(tree).some(isReordered)
}
