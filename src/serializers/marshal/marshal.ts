import type { RailsVersion } from '../../rails/version.ts'
import { encodeUtf8 } from '../../ruby/encoding.ts'
import { plain } from '../../ruby/plain.ts'
import type { Format } from '../format.ts'
import type { Payload } from '../serializer.ts'
import { NodeBuilder, type NodeOptions } from './nodes.ts'
import { readNodes } from './reader.ts'
import { attempt } from './refusal.ts'
import { readSimpleMarshal } from './simple-reader.ts'
import { updateMarshal } from './update.ts'
import { valueOf } from './values.ts'
import { writeNodes } from './writer.ts'

/** What Marshal depends on besides the value. */
export interface MarshalFormatOptions {
  /** The Rails on the other side. */
  readonly railsVersion: RailsVersion
}

/** Ruby's Marshal 4.8. Objects of any class are written again as they were read, out of messages that were authentic. */
export function marshalFormat({ railsVersion }: MarshalFormatOptions): Format {
  const options: NodeOptions = { railsVersion, trusting: false }
  return {
    name: 'marshal',
    recognises: ({ text }) => text.startsWith(SIGNATURE),
    load(payload) {
      const binary = binaryOf(payload)
      const simple = readSimpleMarshal(binary)
      if (simple !== null) return { ok: true, value: simple.value, format: 'marshal' }
      const read = attempt(() => valueOf(readNodes(binary), true))
      if (!read.ok) return read
      const viewed = plain(read.value)
      return viewed.ok ? { ok: true, value: viewed.value, format: 'marshal' } : viewed
    },
    read: (payload) => attempt(() => valueOf(readNodes(binaryOf(payload)), true)),
    dump: (value) => ({ text: writeNodes(new NodeBuilder(options).build(value)), bytes: true }),
    draft: null,
    update: (payload, changes) => ({ text: updateMarshal(binaryOf(payload), changes, options), bytes: true }),
  }
}

/** The bytes of a payload, one character each. */
function binaryOf({ text, bytes }: Payload): string {
  return bytes ? text : encodeUtf8(text)
}

const SIGNATURE = '\u0004\u0008'
