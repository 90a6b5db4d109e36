import { UnserializableValueError } from '../../errors.ts'
import type { Format } from '../format.ts'

/** Ruby's Marshal 4.8. Recognised, and neither read nor written yet. */
export const marshalFormat: Format = {
  name: 'marshal',
  recognises: ({ text }) => text.startsWith(SIGNATURE),
  load: () => ({ ok: false, reason: 'unsupported_serializer' }),
  read: () => ({ ok: false, reason: 'unsupported_serializer' }),
  update: () => {
    throw new UnserializableValueError('not written yet')
  },
  dump: () => {
    throw new UnserializableValueError(
      "cookiesSerializer is 'marshal' (Rails' default below load_defaults 7.0), which this version cannot write; " +
        "write cookiesSerializer: 'json' here and `config.action_dispatch.cookies_serializer = :hybrid` in Rails",
    )
  },
}

const SIGNATURE = '\u0004\u0008'
