import { isDeepStrictEqual } from 'node:util'
import { typedTree, type TypedTree } from '../../src/ruby/index.ts'
import { canonical, entryOf, isTagged, pairsOf, withoutNulls } from '../conformance/typed-tree.ts'
import { type OurRead, type OurSide, type Reading, STORED_NIL } from './our-side.ts'
import type { RailsProcess, Read, Written } from './rails-process.ts'
import { expiry, type Trial } from './trials.ts'
import { afterFormat, plainOf } from './typed.ts'

/** What was compared, and how it differed; null when it did not. */
export interface Finding {
  readonly check: 'written' | 'Rails reads ours' | 'we read Rails' | 'own' | 'tampered' | 'expired'
  readonly difference: string | null
  /** Whether the cookie was accepted; false where nothing was read. */
  readonly accepted: boolean
  /** Why Rails' answer says nothing about ours here; null where the two were compared. */
  readonly excuse: string | null
}

/** What answers as rails.rb does. */
export type RailsSide = Pick<RailsProcess, 'ask'>

/** Lets both sides write the cookie of a trial, and both read what either wrote, as it is, tampered with and expired. */
export async function exchange(trial: Trial, rails: RailsSide, ours: OurSide): Promise<Finding[]> {
  const value = padded(trial, ours)
  const tree = typedTree(value)
  const byRails = await rails.ask({
    op: 'write',
    jar: trial.jar,
    name: trial.name,
    config: trial.config,
    now: trial.now,
    https: trial.https,
    host: trial.host,
    value: tree,
    options: trial.attributes,
  })
  const byUs = ours.write(trial, value)
  const excuse = failsUnsent(trial, byUs, byRails) ? 'sealed by Rails although it is not sent' : null
  const difference = excuse === null ? differentLines(trial, byUs, byRails) : null
  const findings: Finding[] = [{ check: 'written', difference, accepted: false, excuse }]
  // What JSON makes of a Time, Rails says itself when it reads its own cookie.
  let expected = trial.rich ? undefined : expectation(trial, value, tree)
  for (const [writer, written] of [
    ['Rails', byRails],
    ['us', byUs],
  ] as const) {
    const [line] = 'lines' in written ? written.lines : []
    // oxlint-disable-next-line no-await-in-loop -- one after the other keeps the requests in order
    if (line === undefined) continue
    // oxlint-disable-next-line no-await-in-loop
    const { findings: found, read } = await readings(trial, valueIn(line), writer, expected, rails, ours)
    findings.push(...found)
    if (writer === 'Rails' && trial.rich) expected = read
  }
  return findings
}

async function readings(
  trial: Trial,
  cookie: string,
  writer: 'Rails' | 'us',
  expected: TypedTree | undefined,
  rails: RailsSide,
  ours: OurSide,
): Promise<{ findings: Finding[]; read: TypedTree | undefined }> {
  const read = async (sent: string, now: number): Promise<{ reading: Reading; we: OurRead; they: Read }> => {
    const reading = { ...trial.reader, cookie: sent, now }
    return { reading, we: ours.read(reading), they: await rails.ask({ op: 'read', ...reading }) }
  }
  const found = (check: Finding['check'], difference: string | null, accepted = false, excuse = false): Finding => ({
    check,
    difference: difference === null ? null : `written by ${writer}: ${difference}`,
    accepted,
    excuse: excuse ? 'too long for Rails to send again' : null,
  })

  const { reading, we, they } = await read(cookie, trial.now)
  const across = writer === 'Rails' ? 'we read Rails' : 'Rails reads ours'
  const findings = [
    found(
      across,
      differentAnswers(we, they, trial) ?? unexpected(trial, expected, we, they),
      we.accepted,
      overflowsWhenRewritten(we, they),
    ),
    found('own', otherAnswers(we, ours.readOtherwise(reading))),
  ]
  if (!trial.jar.endsWith('plain')) {
    const tampered = await read(tamper(trial, cookie), trial.now)
    findings.push(found('tampered', notRefused(tampered.we, tampered.they)))
  }
  const end = expiry(trial)
  if (end !== null && trial.readable === true) {
    const last = await read(cookie, end - 1)
    const late = await read(cookie, end)
    const difference = differentAnswers(last.we, last.they, trial) ?? unexpected(trial, expected, last.we, last.they)
    findings.push(
      found('expired', difference ?? notRefused(late.we, late.they), false, overflowsWhenRewritten(last.we, last.they)),
    )
  }
  return { findings, read: treeRead(trial, they) }
}

/** The value, made so long that the cookie is near the limit where the trial wants that. */
function padded(trial: Trial, ours: OurSide): unknown {
  const { padding, value } = trial
  if (padding === null) return value
  const withPadding = (length: number): unknown => {
    const text = padding.text.repeat(Math.max(0, length))
    return trial.jar === 'session' ? Object.assign(Object.create(null), value, { pad: text }) : text
  }
  if (!ours.fits(trial, withPadding(0))) return value
  let fits = 0
  let over = 4096
  while (over - fits > 1) {
    const middle = Math.floor((fits + over) / 2)
    if (ours.fits(trial, withPadding(middle))) fits = middle
    else over = middle
  }
  return withPadding(fits + padding.beyond)
}

/** The tree that a reader of the value gets. */
function expectation({ jar, config }: Trial, value: unknown, tree: TypedTree): TypedTree {
  if (!jar.endsWith('plain')) {
    const read = afterFormat(tree, config.cookies_serializer)
    return jar === 'session' ? (withoutNulls(read) as TypedTree) : read
  }
  return value instanceof Uint8Array ? { ...(tree as object), enc: 'UTF-8' } : String(value)
}

