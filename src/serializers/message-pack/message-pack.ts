import { UnserializableValueError } from '../../errors.ts'
import type { Format } from '../format.ts'

/** ActiveSupport::MessagePack. Recognised, and neither read nor written yet. */
export const messagePackFormat: Format = {
  name: 'message_pack',
  recognises: ({ text, bytes }) => text.startsWith(bytes ? SIGNATURE : SIGNATURE_AS_UTF_8),
  load: () => ({ ok: false, reason: 'unsupported_serializer' }),
  read: () => ({ ok: false, reason: 'unsupported_serializer' }),
  update: () => {
    throw new UnserializableValueError('not written yet')
  },
  dump: () => {
    throw new UnserializableValueError(
      "cookiesSerializer is 'message_pack', which this version cannot write; write cookiesSerializer: 'json', " +
        'which Rails 7.1+ reads under :message_pack too',
    )
  },
}

// CC 80, which is also the UTF-8 of U+0300.
const SIGNATURE = '\u00CC\u0080'
const SIGNATURE_AS_UTF_8 = '\u0300'
