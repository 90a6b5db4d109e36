import { SealFlag } from '../../backend/backend.ts'
import type { Format } from '../format.ts'
import { draftJson } from './draft.ts'
import { readJson, readJsonValue, readPlainJson } from './reader.ts'
import { updateJson } from './update.ts'
import { type JsonWriteOptions, quotingOf, writeJson } from './writer.ts'

/** JSON as ActiveSupport reads and writes it. */
export function jsonFormat(options: JsonWriteOptions): Format {
  const { htmlEntities, jsSeparators } = quotingOf(options)
  const escapes = (htmlEntities ? SealFlag.HTML_ENTITIES : 0) | (jsSeparators ? SealFlag.JS_SEPARATORS : 0)
  return {
    name: 'json',
    recognises: ({ text }) => JSON_START.test(text),
    load({ text, bytes }, plainJson) {
      // Rails raises on bytes that are not UTF-8 before it parses them.
      if (bytes) return { ok: false, reason: 'undecodable' }
      const read = plainJson ? readPlainJson(text) : readJson(text)
      return read.ok ? { ok: true, value: read.value, format: 'json' } : read
    },
    read: ({ text, bytes }) => (bytes ? { ok: false, reason: 'undecodable' } : readJsonValue(text)),
    dump: (value) => ({ text: writeJson(value, options), bytes: false }),
    draft: (value, draft) => draftJson(value, escapes, draft),
    update: ({ text }, changes) => ({ text: updateJson(text, changes, options), bytes: false }),
  }
}

// What Rails takes for JSON by its first characters. Leading blanks are legal and not recognised.
const JSON_START = /^(?:[{["]|-?\d|true|false|null)/
