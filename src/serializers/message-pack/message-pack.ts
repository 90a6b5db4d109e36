import type { RailsVersion } from '../../rails/version.ts'
import { plain } from '../../ruby/plain.ts'
import type { Format } from '../format.ts'
import { readMessagePackPayload } from './reader.ts'
import { SIGNATURE } from './signature.ts'
import { updateMessagePack } from './update.ts'
import { writeMessagePackText } from './writer.ts'

/** What MessagePack depends on besides the value. */
export interface MessagePackFormatOptions {
  /** The Rails on the other side. */
  readonly railsVersion: RailsVersion
}

/** ActiveSupport::MessagePack, which Rails has since 7.1. */
export function messagePackFormat({ railsVersion }: MessagePackFormatOptions): Format {
  return {
    name: 'message_pack',
    recognises: ({ text, bytes }) => bytes && text.startsWith(SIGNATURE),
    load(payload) {
      const read = readMessagePackPayload(payload, railsVersion)
      if (!read.ok) return read
      const viewed = plain(read.value)
      return viewed.ok ? { ok: true, value: viewed.value, format: 'message_pack' } : viewed
    },
    read: (payload) => readMessagePackPayload(payload, railsVersion),
    dump: (value) => ({ text: writeMessagePackText(value, railsVersion), bytes: true }),
    draft: null,
    update: (payload, changes) => ({ text: updateMessagePack(payload, changes, railsVersion), bytes: true }),
  }
}
