import { type Csrf, SessionCsrf } from '../../src/csrf/csrf.ts'
import { ConfigError } from '../../src/errors.ts'
import { readConfig } from '../../src/rails/config.ts'
import type { Court } from './court.ts'
import { accepts, isRelative, madeHex, rulesOf, unmaskedHex } from './older-csrf.ts'
import type { Ruling } from './rules.ts'
import { railsOptions } from './settings.ts'
import { Findings, type Verdict } from './verdict.ts'
import type { CsrfCase } from './vectors.ts'

/** Judges a case of the layer csrf: whether a token is accepted, and what a token is that Rails made. */
export function judgeCsrf(court: Court, vector: CsrfCase): Verdict {
  const findings = new Findings()
  const { per_form_csrf_tokens, urlsafe_csrf_tokens, session_csrf_token: token } = vector
  const options = railsOptions({ per_form_csrf_tokens, urlsafe_csrf_tokens }, court.framework)
  const session = new Map([['_csrf_token', token]])
  const csrf = new SessionCsrf(session, readConfig({ ...options, secretKeyBase: SECRET }).csrf)
  judgeReading(court, vector, csrf, findings)
  if (vector.rails_made === true) judgeWriting(court, vector, csrf, findings)
  if (session.size !== 1 || session.get('_csrf_token') !== token) findings.fail('the session was changed')
  return findings.verdict
}

function judgeReading(court: Court, vector: CsrfCase, csrf: Csrf, findings: Findings): void {
  const { token, path, method, expected } = vector
  const { rails } = court.file
  if (accepts(token, vector, rulesOf(rails)) !== expected.accepted) {
    findings.fail(`Rails ${rails} is not known to have ${expected.accepted ? 'accepted' : 'refused'} that`)
  }
  const ours = csrf.verify(token, { path, method })
  if (ours === expected.accepted) return
  const difference = ours ? 'accepted, Rails refused' : 'refused, Rails accepted'
  for (const ruling of ruleOnReading(court, vector)) findings.rule(ruling, difference)
}

/** Up to 5.1, Rails knew neither the url-safe alphabet nor the token that is derived for all forms. */
function ruleOnReading({ file, twins }: Court, vector: CsrfCase): Ruling[] {
  const twin = twins.find(file.layer, vector.id) as CsrfCase | undefined
  if (vector.expected.accepted || twin?.expected.accepted !== true)
    return [{ why: 'Rails 8.1 answers otherwise than we' }]
  const needed: Ruling[] = []
  if (!accepts(vector.token, vector, { urlSafe: false, global: true })) needed.push({ rule: 'tolerant form' })
  if (!accepts(vector.token, vector, { urlSafe: true, global: false })) needed.push({ rule: 'unknown to that version' })
  return needed
}

/** Tokens are random but for what stands behind their masks, and that Rails accepts ours where it accepts its own. */
function judgeWriting({ file }: Court, vector: CsrfCase, csrf: Csrf, findings: Findings): void {
  const { token, unmasked_hex: recorded, form_action: path, form_method: method, expected } = vector
  if (unmaskedHex(token) !== recorded) findings.fail('another token behind the mask')
  if (madeHex(vector, file.rails) !== recorded) findings.fail(`Rails ${file.rails} is not known to make that token`)
  if (path !== undefined && isRelative(path)) return findings.fail(unlikeMistake(csrf, path))
  const ours = csrf.token(path === undefined || method === undefined ? undefined : { path, method })
  if (unmaskedHex(ours) !== recorded) findings.fail(`made ${unmaskedHex(ours)}, Rails: ${recorded}`)
  else findings.wrote('CSRF token')
  if (alphabetOf(ours) !== alphabetOf(token ?? '')) findings.fail(`wrote ${ours}, Rails: ${token}`)
  if (accepts(ours, vector, rulesOf(file.rails)) !== expected.accepted) {
    findings.fail(`Rails ${file.rails} takes ours for another than its own`)
  }
}

/** A relative action is a mistake that we tell, since no Rails makes a token for it that a browser's request fits. */
function unlikeMistake(csrf: Csrf, path: string): string | null {
  try {
    csrf.token({ path, method: 'post' })
    return `made a token for ${path}`
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
}

/** 64 bytes have padding in the standard alphabet, and none in the other as Rails writes it. */
function alphabetOf(token: string): string {
  if (/^[A-Za-z\d+/]{86}==$/.test(token)) return 'standard'
  return /^[\w-]{86}$/.test(token) ? 'url-safe' : 'neither'
}

const SECRET = 'x'.repeat(64)
