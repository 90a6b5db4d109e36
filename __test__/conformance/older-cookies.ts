import { Buffer, isUtf8 } from 'node:buffer'
import type { Scheme } from '../../src/backend/backend.ts'
import { formUnescape } from '../../src/cookies/escape.ts'
import { atLeast } from '../../src/rails/version.ts'
import {
  decodeSigned,
  openMessage,
  type OpenedMessage,
  raisesInDecryption,
  type Release,
  unwrap,
} from './older-messages.ts'
import { deserialize, isMarshal } from './older-serializers.ts'
import { entryOf, isHash, sessionTree } from './typed-tree.ts'
import type { CookieCase } from './vectors.ts'

/**
 * What an older Rails makes of a cookie, and what about the cookie it sees otherwise than 8.1 does. `raised`: it
 * refused with an exception; null where that hangs on its Ruby.
 */
export type OlderAnswer =
  | { readonly accepted: true; readonly typed: unknown; readonly rewritten: boolean; readonly because: Because }
  | { readonly accepted: false; readonly raised: boolean | null; readonly because: Because }

/** The part of reading in which an older Rails has its own way. */
export type Because = 'form' | 'unknown' | 'hash as options' | 'raised'

/**
 * The answer of Rails 3.2 to 7.2.2 to a cookie of the signed, encrypted or session jar; null where it is that of 8.1.
 * `schemes` are those of 8.1 under the settings of the case, of which an older Rails knows only some.
 */
export function olderAnswer(vector: CookieCase, schemes: readonly Scheme[], release: Release): OlderAnswer | null {
  const text = formUnescape(vector.cookie_header_value ?? '')
  if (typeof text !== 'string') return refused(!atLeast(release.rails, '4.2'), 'raised')
  if (raisesInDecryption(text, schemes, release)) return refused(true, 'raised')
  const known = schemes.filter((scheme, number) => knows(release, vector, scheme, number))
  const opened = openMessage(text, known, release)
  if (opened === null) {
    const unknown = openMessage(text, schemes, release) !== null
    return refused(atLeast(release.rails, '7.1') ? null : false, unknown ? 'unknown' : 'form')
  }
  // 7.1 and 7.2 differ in base64 only.
  if (atLeast(release.rails, '7.1')) return hasLaxMessage(opened, release) ? refused(false, 'form') : null
  const rotated = opened.scheme !== known[0]
  const unwrapped = unwrapCookie(vector, opened, rotated, release)
  if ('refused' in unwrapped) return unwrapped.refused
  return loaded(vector, unwrapped.payload, unwrapped.because, rotated, opened, release)
}

/** Up to 5.1 there is AES-CBC only; up to 6.0, an application in that mode does not read the other. */
function knows(release: Release, { config }: CookieCase, { kind }: Scheme, number: number): boolean {
  if (kind !== 'aead' || number === 0 || atLeast(release.rails, '6.1'))
    return kind !== 'aead' || atLeast(release.rails, '5.2')
  const rotations = (config['cookies_rotations'] ?? []) as ReadonlyArray<{ readonly kind: string }>
  const rotated = number <= rotations.filter((rotation) => rotation.kind === 'encrypted').length
  return atLeast(release.rails, '5.2') && (rotated || config['use_authenticated_cookie_encryption'] === true)
}

type Payload = { readonly payload: Buffer; readonly because: Because } | { readonly refused: OlderAnswer }

function unwrapCookie(
  vector: CookieCase,
  { plaintext, scheme }: OpenedMessage,
  rotated: boolean,
  release: Release,
): Payload {
  const enveloped = plaintext.toString('latin1').startsWith('{"_rails":')
  if (!atLeast(release.rails, '5.2')) return { payload: plaintext, because: enveloped ? 'unknown' : 'form' }
  const now = Date.parse(vector.now)
  // 5.2 asks for no purpose; later versions for that of the cookie, and then again for none.
  const purposes = release.rails === '5.2' ? [''] : [`cookie.${vector.cookie_name}`, '']
  const because = release.rails === '5.2' && enveloped ? 'unknown' : 'form'
  for (const purpose of purposes) {
    const unwrapped = unwrap(plaintext, purpose, now, release)
    if ('payload' in unwrapped) return { payload: unwrapped.payload, because }
    const reason = unwrapped.refused
    if (reason === 'nil') continue
    // An encryptor takes those two for a broken message, a verifier only what base64 says, a rotation everything.
    const quiet = rotated || (scheme.kind !== 'signed' && reason !== 'NoMethodError')
    const base64 = reason === 'ArgumentError' && isBadBase64(plaintext)
    return { refused: quiet || base64 ? refused(false, because) : refused(true, 'raised') }
  }
  return { refused: refused(false, because) }
}

