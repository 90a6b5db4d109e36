import { readFileSync } from 'node:fs'
import type { TypedTree } from '../../../../src/ruby/typed.ts'

/** Texts that Rails wrote and what it read from them; see `about` in the file. */
interface RailsJson {
  /** Written by ActiveSupport::JSON.encode of Rails 8.1. */
  readonly write: [
    id: string,
    escapeHtmlEntities: boolean,
    escapeJsSeparators: boolean,
    value: TypedTree,
    json: string,
  ][]
  /** Payloads of signed cookies as Rails 8.1 reads them; null where it refuses. */
  readonly read: [id: string, json: string, read: { value: TypedTree } | null][]
  /** Payloads of cookies that Rails 4.1 wrote. */
  readonly gem: [id: string, value: TypedTree, json: string][]
}

export const railsJson = JSON.parse(readFileSync(new URL('rails-json.json', import.meta.url), 'utf8')) as RailsJson
