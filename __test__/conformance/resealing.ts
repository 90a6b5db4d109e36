import { Buffer } from 'node:buffer'
import { formUnescape } from '../../src/cookies/escape.ts'
import type { Answer } from './answer.ts'
import { type Applications, cookieIn, cookieOf, railsOf, type Side } from './applications.ts'
import { readingSide } from './cookies.ts'
import { RubyHash } from '../../src/ruby/hash.ts'
import { losslessValue, type Sealable, sealablePayload } from './payloads.ts'
import type { Rails } from '../../src/rails/rails.ts'
import type { Framework } from './settings.ts'
import { canonical, isHash } from './typed-tree.ts'
import type { CookieCase, VectorConfig } from './vectors.ts'

/** A cookie that was written again, beside the one that Rails wrote: sealed values, or whole Set-Cookie lines. */
export interface Resealed {
  readonly kind: 'plain' | 'signed' | 'encrypted'
  readonly ours: string
  readonly rails: string
}

/**
 * The cookie of a case written again from what was read out of it (`payload`: what was sealed); null where Rails did not
 * write it.
 */
export function sealAgain(
  applications: Applications,
  writer: Framework,
  vector: CookieCase,
  answer: Answer,
  payload: Buffer | null,
): Resealed | null {
  const value = writtenValue(vector, answer, payload, writer)
  const sealed = vector.cookie_header_value
  if (value === undefined || sealed === undefined) return null
  const side = writingSide(writer, vector)
  const sent = sentExpiry(vector)
  const inside = writtenExpiry(vector, answer)
  // A permanent cookie has its date in the line and not in the message.
  const permanent = sent !== null && inside === null
  applications.stopClock(permanent ? yearsBefore(sent, 20) : vector.now)
  const jar = permanent && !side.jar.startsWith('permanent') ? `permanent_${side.jar}` : side.jar
  const again = reseal(
    applications,
    { ...side, jar },
    { sealed, line: vector.set_cookie, sealable: value, expires: inside },
  )
  applications.stopClock(vector.now)
  return again
}

/** The line that Rails sent because it had read a cookie in an older form, written again. */
export function rewriteAgain(
  applications: Applications,
  framework: Framework,
  vector: CookieCase,
  answer: Answer,
  payload: Buffer | null,
): Resealed | null {
  const line = vector.expected.rewritten_set_cookie
  if (line === undefined || payload === null || !answer.accepted || vector.jar === 'session') return null
  const value = sealsNil(vector, answer)
    ? { value: null }
    : losslessValue(payload, vector.config['cookies_serializer'], framework.rails)
  if (value === undefined) return null
  const side = readingSide(framework, vector)
  const sealed = /^[^=]*=([^;]*)/.exec(line)?.[1] ?? ''
  const jar = side.jar.replace('permanent_', '')
  return reseal(applications, { ...side, jar }, { sealed, line, sealable: value, expires: null })
}

/** The attributes of the line that Rails sent, and ours: for values that cannot be written again. */
export function attributesAgain(applications: Applications, writer: Framework, vector: CookieCase): Resealed | null {
  const { set_cookie: line } = vector
  if (line === undefined) return null
  const side = writingSide(writer, vector)
  const config = { ...side.config, cookies_serializer: 'json' }
  const expires = dateless(side.jar) ? null : sentExpiry(vector)
  applications.stopClock(vector.now)
  const cookie = cookieOf(applications, { ...side, config })
  const value = side.jar === 'session' ? { session_id: '' } : ''
  const ours = cookie.setCookie(value, expires === null ? {} : { expires }) ?? 'no line'
  return { kind: kindOf(side), ours: withoutValue(ours), rails: withoutValue(line) }
}

/** What is to come out: a sealed value, and the line it was sent in where that is known. */
interface Recorded {
  readonly sealed: string
  readonly line: string | undefined
  readonly sealable: Sealable
  readonly expires: Date | null
}

function reseal(applications: Applications, side: Side, recorded: Recorded): Resealed | null {
  const { sealed, line, expires } = recorded
  const kind = kindOf(side)
  const iv = kind === 'encrypted' ? ivOf(sealed) : new Uint8Array(0)
  if (iv === null) return null
  const { value, rails } = valueFor(applications, side, recorded.sealable)
  const data = side.jar === 'session' ? sessionData(value, side.config) : value
  // What no session of ours can say, the jar below it can.
  const inJar = side.jar === 'session' && data === undefined
  const cookie = cookieIn(rails, inJar ? kind : side.jar, side.name)
  const options = expires === null || (dateless(side.jar) && !inJar) ? {} : { expires }
  const ours = applications.backend.withIv(iv, () =>
    line === undefined || inJar ? cookie.seal(inJar ? value : data, options) : cookie.setCookie(data, options),
  )
  return { kind, ours: ours ?? 'no line', rails: inJar ? sealed : (line ?? sealed) }
}

