import { Buffer } from 'node:buffer'
import type { RailsVersion } from '../../../../index.ts'
import type { TypedTree } from '../../../../src/ruby/typed.ts'
import type { MessagePackCase } from '../../../conformance/vectors.ts'
import { vectorsOf } from '../../../support/vectors.ts'

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

/** The committed vectors of the layer message_pack. */
export const railsVectors: readonly RailsVector[] = vectorsOf('message_pack').flatMap(({ rails, cases }) =>
  (cases as unknown as readonly MessagePackCase[]).map(({ id, op, input_typed, bytes_base64, expected }) => ({
    rails,
    id,
    op: op as RailsVector['op'],
    input: input_typed as TypedTree | undefined,
    bytes: bytes_base64 === undefined ? null : Buffer.from(bytes_base64, 'base64'),
    expected: expected as RailsVector['expected'],
  })),
)
