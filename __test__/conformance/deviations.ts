import type { Buffer } from 'node:buffer'
import type { Scheme } from '../../src/backend/backend.ts'
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'
import { accepting, type Answer, difference } from './answer.ts'
import { type OlderMessageAnswer, olderMessageAnswer } from './older-active-support.ts'
import { type Because, type OlderAnswer, olderAnswer } from './older-cookies.ts'
import type { Release } from './older-messages.ts'
import { isMarshal } from './older-serializers.ts'
import type { Rule, Ruling } from './rules.ts'
import type { Twins } from './twins.ts'
import { namesUnknownClass, refusesClass } from './unknown-classes.ts'
import { entryOf, pairsOf, sessionTree } from './typed-tree.ts'
import type { CookieCase, Expectation, MessageCase } from './vectors.ts'

/** A cookie of the layers cookies, app and cross, and all that a ruling hangs on. */
export interface CookieFacts {
  readonly layer: string
  readonly vector: CookieCase
  readonly answer: Answer
  readonly release: Release
  /** What 8.1 opens cookies of that jar with, under the settings of the case. */
  readonly schemes: readonly Scheme[]
  readonly twins: Twins
  /** What is sealed in the cookie; null where it is not authentic. */
  readonly payload: Buffer | null
  /** Whether a message opens to a stored nil in the jar of the case. */
  opensToNil(message: string): boolean
}

/** Rules on a cookie that we read otherwise than it was recorded. */
export function ruleOnCookie(facts: CookieFacts): Ruling {
  const { vector, release } = facts
  if (refusesOnlyClass(facts)) return { rule: 'unknown class' }
  const older = olderAnswer(vector, facts.schemes, release)
  if (older === null) return { why: `Rails ${release.rails} reads it as 8.1 does` }
  const unlike = unlikeRecorded(older, facts)
  if (unlike !== null) return { why: `not the answer of Rails ${release.rails}: ${unlike}` }
  const rule = ruleFor(older.because, facts)
  const unwitnessed = unlikeNewest(facts, rule)
  return unwitnessed === null ? { rule } : { why: unwitnessed }
}

/** Whether Rails refused a payload only over a class in it: with an exception up to 7.0, with nil since. */
function refusesOnlyClass({ vector, answer, release, payload }: CookieFacts): boolean {
  if (vector.expected.accepted || !answer.accepted || payload === null || !isMarshal(payload)) return false
  return atLeast(release.rails, '7.1')
    ? namesUnknownClass(payload)
    : refusesClass(vector.expected, payload, answer.typed)
}

function ruleFor(because: Because, { vector, answer }: CookieFacts): Rule {
  const { accepted, reason } = vector.expected
  if (!answer.accepted && !accepted) return 'raised'
  if (because === 'hash as options') return 'single-version bug'
  if (because === 'unknown') return 'unknown to that version'
  return because === 'raised' || (!accepted && reason !== 'nil') ? 'raised' : 'tolerant form'
}

function unlikeRecorded(older: OlderAnswer, facts: CookieFacts): string | null {
  const { vector } = facts
  const { expected } = vector
  if (!older.accepted) return expected.accepted ? 'it refuses' : unlikeRefusal(older.raised, expected)
  const session = vector.jar === 'session'
  const typed = older.because === 'hash as options' ? asOptions(older.typed, facts) : older.typed
  const rewritten = session ? null : older.rewritten
  return difference({ ...accepting(typed), rewritten }, expected)
}

function unlikeRefusal(raised: boolean | null, { reason }: Expectation): string | null {
  if (raised === null || raised === (reason !== 'nil')) return null
  return raised ? 'it raises' : `it does not raise ${reason}`
}

/**
 * What 4.0 and 5.2 make of a Hash that they send again: the options of the assignment, with
 * Symbols for top-level keys (which a session makes Strings again), a sealed nil for a value, and the path.
 */
function asOptions(typed: unknown, { vector, opensToNil }: CookieFacts): unknown {
  const session = vector.jar === 'session'
  const shown = (options: unknown): unknown => (session ? sessionTree(options) : options)
  const sealed = entryOf(vector.expected.typed, 'value')
  if (typeof sealed !== 'string' || !opensToNil(sealed)) return null
  const pairs = pairsOf(typed).map(([name, value]) => [typeof name === 'string' ? symbol(name) : name, value])
  return shown({ $: 'hash', v: [...pairs, [symbol('value'), sealed], [symbol('path'), '/']] })
}