function isBadBase64(plaintext: Buffer): boolean {
  const text = plaintext.toString('utf8')
  const message = /"message":\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? /"_rails":\s*"/.exec(text)?.[0]
  return message !== undefined && Buffer.from(message, 'base64').toString('base64') !== message
}

function hasLaxMessage({ plaintext, scheme }: OpenedMessage, release: Release): boolean {
  const message = /^\{"_rails":\{"message":"([^"]*)"/.exec(plaintext.toString('latin1'))?.[1]
  return scheme.kind === 'signed' && message !== undefined && decodeSigned(message, false, release) === null
}

function loaded(
  vector: CookieCase,
  payload: Buffer,
  because: Because,
  rotated: boolean,
  { scheme }: OpenedMessage,
  release: Release,
): OlderAnswer {
  const serializer = serializerOf(vector, release)
  const read = deserialize(payload, serializer, release.rails)
  if ('raised' in read) return refused(!isQuiet(read.raised, serializer, scheme, release), unread(payload, serializer))
  const { typed } = read
  // Writing it again, JSON has no text for bytes that are not UTF-8.
  if (rotated && serializer !== 'marshal' && !isUtf8(payload) && !isMarshal(payload)) return refused(true, 'raised')
  const migrated = serializer === 'hybrid' && isMarshal(payload)
  const assigned = (rotated || migrated) && ASSIGNS_OPTIONS.has(release.rails)
  if (vector.jar === 'session') return session(typed, because, assigned, release)
  if (typed === null) return refused(false, because)
  if (assigned && isHash(typed)) return { accepted: true, typed, rewritten: true, because: 'hash as options' }
  const recognised = serializer === 'custom:prefixed_json' || isRecognised(payload)
  return { accepted: true, typed, rewritten: rotated || migrated, because: recognised ? because : 'unknown' }
}

/** Before 4.1 there was no setting, and unset it is Marshal. */
function serializerOf({ config }: CookieCase, { rails }: Release): unknown {
  return atLeast(rails, '4.1') ? (config['cookies_serializer'] ?? 'marshal') : 'marshal'
}

/** 7.0 took JSON that cannot be parsed for a broken message, 4.0 what is no Marshal, both only below a cipher. */
function isQuiet(raised: string, serializer: unknown, { kind }: Scheme, { rails }: Release): boolean {
  if (kind === 'signed') return false
  return (
    (rails === '7.0' && raised === 'JSON::ParserError' && JSON_SETTINGS.has(serializer)) ||
    (rails === '4.0' && raised === 'TypeError')
  )
}

/** Why a payload was not read: as Marshal, it may be JSON that the later second try reads. */
function unread(payload: Buffer, serializer: unknown): Because {
  return serializer === 'marshal' && payload.length > 1 && !isMarshal(payload) ? 'unknown' : 'raised'
}

/** To 7.0 no payload is told by its first bytes, as it is by 8.1; of Marshal, only 8.1 looks at the minor version. */
function isRecognised(payload: Buffer): boolean {
  return payload[0] === 4 || /^[{["\dtfn-]/.test(payload.toString('latin1'))
}

function session(tree: unknown, because: Because, assigned: boolean, release: Release): OlderAnswer {
  if (tree === null) return refused(false, because)
  if (!isHash(tree)) return refused(true, 'raised')
  const id = entryOf(tree, 'session_id')
  // It asks the id whether it is empty.
  if (typeof id === 'number' && !atLeast(release.rails, '5.2')) return refused(true, 'raised')
  const typed = id === undefined || id === null || id === false ? {} : sessionTree(tree)
  return { accepted: true, typed, rewritten: false, because: assigned ? 'hash as options' : because }
}

/** Those that take a Hash, assigned to send a cookie again, for the options of the assignment. */
const ASSIGNS_OPTIONS: ReadonlySet<string> = new Set(['4.0', '5.2'])
const JSON_SETTINGS: ReadonlySet<unknown> = new Set(['json', 'hybrid'])

function refused(raised: boolean | null, because: Because): OlderAnswer {
  return { accepted: false, raised, because }
}
