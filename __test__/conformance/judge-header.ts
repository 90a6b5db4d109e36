import type { Ruling } from './rules.ts'
import { cookiesOf, escapedValue, lineOf, listed, recordedLine } from './headers.ts'
import type { Court } from './court.ts'
import { Findings, unsupported, type Verdict } from './verdict.ts'
import { rackCookies, rackLine, readsCommas } from './older-rack.ts'
import { alike } from './set-cookie-lines.ts'
import type { HeaderCase } from './vectors.ts'

/** Judges a case of the layer headers. */
export function judgeHeader(court: Court, vector: HeaderCase): Verdict {
  const findings = new Findings()
  switch (vector.op) {
    case 'parse':
      judgeParsing(court, vector, findings)
      break
    case 'escape':
      if (escapedValue(vector) !== vector.rack_escape) findings.fail(`escaped ${escapedValue(vector)}`)
      judgeLine(court, vector, findings)
      break
    case 'session_set_cookie':
    case 'set_cookie':
      judgeLine(court, vector, findings)
      break
    default:
      return unsupported(`header operation ${vector.op}`)
  }
  return findings.verdict
}

function judgeParsing({ file, twins }: Court, vector: HeaderCase, findings: Findings): void {
  const header = vector.cookie_header ?? ''
  const ours = JSON.stringify(cookiesOf(header))
  const rails = JSON.stringify(vector.expected?.cookies)
  if (ours === rails) return
  const theirs = JSON.stringify(listed(rackCookies(header)))
  const twin = twins.find(file.layer, vector.id) as HeaderCase | undefined
  const excused =
    readsCommas(file.rack) &&
    theirs === rails &&
    twin?.cookie_header === header &&
    JSON.stringify(twin.expected?.cookies) === ours
  const ruling: Ruling = excused ? { rule: 'rack spelling' } : { why: `rack ${file.rack} is not known to read that` }
  findings.rule(ruling, `parsed ${ours}, Rails: ${rails}`)
}

function judgeLine(court: Court, vector: HeaderCase, findings: Findings): void {
  const ours = lineOf(court.backend, court.framework, vector)
  const rails = recordedLine(vector)
  const raised = vector.expected?.accepted === false
  findings.fail(otherAttributes(vector, rails))
  if (ours === rails && !raised) {
    if (ours !== null) findings.wrote('Set-Cookie line')
    return
  }
  findings.rule(
    ruleOnLine(court, vector, ours, rails, raised),
    `line ${ours}, Rails: ${raised ? `raised ${vector.expected?.reason}` : rails}`,
  )
}

/** The vectors say the attributes twice. */
function otherAttributes({ attributes }: HeaderCase, line: string | null): string | null {
  if (attributes === undefined) return null
  const found = line === null ? null : line.slice(line.indexOf('=') + 1)
  return attributes === found ? null : `attributes ${attributes} beside ${line}`
}

function ruleOnLine(
  { file, twins }: Court,
  vector: HeaderCase,
  ours: string | null,
  rails: string | null,
  raised: boolean,
): Ruling {
  const name = vector.cookie_name ?? vector.name ?? ''
  if (ours === null || (rails === null) !== raised || rackLine(name, ours, file.rack) !== rails) {
    return { why: `no spelling of rack ${file.rack}` }
  }
  const twin = twins.find(file.layer, vector.id) as HeaderCase | undefined
  const line = twin === undefined ? null : recordedLine(twin)
  if (line === null) return { why: 'Rails 8.1 has no such line' }
  return alike(ours, rails, line) ? { rule: 'rack spelling' } : { why: 'Rails 8.1 spells it otherwise than we' }
}