function symbol(name: string): unknown {
  return { $: 'symbol', v: name }
}

/** Whether 8.1 was recorded with another answer than ours; null when it answered as we do. */
function unlikeNewest({ layer, vector, answer, schemes, twins }: CookieFacts, rule: Rule): string | null {
  const twin = (twins.find(layer, vector.id) ?? twins.findSameDamage(layer, vector, damagedScheme(schemes))) as
    | CookieCase
    | undefined
  if (twin !== undefined) {
    // 5.2 sealed what it tried out without a purpose, 8.1 with one: to a purpose, those are two cookies.
    if (rule === 'single-version bug' && writesPurpose(twin) !== writesPurpose(vector)) return null
    return agreesWith(answer, vector, twin) ? null : 'Rails 8.1 answers otherwise than we'
  }
  if (!twins.has(layer)) return null
  // 8.1 lacks what the bug was found with, secret_token; the versions around it have it.
  const neighbours = rule === 'single-version bug' ? twins.others(layer, vector) : []
  return neighbours.some((other) => agreesWith(answer, vector, other as CookieCase))
    ? null
    : 'Rails 8.1 has no such case, so that Rails decides'
}

function damagedScheme([first]: readonly Scheme[]): string {
  return first?.kind === 'signed' ? 'signed_sha1' : (first?.kind ?? '').replace('aead', 'gcm')
}

function writesPurpose({ written_with: written, config }: CookieCase): boolean {
  return (written ?? config)['use_cookies_with_metadata'] === true
}

/** Values are compared where both versions were given the same payload; most are made at random for each version. */
function agreesWith(answer: Answer, vector: CookieCase, twin: CookieCase): boolean {
  const { expected } = twin
  if (expected.accepted !== answer.accepted) return false
  if (!answer.accepted) return true
  const seen = Object.fromEntries(Object.entries(expected).filter(([name]) => name !== 'value'))
  return (
    difference(answer, samePayload(vector, twin) ? expected : { ...seen, accepted: true, typed: answer.typed }) === null
  )
}

function samePayload(vector: CookieCase, twin: CookieCase): boolean {
  return (['cookie_header_value', 'sealed_bytes_base64', 'payload_base64'] as const).some(
    (field) => vector[field] !== undefined && vector[field] === twin[field],
  )
}

/** Rules on a message of ActiveSupport that we read otherwise than it was recorded. */
export function ruleOnMessage(vector: MessageCase, answer: Answer, release: Release, twins: Twins): Ruling {
  const older = olderMessageAnswer(vector, answer, release)
  const unlike = unlikeRecordedMessage(older, vector.expected)
  if (unlike !== null) return { why: `not the answer of Rails ${release.rails}: ${unlike}` }
  const twin = twins.find('messages', vector.id) as MessageCase | undefined
  if (twin === undefined && twins.has('messages')) return { why: 'Rails 8.1 has no such case, so that Rails decides' }
  if (twin !== undefined && twin.expected.accepted !== answer.accepted)
    return { why: 'Rails 8.1 answers otherwise than we' }
  return { rule: older.because === 'raised' ? 'raised' : 'tolerant form' }
}

function unlikeRecordedMessage(older: OlderMessageAnswer, expected: Expectation): string | null {
  if (!older.accepted) return expected.accepted ? 'it refuses' : unlikeException(older.raised, expected)
  const { typed, rotated } = older
  return difference({ ...accepting(typed), rotated }, expected)
}

function unlikeException(raised: boolean, expected: Expectation): string | null {
  if (!isException(expected) || raised) return null
  return `it does not raise ${expected.reason}`
}

/** Whether that Rails refused with an exception, below 8.0, what 8.1 simply refused. */
export function raisedAlone(expected: Expectation, rails: RailsVersion, newest: Expectation | undefined): boolean {
  if (!isException(expected) || atLeast(rails, '8.0') || newest === undefined) return false
  return !newest.accepted && !isException(newest)
}

/** Whether a refusal is more than the "no" that the message classes say with an exception of their own. */
export function isException({ accepted, reason }: Expectation): boolean {
  return !accepted && reason !== 'nil' && !ORDINARY.has(reason ?? '')
}

const ORDINARY: ReadonlySet<string> = new Set([
  'ActiveSupport::MessageVerifier::InvalidSignature',
  'ActiveSupport::MessageEncryptor::InvalidMessage',
])
