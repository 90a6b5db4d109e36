import { Buffer } from 'node:buffer'
import type { Scheme } from '../../src/backend/backend.ts'
import { formUnescape } from '../../src/cookies/escape.ts'
import { atLeast } from '../../src/rails/version.ts'
import { type Answer, difference } from './answer.ts'
import { opensToNil, otherWays, readCookie, writeCookie } from './cookies.ts'
import { attributesAgain, type Resealed, rewriteAgain, sealAgain } from './resealing.ts'
import { isException, raisedAlone, ruleOnCookie } from './deviations.ts'
import type { Ruling } from './rules.ts'
import type { Court } from './court.ts'
import { frameworkOf } from './settings.ts'
import { Findings, type Verdict } from './verdict.ts'
import { rackBeside, rackLine } from './older-rack.ts'
import { withoutEnvelope } from './payloads.ts'
import { openMessage, type Release } from './older-messages.ts'
import { alike } from './set-cookie-lines.ts'
import type { CookieCase } from './vectors.ts'

/** Judges a case of the layers cookies, app and cross. */
export function judgeCookie(court: Court, vector: CookieCase): Verdict {
  const findings = new Findings()
  if (vector.op === 'write') return judgeWrite(court, vector, findings)
  const answer = readCookie(court.applications, court.framework, vector)
  judgeReading(court, vector, answer, findings)
  findings.fail(unescapedOtherwise(vector))
  // What older versions raised over is known more exactly.
  if (atLeast(court.file.rails, '7.1')) findings.fail(implausible(vector, answer))
  findings.fail(otherWays(court.applications, court.framework, vector, answer))
  judgeWriting(court, vector, answer, findings)
  return findings.verdict
}

function judgeReading(court: Court, vector: CookieCase, answer: Answer, findings: Findings): void {
  const { file, applications, framework, twins } = court
  const { schemes } = applications.backend
  const unlike = difference(answer, vector.expected)
  if (vector.jar.endsWith('plain')) return findings.fail(unlike)
  findings.fail(otherPlaintext(vector, schemes, file))
  const twin = twins.find(file.layer, vector.id) as CookieCase | undefined
  if (unlike === null && !raisedAlone(vector.expected, file.rails, twin?.expected)) return
  const ruling = ruleOnCookie({
    layer: file.layer,
    vector,
    answer,
    release: file,
    schemes,
    twins,
    payload: payloadOf(court, vector),
    opensToNil: (message) => opensToNil(applications, framework, vector, message),
  })
  findings.rule(ruling, unlike ?? `refused (${answer.reason}), Rails raised ${vector.expected.reason}`)
}

/** Another plaintext was recorded than comes out of the message by another way than ours. */
function otherPlaintext(vector: CookieCase, schemes: readonly Scheme[], release: Release): string | null {
  const { plaintext_base64: plaintext, cookie_header_value: value = '' } = vector
  const text = plaintext === undefined ? null : formUnescape(value)
  if (typeof text !== 'string') return null
  const found = openMessage(text, schemes, release)?.plaintext
  return found?.toString('base64') === plaintext ? null : 'another plaintext'
}

/** Rails raises over what it cannot make sense of; not over what is expired, meant for another or absent. */
function implausible({ expected }: CookieCase, { accepted, reason }: Answer): string | null {
  if (accepted || !isException(expected) || MAY_RAISE.has(reason)) return null
  return `refused (${reason}), and Rails would not raise ${expected.reason} for that`
}

function judgeWrite(court: Court, vector: CookieCase, findings: Findings): Verdict {
  const { reason = '', message = '', accepted } = vector.expected
  const ours = writeCookie(court.applications, court.framework, vector)
  const bytes = /with size (\d+) bytes/.exec(message)?.[1]
  const rails = reason.endsWith('CookieOverflow')
    ? `overflow ${bytes ?? ''}`.trimEnd()
    : message.startsWith('Secret should be something secure')
      ? 'misconfigured'
      : 'unserializable'
  if (accepted || !(ours === rails || (bytes === undefined && ours.startsWith(rails)))) {
    findings.fail(`writing: ${ours}, Rails: ${accepted ? 'sealed' : `${reason} ${message}`}`)
  }
  return findings.verdict
}

