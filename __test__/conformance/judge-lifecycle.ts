import { typedTree } from '../../src/ruby/typed-tree.ts'
import { Identities } from '../../src/ruby/eql.ts'
import type { SessionData } from '../../src/session/request-session.ts'
import type { Rails } from '../../src/rails/rails.ts'
import { railsOf } from './applications.ts'
import type { Court } from './court.ts'
import { act, type Seen } from './lifecycle.ts'
import type { Ruling } from './rules.ts'
import { canonical, entryOf, pairsOf, sessionTree, valueOf } from './typed-tree.ts'
import { Findings, type Verdict } from './verdict.ts'
import type { LifecycleCase } from './vectors.ts'

/** Judges a case of the layer session_lifecycle: whether the session is sent, and as what. */
export function judgeLifecycle(court: Court, vector: LifecycleCase): Verdict {
  const findings = new Findings()
  const rails = application(court, vector)
  const ours = play(rails, vector)
  findings.fail(otherSession('session_before', vector.session_before ?? undefined, ours.before))
  findings.fail(otherSight(ours.seen, vector.seen))
  const [line] = vector.set_cookie
  if (vector.set_cookie.length > 1) findings.fail('Rails sent the cookie twice')
  if ((line === undefined) !== (ours.line === null)) {
    findings.rule(ruleOnSending(court, vector), `sent ${ours.line ?? 'nothing'}, Rails: ${line ?? 'nothing'}`)
  } else if (line !== undefined && ours.line !== null) {
    findings.fail(otherLine(rails, vector, ours.line, line))
    if (ours.line === line) findings.wrote('signed cookie')
    else if (court.file.rails === '3.2' && vector.session_id_kept === true)
      findings.fail(`sent ${ours.line}, Rails: ${line}`)
  }
  return findings.verdict
}

function application({ applications, framework }: Court, { config, cookie_header: header }: LifecycleCase): Rails {
  const name = header?.slice(0, header.indexOf('=')) ?? NAME
  const side = { framework, config, jar: 'session', name }
  return railsOf(applications, side, 'write as rails', (options) => ({ ...options, write: 'rails' }))
}

interface Played {
  /** Tree of the session that came in; undefined for none. */
  readonly before: unknown
  readonly seen: Seen
  readonly line: string | null
}

function play(rails: Rails, { id, cookie_header: header }: LifecycleCase): Played {
  const opened = rails.session.openHeader(header ?? undefined)
  const session = rails.session.load(header)
  const seen = act(session, id)
  const line = session.commit()
  if (session.commit() !== line) throw new Error('a second commit gave another line')
  return { before: opened.ok ? sessionTree(opened.typed()) : undefined, seen, line }
}

/** Whether we and Rails sent another session, or the same in another way. */
function otherLine(rails: Rails, vector: LifecycleCase, ours: string, theirs: string): string | null {
  const [our, their] = [sentSession(rails, ours), sentSession(rails, theirs)]
  const recorded = sessionTree(vector.session_after)
  const after = otherSession('their session', recorded, their)
  if (after !== null) return after
  const [before, id, recordedId] = [vector.session_before, our, recorded].map((tree) => entryOf(tree, 'session_id'))
  const isKept = before !== undefined && id === before
  if (isKept !== (before !== undefined && recordedId === before)) return `the id ${isKept ? 'stayed' : 'is another'}`
  if (isKept !== (vector.session_id_kept ?? isKept)) return 'session_id_kept says otherwise'
  if (!isKept && !(typeof id === 'string' && NEW_ID.test(id))) return `a new id ${String(id)}`
  if ((vector.session_id_shape === undefined) !== (isKept || vector.session_id_kept === undefined))
    return 'another shape'
  const attributes = ours.slice(ours.indexOf(';'))
  if (attributes !== theirs.slice(theirs.indexOf(';'))) return `sent with ${attributes}`
  return otherSession('session_after', without(recorded, 'session_id'), without(our, 'session_id'))
}

/** Tree of the session in a Set-Cookie line. */
function sentSession(rails: Rails, line: string): unknown {
  const opened = rails.session.openHeader(line.slice(0, line.indexOf(';')))
  return opened.ok ? sessionTree(opened.typed()) : undefined
}

/** Hashes are the same in any order, as in Ruby, and text in ASCII is the same in any encoding. */
function otherSession(what: string, recorded: unknown, ours: unknown): string | null {
  const identities = new Identities()
  const isSame =
    (recorded === undefined) === (ours === undefined) &&
    identities.of(valueOf(recorded ?? null)) === identities.of(valueOf(ours ?? null))
  return isSame ? null : `${what}: ${canonical(ours)}, Rails: ${canonical(recorded)}`
}

function otherSight(ours: Seen, { id_class: idClass, ...recorded }: Seen): string | null {
  const { id_class: ourIdClass, ...seen } = ours as SessionData
  // 3.2 had no session.id to ask.
  const isSameClass = idClass === null || ourIdClass === (typeof idClass === 'object' ? textOf(idClass) : idClass)
  return isSameClass && canonical(typedTree(seen)) === canonical(recorded) ? null : `saw ${canonical(typedTree(seen))}`
}

function textOf(tree: unknown): unknown {
  return (tree as { readonly v?: unknown } | null)?.v
}

function without(tree: unknown, name: string): unknown {
  return { $: 'hash', v: pairsOf(tree).filter(([key]) => key !== name) }
}

/** Where we send the cookie and that Rails does not. */
function ruleOnSending({ file, twins }: Court, { id, set_cookie: lines }: LifecycleCase): Ruling {
  if (file.rails !== '3.2' || id !== 'cookie/destroy' || lines.length > 0) {
    return { why: `Rails ${file.rails} sends it as 8.1 does` }
  }
  const twin = twins.find(file.layer, id) as LifecycleCase | undefined
  return twin?.set_cookie.length === 1 ? { rule: 'single-version bug' } : { why: 'Rails 8.1 does not send it either' }
}

const NAME = '_s'
const NEW_ID = /^[0-9a-f]{32}$/
