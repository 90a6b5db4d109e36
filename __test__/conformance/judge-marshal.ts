import { Buffer } from 'node:buffer'
import { UnserializableValueError } from '../../src/errors.ts'
import type { Format } from '../../src/serializers/format.ts'
import { marshalFormat } from '../../src/serializers/marshal/marshal.ts'
import type { Payload } from '../../src/serializers/serializer.ts'
import { payloadBytes, payloadFromBytes } from '../../src/serializers/payload.ts'
import { type Answer, answerOfValue, difference } from './answer.ts'
import type { Court } from './court.ts'
import { readDump, type SelfDumped } from './marshal-dump.ts'
import {
  changesWhenLoaded,
  hasDumpedParts,
  inOrderOfClasses,
  olderView,
  refusesLength,
  showsParts,
} from './older-marshal.ts'
import { isCarried } from './payloads.ts'
import type { Ruling } from './rules.ts'
import { canonical, mapTree, nodesIn, type Tagged } from './typed-tree.ts'
import { refusesClass, withExceptions } from './unknown-classes.ts'
import { Findings, unsupported, type Verdict } from './verdict.ts'
import type { MarshalCase, VectorFile } from './vectors.ts'

/** Judges a case of the layers marshal and marshal_rails: what Ruby loads, and whether it dumps that again. */
export function judgeMarshal(court: Court, vector: MarshalCase): Verdict {
  if (vector.op !== undefined && vector.op !== 'load') return unsupported(`Marshal operation ${vector.op}`)
  const findings = new Findings()
  const dump = Buffer.from(vector.bytes_base64, 'base64')
  const read = marshalFormat({ railsVersion: court.file.rails }).read(payloadFromBytes(dump))
  const answer = answerOfValue(read)
  judgeLoading(court, vector, answer, dump, findings)
  if (read.ok) judgeDumping(court, vector, dump, read.value, answer, findings)
  return findings.verdict
}

function judgeLoading(court: Court, vector: MarshalCase, answer: Answer, dump: Buffer, findings: Findings): void {
  const { expected, input_typed: input } = vector
  if (input !== undefined && canonical(input) === canonical(expected.typed)) findings.fail('loaded as it was dumped')
  if (!expected.accepted && answer.accepted) {
    return findings.rule(
      ruleOnRefusal(court, vector, dump, answer.typed),
      `accepted, Ruby raised ${expected.reason}: ${expected.message}`,
    )
  }
  if (expected.indescribable !== undefined) return findings.fail(answer.accepted ? null : `refused (${answer.reason})`)
  const ours = nodesIn(answer.typed, 'user_dump', 'user_marshal') as unknown as SelfDumped[]
  const theirs = readDump(dump).selfDumped
  const described = ours.filter((node) => !theirs.some((other) => sameSelfDumped(node, other)))
  const classes = new Set(ours.map((node) => node.class))
  for (const { class: className } of described) findings.fail(`another ${className} than in the dump`)
  const [we, they] = [answer.typed, expected.typed].map((tree) => withoutInsides(tree, classes))
  const unlike = difference({ ...answer, typed: we }, { ...expected, typed: they })
  if (unlike === null) return
  if (!answer.accepted) return findings.fail(unlike)
  findings.rule(ruleOnLoading(court, vector, we, they, dump), unlike)
}

function ruleOnRefusal({ file }: Court, { expected }: MarshalCase, dump: Buffer, ours: unknown): Ruling {
  if (refusesClass(expected, dump, ours)) return { rule: 'unknown class' }
  const isLength = expected.message?.startsWith('negative string size') === true && refusesLength(dump, file.ruby)
  return isLength ? { rule: 'tolerant form' } : { why: 'over no class' }
}

/** `ours` and `theirs`: the trees, without what is inside objects that dump themselves. */
function ruleOnLoading(court: Court, vector: MarshalCase, ours: unknown, theirs: unknown, dump: Buffer): Ruling {
  const { rails } = court.file
  const told = canonical(theirs)
  if (canonical(ours) === told) return { why: 'the trees are the same' }
  const isTold = (view: unknown): boolean => view !== null && canonical(view) === told
  if (isTold(withExceptions(ours, theirs))) return { rule: 'unknown class' }
  if (isTold(inOrderOfClasses(ours, court.file))) return { rule: 'single-version bug' }
  if (!isTold(olderView(ours, rails))) return { why: `not what Rails ${rails} shows of it` }
  const unwitnessed =
    nodesIn(ours, 'duration').length > 0 ? otherParts(court, vector, ours, dump) : shownByNone(court, vector, ours)
  return unwitnessed === null ? { rule: 'single-version bug' } : { why: unwitnessed }
}