/** What to seal, and the application that does: bytes go through a serializer that leaves them alone. */
function valueFor(applications: Applications, side: Side, sealable: Sealable): { value: unknown; rails: Rails } {
  if ('value' in sealable) return { value: sealable.value, rails: railsOf(applications, side) }
  const cookiesSerializer = { dump: (bytes: unknown) => bytes as Uint8Array, load: (bytes: Uint8Array) => bytes }
  const rails = railsOf(applications, side, 'bytes', (options) => ({ ...options, cookiesSerializer }))
  return { value: sealable.bytes, rails }
}

/**
 * A session as the cookie takes it; undefined where an object would reorder its keys, and under Marshal, where keys are
 * objects that a dump may refer to.
 */
function sessionData(value: unknown, config: VectorConfig): Record<string, unknown> | undefined {
  if (!(value instanceof RubyHash) || !WITHOUT_LINKS.has(config['cookies_serializer'])) return undefined
  const keys = value.pairs.map(([key]) => key)
  if (!keys.every((key) => typeof key === 'string')) return undefined
  const data = Object.fromEntries(value.pairs) as Record<string, unknown>
  return Object.keys(data).every((key, i) => key === keys[i]) ? data : undefined
}

/** With secret_token alone there is no encrypted jar: what is read from it was signed. */
function writingSide(framework: Framework, vector: CookieCase): Side {
  const config: VectorConfig = vector.written_with ?? vector.config
  const name = vector.written_cookie_name ?? vector.cookie_name
  const jar = typeof config['secret_key_base'] === 'string' ? vector.jar : vector.jar.replace('encrypted', 'signed')
  return { framework, config, jar, name }
}

function kindOf({ jar, config }: Side): Resealed['kind'] {
  if (jar.endsWith('plain')) return 'plain'
  return jar.endsWith('signed') || typeof config['secret_key_base'] !== 'string' ? 'signed' : 'encrypted'
}

/** Whether a cookie gets its date from the clock or from its settings. */
function dateless(jar: string): boolean {
  return jar === 'session' || jar.startsWith('permanent')
}

/** Rails 5.2 sends nil in place of a Hash. */
function sealsNil({ expected }: CookieCase, { typed }: Answer): boolean {
  return isHash(typed) && canonical(typed) !== canonical(expected.typed)
}

/** What the application assigned, as it stands in the payload. */
function writtenValue(
  vector: CookieCase,
  answer: Answer,
  payload: Buffer | null,
  { rails }: Framework,
): Sealable | undefined {
  if (vector.tamper === true || vector.sealed_bytes_base64 !== undefined) return undefined
  if (vector.set_cookie === undefined && vector.written_by === undefined) return undefined
  if (vector.jar.endsWith('plain')) return typeof answer.typed === 'string' ? { value: answer.typed } : undefined
  const { cookies_serializer: serializer } = vector.written_with ?? vector.config
  return payload === null ? undefined : sealablePayload(payload, serializer, rails)
}

/** The date inside the message. Below 5.2 there was none; what the line said then is as good. */
function writtenExpiry(vector: CookieCase, answer: Answer): Date | null {
  if (answer.expiresAt !== null) return answer.expiresAt
  const envelope = Buffer.from(vector.plaintext_base64 ?? '', 'base64').toString('latin1')
  const exp = /^\{"_rails":\{"message":"[^"]*","exp":"([^"]+)"/.exec(envelope)?.[1]
  if (exp !== undefined) return new Date(exp)
  // An expired cookie shows no more of itself; the clock stood at a whole second.
  return answer.accepted || vector.jar.startsWith('permanent') ? null : sentExpiry(vector)
}

function sentExpiry(vector: CookieCase): Date | null {
  const sent = /; expires=([^;]+)/.exec(vector.set_cookie ?? '')?.[1]
  return sent === undefined ? null : new Date(sent.replace(/-0000$/, 'GMT').replaceAll('-', ' '))
}

function yearsBefore(date: Date, years: number): string {
  const earlier = new Date(date)
  earlier.setUTCFullYear(earlier.getUTCFullYear() - years)
  return earlier.toISOString()
}

/** The IV inside an escaped encrypted message; null when there is none. */
function ivOf(sealed: string): Uint8Array | null {
  const message = formUnescape(sealed)
  if (typeof message !== 'string') return null
  const parts = message.split('--')
  if (parts.length === 3) return Buffer.from(parts[1]!, 'base64')
  const inner = Buffer.from(parts[0]!, 'base64').toString('latin1').split('--')
  return inner.length === 2 ? Buffer.from(inner[1]!, 'base64') : null
}

function withoutValue(line: string): string {
  return line.replace(/=[^;]*/, '=')
}

/** The settings that do not write Marshal. */
const WITHOUT_LINKS: ReadonlySet<unknown> = new Set([
  'json',
  'hybrid',
  'json_allow_marshal',
  'message_pack',
  'message_pack_allow_marshal',
  'custom:prefixed_json',
])
