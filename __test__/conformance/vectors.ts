import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { RAILS_VERSIONS, type RailsVersion } from '../../src/rails/version.ts'
import { parseVectors } from './key-order.ts'
import { LAYERS_IN_SCOPE } from './scope.ts'

/** A settings object of a vector: Rails' names in snake_case. */
export type VectorConfig = Readonly<Record<string, unknown>>

/** What the recorded Rails made of a cookie or message. */
export interface Expectation {
  readonly accepted: boolean
  /** The value as plain JSON, where that says it all. */
  readonly value?: unknown
  readonly typed?: unknown
  /** Reading made Rails send the cookie again. */
  readonly rewritten?: boolean
  readonly rewritten_set_cookie?: string
  /** The message came through a rotation. */
  readonly rotated?: boolean
  /** `nil`, or the class of the exception that Rails raised. */
  readonly reason?: string
  /** The exception's text. */
  readonly message?: string
}

/** One case of the layers cookies, app and cross. */
export interface CookieCase {
  readonly id: string
  readonly jar: string
  readonly cookie_name: string
  readonly cookie_header_value?: string
  readonly config: VectorConfig
  readonly written_with?: VectorConfig
  readonly written_cookie_name?: string
  readonly written_by?: string
  readonly load_defaults?: string
  readonly now: string
  readonly set_cookie?: string
  readonly input_typed?: unknown
  readonly expected: Expectation
  readonly op?: 'write'
  readonly tamper?: boolean
  readonly raw_message?: string
  readonly plaintext_base64?: string
  readonly payload_base64?: string
  readonly sealed_bytes_base64?: string
}

/** One case of the layer messages. */
export interface MessageCase {
  readonly id: string
  readonly config: VectorConfig
  readonly written_with?: VectorConfig
  readonly read: { readonly purpose?: string }
  readonly now: string
  readonly message?: string
  readonly message_base64?: string
  readonly message_nil?: boolean
  readonly tamper?: boolean
  readonly expected: Expectation
  readonly expected_verified?: Expectation
  readonly valid_message?: boolean
}

/** One case of the layer keys. */
export interface KeyCase {
  readonly id: string
  readonly secret: string
  readonly salt: string
  readonly key_size: number
  readonly key_size_given: boolean
  readonly iterations: number
  readonly hash_digest_class: string
  readonly key_hex: string
}

/** One case of the layer headers. */
export interface HeaderCase {
  readonly id: string
  readonly op: string
  readonly cookie_header?: string
  readonly name?: string
  readonly value?: string
  readonly rack_escape?: string
  readonly options?: VectorConfig
  readonly session_options?: VectorConfig
  readonly cookie_name?: string
  readonly set_cookie?: readonly string[]
  readonly attributes?: string | null
  readonly request?: { readonly https: boolean; readonly host: string }
  readonly expected?: Expectation & {
    readonly cookies?: ReadonlyArray<readonly [string, string | null | { readonly b64: string }]>
  }
}

/** One case of the layer json. */
export interface JsonCase {
  readonly id: string
  readonly op: string
  readonly config: VectorConfig
  readonly input_typed?: unknown
  /** What Rails wrote; neither of the two where it raised. */
  readonly json?: string
  readonly json_base64?: string
  /** What Rails reads out of it. */
  readonly expected: Expectation
}

/** One case of the layers marshal and marshal_rails. */
export interface MarshalCase {
  readonly id: string
  readonly op?: string
  readonly bytes_base64: string
  /** What was dumped, where something else was loaded. */
  readonly input_typed?: unknown
  readonly expected: Expectation & { readonly indescribable?: boolean }
  /** Whether Ruby dumps what it has loaded to the same bytes. */
  readonly redump_equal?: boolean
}

/** One case of the layer message_pack. */
export interface MessagePackCase {
  readonly id: string
  readonly op: string
  readonly input_typed?: unknown
  /** What Rails wrote or was given to read; none where it refused to write. */
  readonly bytes_base64?: string
  /** `summary`: the class of a value that is too large to be recorded. */
  readonly expected: Expectation & { readonly summary?: string }
}

/** One case of the layer credentials. */
export interface CredentialsCase {
  readonly id: string
  /** Content of the key file. */
  readonly master_key: string
  readonly file_content: string
  readonly plaintext_base64?: string
  readonly expected: Expectation & {
    readonly content?: string
    readonly content_base64?: string
    readonly content_encoding?: string
  }
  /** The content as Rails' configuration, with Symbols for keys. */
  readonly config_typed?: unknown
  /** The exception over the configuration. */
  readonly config_error?: string
  readonly secret_key_base?: string | null
}