/** The versions around one with a bug dumped the same, and show it as we do. */
function shownByNone({ file, twins }: Court, vector: MarshalCase, ours: unknown): string | null {
  const others = twins.others(file.layer, vector) as readonly MarshalCase[]
  const isShown = others.some(({ expected }) => canonical(expected.typed) === canonical(ours))
  return isShown || others.length === 0 ? null : 'no other Rails shows it as we do'
}

/** Each version has dumped a Duration of its own: 8.1 can only tell that one shows its parts, and the dump which. */
function otherParts({ file, twins }: Court, vector: MarshalCase, ours: unknown, dump: Buffer): string | null {
  if (!hasDumpedParts(ours, dump)) return 'other parts than in the dump'
  const twin = twins.find(file.layer, vector.id) as MarshalCase | undefined
  const isUnwitnessed = twin === undefined ? twins.has(file.layer) : !showsParts(twin.expected.typed)
  return isUnwitnessed ? 'Rails 8.1 shows no parts either' : null
}

function judgeDumping(
  { file }: Court,
  vector: MarshalCase,
  dump: Buffer,
  value: unknown,
  answer: Answer,
  findings: Findings,
): void {
  const { redump_equal: same } = vector
  // Of a damaged dump, what it said is told again; what Ruby wrote, byte for byte.
  if (same !== undefined && !isCarried(dump)) findings.fail('not carried')
  if (same !== undefined && same === changesWhenLoaded(dump, file.rails, file.ruby)) {
    findings.fail(`dumped ${same ? 'alike' : 'otherwise'}, as Ruby does not`)
  }
  const format = marshalFormat({ railsVersion: file.rails })
  const again = dumped(format, value)
  if (again === null) {
    const loaded = format.load(payloadFromBytes(dump), false)
    const isCyclic = !loaded.ok && loaded.reason === 'cyclic'
    return findings.fail(isCyclic || same === undefined ? null : 'not dumped')
  }
  if (dump.equals(payloadBytes(again))) findings.wrote('Marshal dump')
  else if (same === true && isSaidByValues(dump, file)) findings.fail(`dumped ${again.text}`)
  const [said, told] = [answerOfValue(format.read(again)).typed, answer.typed].map((tree) => canonical(unshared(tree)))
  if (said !== told) findings.fail(`dumped as something else: ${said}`)
}

function dumped(format: Format, value: unknown): Payload | null {
  try {
    return format.dump(value)
  } catch (error) {
    if (error instanceof UnserializableValueError) return null
    throw error
  }
}

/** A value says everything but what is one object: only a dump without links, of the newest Ruby, must come out again. */
function isSaidByValues(dump: Buffer, { ruby }: VectorFile): boolean {
  const { hasLinks, hasHashVariables } = readDump(dump)
  return ruby.startsWith('3.3.') && !hasLinks && !hasHashVariables
}

function sameSelfDumped(ours: SelfDumped, theirs: SelfDumped): boolean {
  if (ours.$ === 'user_dump' || theirs.$ === 'user_dump') return canonical(ours) === canonical(theirs)
  return ours.class === theirs.class && canonical(unshared(ours.v)) === canonical(theirs.v)
}

/** A tree in which a String that comes again stands there again, and of anything else only that it does. */
function unshared(tree: unknown): unknown {
  const shared = new Map<unknown, unknown>()
  const replace = (node: Tagged): unknown => {
    if (node.$ === 'shared') {
      shared.set(node['id'], node['v'])
      return mapTree(node['v'], replace)
    }
    if (node.$ !== 'ref') return undefined
    const first = shared.get(node['id'])
    return typeof first === 'string' || (first as Partial<Tagged> | undefined)?.$ === 'string' ? first : { $: 'again' }
  }
  return mapTree(tree, replace)
}

/** Ruby shows what a class has made of its dump; we show the dump. What is left to compare is the class. */
function withoutInsides(tree: unknown, classes: ReadonlySet<unknown>): unknown {
  return mapTree(tree, (node) => {
    const isDumped = node.$ === 'user_dump' || node.$ === 'user_marshal'
    return isDumped || (node.$ === 'object' && classes.has(node['class']))
      ? { $: 'object', class: node['class'] }
      : undefined
  })
}