/** A secure cookie over plain HTTP is not sent. Rails seals it first nevertheless, and may fail. */
function failsUnsent({ https }: Trial, byUs: Written, byRails: Written): boolean {
  return !https && 'lines' in byUs && byUs.lines.length === 0 && 'raised' in byRails
}

/** Lines are equal where nothing in them is random, else of the same form and length. */
function differentLines(trial: Trial, byUs: Written, byRails: Written): string | null {
  if ('raised' in byUs || 'raised' in byRails) {
    return isDeepStrictEqual(byUs, byRails) ? null : `we ${show(byUs)}, Rails ${show(byRails)}`
  }
  const random = trial.jar === 'session' || trial.jar.endsWith('encrypted')
  const comparable = (line: string): string => {
    if (!random) return line
    const cookie = valueIn(line)
    return line.replace(cookie, `<${unescape(cookie).replaceAll(/[^-]/g, '.')}>`)
  }
  const [ours, theirs] = [byUs.lines.map(comparable), byRails.lines.map(comparable)]
  return isDeepStrictEqual(ours, theirs) ? null : `we write ${ours.join('\n')}, Rails ${theirs.join('\n')}`
}

function differentAnswers(we: OurRead, they: Read, trial: Trial): string | null {
  if (overflowsWhenRewritten(we, they)) return null
  if (we.accepted !== they.accepted) return `we ${show(we)}, Rails ${show(they)}`
  if (!we.accepted || !they.accepted) return null
  if (canonical(we.typed) !== canonical(they.typed)) return `we ${show(we)}, Rails ${show(they)}`
  // A session that was read is sent again in any case.
  const sealed = trial.reader.jar !== 'session' && !trial.reader.jar.endsWith('plain')
  return sealed && we.rewritten !== they.rewritten ? `rewrite: we ${we.rewritten}, Rails ${they.rewritten}` : null
}

/** Rails had read the cookie by then, and raised as what it sends instead is too long. Our value is still compared. */
function overflowsWhenRewritten(we: OurRead, they: Read): boolean {
  return we.accepted && we.rewritten && !they.accepted && they.reason === OVERFLOW
}

/** What Rails has read, without what is another each time; undefined if it has not. */
function treeRead({ reader, readable }: Trial, they: Read): TypedTree | undefined {
  if (readable !== true || !they.accepted) return undefined
  return (reader.jar === 'session' ? withoutEntry(they.typed, 'session_id') : they.typed) as TypedTree
}

function unexpected(
  { readable, jar, config, value, rich }: Trial,
  expected: TypedTree | undefined,
  we: OurRead,
  they: Read,
): string | null {
  if (readable === null) return null
  if (!readable) return notRefused(we, they)
  if (expected === null && jar !== 'session')
    return we.accepted || we.reason !== STORED_NIL ? `nil: we ${show(we)}` : null
  // What is nil in JSON, such as a BigDecimal that is no number.
  if (!we.accepted && rich && we.reason === STORED_NIL) return null
  if (!we.accepted) return `refused: we ${show(we)}`
  const { typed, data } = we
  if (jar === 'session' && !SESSION_ID.test(String(entryOf(typed, 'session_id')))) return 'session_id'
  if (expected === undefined) return null
  const seen = jar === 'session' ? withoutEntry(typed, 'session_id') : typed
  if (canonical(seen) !== canonical(expected)) return `read as ${show(seen)}, written was ${show(expected)}`
  // An application's own serializer decides what data is; bytes come back as text where they are UTF-8.
  if (rich || config.cookies_serializer.startsWith('custom') || value instanceof Uint8Array) return null
  const plain = plainOf(expected)
  const good =
    jar === 'session' ? sameEntries(withoutSessionId(data), withoutNulls(plain)) : isDeepStrictEqual(data, plain)
  return good ? null : `data is ${show(data)}`
}

function otherAnswers(answer: OurRead, others: readonly OurRead[]): string | null {
  const other = others.find((each) => !isDeepStrictEqual(each, answer))
  return other === undefined ? null : `read another way: ${show(other)}, not ${show(answer)}`
}

function notRefused(we: OurRead, they: Read): string | null {
  const good = !we.accepted && we.reason !== STORED_NIL && !they.accepted
  return good ? null : `not refused: we ${show(we)}, Rails ${show(they)}`
}

/** The cookie with one character of its message replaced. */
function tamper({ tamper: { at, by } }: Trial, cookie: string): string {
  const message = unescape(cookie)
  const place = Math.floor(at * message.length)
  const character = by[0] === message[place] ? (by[1] === by[0] ? '!' : by[1]) : by[0]
  return encodeURIComponent(message.slice(0, place) + character + message.slice(place + 1))
}

function valueIn(line: string): string {
  return line.slice(line.indexOf('=') + 1).split(';')[0]!
}

function unescape(cookie: string): string {
  return decodeURIComponent(cookie.replaceAll('+', ' '))
}

/** The tree of a Hash without one of its keys. */
function withoutEntry(tree: unknown, name: string): unknown {
  const pairs = pairsOf(tree).filter(([key]) => key !== name)
  return isTagged(tree as object) ? { ...(tree as object), v: pairs } : Object.fromEntries(pairs)
}

function withoutSessionId(hash: unknown): object {
  return Object.fromEntries(Object.entries(hash as object).filter(([key]) => key !== 'session_id'))
}

function sameEntries(a: unknown, b: unknown): boolean {
  const sorted = (object: unknown): unknown[] =>
    Object.entries(object as object).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return isDeepStrictEqual(sorted(a), sorted(b))
}

function show(value: unknown): string {
  const text =
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each)) ?? 'undefined'
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}

const OVERFLOW = 'ActionDispatch::Cookies::CookieOverflow'
const SESSION_ID = /^[0-9a-f]{32}$/