/** One case of the layer csrf. */
export interface CsrfCase {
  readonly id: string
  readonly session_csrf_token: string
  readonly per_form_csrf_tokens: boolean
  /** None where that Rails has no such setting. */
  readonly urlsafe_csrf_tokens: boolean | null
  /** Path and method of the request that brings the token. */
  readonly path: string
  readonly method: string
  readonly token: string | null
  /** Rails made the token, for a form or for all. */
  readonly rails_made?: boolean
  readonly unmasked_hex?: string
  readonly form_action?: string
  readonly form_method?: string
  readonly expected: Expectation
}

/** One case of the layer session_lifecycle: a request and what became of its session. */
export interface LifecycleCase {
  readonly id: string
  readonly config: VectorConfig
  readonly cookie_header: string | null
  /** The session in the cookie, if Rails has accepted it. */
  readonly session_before: unknown
  /** What the application saw of the session. */
  readonly seen: Readonly<Record<string, unknown>>
  /** The lines that Rails sent. */
  readonly set_cookie: readonly string[]
  /** The session in that line. */
  readonly session_after?: unknown
  readonly session_id_kept?: boolean
  /** What a new id looks like. */
  readonly session_id_shape?: string
}

/** A case of any layer: all have an id. */
export interface AnyCase {
  readonly id: string
}

/** One file of recorded cases. */
export interface VectorFile {
  /** Name of the folder the file is in: `cookies`, `messages`, … */
  readonly layer: string
  /** The file's name without what all names of the layer have in common, e.g. `6.1p`. */
  readonly label: string
  /** The Rails that answered. */
  readonly rails: RailsVersion
  /** The same with its patch level, e.g. `7.2.2.2`. */
  readonly release: string
  /** Version of the rack gem beside it, e.g. `3.1.20`; empty where the file does not tell. */
  readonly rack: string
  /** Version of Ruby, e.g. `3.3.8`; empty where the file does not tell. */
  readonly ruby: string
  readonly cases: readonly AnyCase[]
}

/**
 * All vector files below a folder (`.json` and `.json.gz`), by layer, then oldest Rails first. `path` may also be one
 * file. `skipped` is told of files that have no cases. Throws an `Error` that names the file for other mistakes.
 */
export function readVectors(path: string, skipped: (path: string) => void = () => {}): VectorFile[] {
  const start = resolve(path)
  if (!existsSync(start)) throw new Error(`${path} does not exist`)
  const paths = statSync(start).isFile()
    ? [start]
    : readdirSync(start, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && VECTOR_FILE.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
  const files = paths.flatMap((each) => {
    const file = readFile(each)
    if (file === null) skipped(each)
    return file ?? []
  })
  return files.toSorted(
    (a, b) =>
      order(LAYERS_IN_SCOPE, a.layer) - order(LAYERS_IN_SCOPE, b.layer) ||
      order(RAILS_VERSIONS, a.rails) - order(RAILS_VERSIONS, b.rails) ||
      a.label.localeCompare(b.label),
  )
}

function readFile(path: string): VectorFile | null {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const { rails, read_by, rack, ruby, cases } = parse(path, text) as Record<string, unknown>
  if (!Array.isArray(cases)) return null
  const release = String(rails ?? read_by)
  return {
    layer: layerOf(basename(dirname(path)), cases as AnyCase[]),
    label: basename(path)
      .replace(VECTOR_FILE, '')
      .replace(/^(?:rails|read-by-rails|ruby)-/, ''),
    rails: railsVersion(path, release),
    release,
    rack: typeof rack === 'string' ? rack : '',
    ruby: typeof ruby === 'string' ? ruby : '',
    cases: cases as AnyCase[],
  }
}

/** The folder's name says it; a file that was copied out of its folder shows it. */
function layerOf(folder: string, [first]: readonly AnyCase[]): string {
  if (LAYERS_IN_SCOPE.includes(folder) || first === undefined) return folder
  if ('written_by' in first) return 'cross'
  if ('load_defaults' in first) return 'app'
  if ('jar' in first) return 'cookies'
  if ('key_hex' in first) return 'keys'
  if ('message' in first && 'read' in first) return 'messages'
  if ('master_key' in first) return 'credentials'
  if ('session_csrf_token' in first) return 'csrf'
  if ('json' in first) return 'json'
  if ('session_before' in first) return 'session_lifecycle'
  return 'op' in first && ('cookie_header' in first || 'set_cookie' in first) ? 'headers' : folder
}

function parse(path: string, text: string): object {
  try {
    const value = parseVectors(text)
    if (typeof value === 'object' && value !== null) return value
  } catch (cause) {
    throw new Error(`${path}: not JSON`, { cause })
  }
  throw new Error(`${path}: no JSON object`)
}

function railsVersion(path: string, release: string): RailsVersion {
  const found = RAILS_VERSIONS.find((version) => release.startsWith(`${version}.`))
  if (found === undefined) throw new Error(`${path}: unknown Rails ${release}`)
  return found
}

function order(known: readonly string[], name: string): number {
  const at = known.indexOf(name)
  return at === -1 ? known.length : at
}

const VECTOR_FILE = /\.json(?:\.gz)?$/