function unescapedOtherwise({ raw_message: raw, cookie_header_value: value }: CookieCase): string | null {
  return raw === undefined || value === undefined || formUnescape(value) === raw ? null : 'unescaped otherwise'
}

function judgeWriting(court: Court, vector: CookieCase, answer: Answer, findings: Findings): void {
  const { applications, framework, file } = court
  const writer = file.layer === 'cross' ? frameworkOf(vector.written_by ?? '') : framework
  const payload = payloadOf(court, vector)
  const sealed = sealAgain(applications, writer, vector, answer, payload)
  if (sealed !== null) compare(court, vector, sealed, 'set_cookie', findings)
  if (sealed?.rails !== vector.set_cookie) {
    const attributes = attributesAgain(applications, writer, vector)
    if (attributes !== null) compare(court, vector, attributes, 'set_cookie', findings)
  }
  const { rewritten, rewritten_set_cookie: line } = vector.expected
  if ((rewritten === true) !== (line !== undefined)) findings.fail('rewritten without a line, or the other way round')
  if (line === undefined) return
  const again = rewriteAgain(applications, framework, vector, answer, payload)
  // Those of cross were read in an environment that adds no attributes.
  const compared =
    again !== null && file.layer === 'cross' ? { ...again, ours: again.ours.replace(/;.*/, '; path=/') } : again
  if (compared !== null) compare(court, vector, compared, 'rewritten_set_cookie', findings)
}

/** What is sealed in the recorded cookie, found by another way than ours; null where it is not authentic. */
function payloadOf({ applications, file }: Court, vector: CookieCase): Buffer | null {
  const { payload_base64: payload, plaintext_base64: plaintext, cookie_header_value: value = '' } = vector
  if (payload !== undefined) return Buffer.from(payload, 'base64')
  if (plaintext !== undefined) return withoutEnvelope(Buffer.from(plaintext, 'base64'))
  const text = formUnescape(value)
  const opened = typeof text === 'string' ? openMessage(text, applications.backend.schemes, file) : null
  return opened === null ? null : withoutEnvelope(opened.plaintext)
}

function compare(
  court: Court,
  vector: CookieCase,
  { kind, ours, rails }: Resealed,
  field: 'set_cookie' | 'rewritten_set_cookie',
  findings: Findings,
): void {
  if (ours === rails) findings.wrote(kind === 'plain' ? 'Set-Cookie line' : `${kind} cookie`)
  else findings.rule(ruleOnSpelling(court, vector, ours, rails, field), `wrote ${ours}, Rails: ${rails}`)
}

function ruleOnSpelling(
  { file, twins }: Court,
  vector: CookieCase,
  ours: string,
  rails: string,
  field: 'set_cookie' | 'rewritten_set_cookie',
): Ruling {
  const rack = file.rack === '' ? rackBeside(file.rails) : file.rack
  if (rackLine(vector.cookie_name, ours, rack) !== rails) return { why: 'no spelling of that rack' }
  const twin = twins.find(file.layer, vector.id) as CookieCase | undefined
  const line = field === 'set_cookie' ? twin?.set_cookie : twin?.expected.rewritten_set_cookie
  if (line === undefined) return { why: 'Rails 8.1 has no such line' }
  return alike(ours, rails, line) ? { rule: 'rack spelling' } : { why: 'Rails 8.1 spells it otherwise than we' }
}

/** Reasons of ours for which some Rails raised. An empty ciphertext is one that OpenSSL refused to decrypt. */
const MAY_RAISE: ReadonlySet<string> = new Set([
  'malformed',
  'unauthenticated',
  'undecodable',
  'limit_exceeded',
  'unsupported_serializer',
  'not_a_session',
])
