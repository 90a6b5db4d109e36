import { COOKIE_NAME, type Format } from '../formats.ts'
import { cbcOpeners } from './cbc.ts'
import { gcmOpeners } from './gcm.ts'
import { type Opener, type PayloadReader, plaintextReader } from './session.ts'
import { signedOpeners } from './signed.ts'

/**
 * The hand-written node:crypto openers of a format, by name. Keys are ready, and each makes every check that Rails
 * makes. "Best node" of a case is the fastest of them in that run. `isSession`: a cookie needs a `session_id`. `readPayload`: default JSON.
 */
export function nodeOpeners(
  format: Pick<Format, 'name' | 'key' | 'signKey'>,
  name: string = COOKIE_NAME,
  isSession: boolean = true,
  readPayload?: PayloadReader,
): Readonly<Record<string, Opener>> {
  const read = plaintextReader(name, isSession, readPayload)
  switch (format.name) {
    case 'gcm':
    case 'gcm+envelope':
      return gcmOpeners(format.key, read)
    case 'cbc':
      return cbcOpeners(format.key, format.signKey, read)
    case 'signed':
      return signedOpeners(format.key, read)
  }
}
