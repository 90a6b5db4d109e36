import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isUtf8 } from 'node:buffer'
import { readJson, readJsonTyped } from '../../src/ruby/index.ts'
import { type Outcome, outcome } from './outcome.ts'

/** JSONTestSuite: texts that a parser must accept (`y_`), must refuse (`n_`) or may do either with (`i_`). */
export function jsonSuite(folder: string): Outcome[] {
  const tests = join(folder, 'json/JSONTestSuite/test_parsing')
  return readdirSync(tests).map((name) => {
    const bytes = readFileSync(join(tests, name))
    // What is not UTF-8 is refused before it is parsed.
    const text = isUtf8(bytes) ? bytes.toString('utf8') : null
    const accepted = text !== null && readJson(text).ok
    if (text !== null && readJsonTyped(text).ok !== accepted) return outcome(name, 'the two readers do not agree')
    if (name.startsWith('i_') || accepted === name.startsWith('y_')) return outcome(name, null)
    const explanation = LAX.get(name)
    return explanation === undefined
      ? outcome(name, accepted ? 'accepted' : 'refused')
      : outcome(name, null, explanation)
  })
}

/** What Ruby's json gem accepts although RFC 8259 does not. */
const COMMENT = "Ruby's parser takes comments"
const SURROGATE =
  "Ruby's parser takes the second of two high surrogates for a low one, and then an unknown escape for itself"
const ESCAPE = "Ruby's parser takes a letter with an unknown escape for itself"
const LAX: ReadonlyMap<string, string> = new Map([
  ['n_object_trailing_comment.json', COMMENT],
  ['n_object_trailing_comment_slash_open.json', COMMENT],
  ['n_structure_object_with_comment.json', COMMENT],
  ['n_string_escape_x.json', ESCAPE],
  ['n_string_escaped_emoji.json', ESCAPE],
  ['n_string_incomplete_surrogate_escape_invalid.json', SURROGATE],
  ['n_string_invalid_backslash_esc.json', ESCAPE],
  ['n_string_unicode_CapitalU.json', ESCAPE],
])
