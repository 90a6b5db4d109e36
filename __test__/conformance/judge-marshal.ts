import { Buffer } from 'node:buffer'
import { marshalFormat } from '../../src/serializers/marshal/marshal.ts'
import { payloadBytes, payloadFromBytes } from '../../src/serializers/payload.ts'
import { type Answer, answerOfValue, difference } from './answer.ts'
import type { Court } from './court.ts'
import { readDump, type SelfDumped } from './marshal-dump.ts'
import {
  changesWhenLoaded,
  hasDumpedParts,
  inOrderOfClasses,
  olderView,
  refusesClass,
  refusesLength,
  showsParts,
} from './older-marshal.ts'
import type { Ruling } from './rules.ts'
import { canonical, mapTree, nodesIn, type Tagged } from './typed-tree.ts'
import { Findings, unsupported, type Verdict } from './verdict.ts'
import type { MarshalCase } from './vectors.ts'

/** Judges a case of the layers marshal and marshal_rails: what Ruby loads, and whether it dumps that again. */
export function judgeMarshal(court: Court, vector: MarshalCase): Verdict {
  if (vector.op !== undefined && vector.op !== 'load') return unsupported(`Marshal operation ${vector.op}`)
  const findings = new Findings()
  const dump = Buffer.from(vector.bytes_base64, 'base64')
  const read = marshalFormat.read(payloadFromBytes(dump))
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
      ruleOnRefusal(court, vector, dump),
      `accepted, Ruby raised ${expected.reason}: ${expected.message}`,
    )
  }
  if (expected.indescribable !== undefined) return findings.fail(answer.accepted ? null : `refused (${answer.reason})`)
  const ours = nodesIn(answer.typed, 'user_dump', 'user_marshal') as unknown as SelfDumped[]
  const theirs = readDump(dump).selfDumped
  const described = ours.filter((node) => !theirs.some((other) => sameSelfDumped(node, other)))
  const classes = new Set(ours.map((node) => node.class))
  for (const { class: className } of described) findings.fail(`another ${className} than in the dump`)
  const unlike = difference(
    { ...answer, typed: withoutInsides(answer.typed, classes) },
    { ...expected, typed: withoutInsides(expected.typed, classes) },
  )
  if (unlike !== null) findings.rule(ruleOnLoading(court, vector, answer, dump), unlike)
}

function ruleOnRefusal({ file }: Court, { expected }: MarshalCase, dump: Buffer): Ruling {
  if (refusesClass(expected, dump)) return { rule: 'unknown class' }
  const isLength = expected.message?.startsWith('negative string size') === true && refusesLength(dump, file.ruby)
  return isLength ? { rule: 'tolerant form' } : { why: 'over no class' }
}

function ruleOnLoading({ file, twins }: Court, vector: MarshalCase, answer: Answer, dump: Buffer): Ruling {
  const ordered = answer.accepted ? inOrderOfClasses(answer.typed, file) : null
  if (ordered !== null && canonical(ordered) === canonical(vector.expected.typed)) {
    return { rule: 'single-version bug' }
  }
  const older = answer.accepted ? olderView(answer.typed, file.rails) : null
  if (older === null || canonical(older) !== canonical(vector.expected.typed)) {
    return { why: `not what Rails ${file.rails} shows of it` }
  }
  // Each version has dumped it by itself, so another one can only be asked whether it shows what is in its dump.
  if (nodesIn(answer.typed, 'duration').length === 0) {
    const others = twins.others(file.layer, vector) as readonly MarshalCase[]
    const isWitnessed = others.some(({ expected }) => canonical(expected.typed) === canonical(answer.typed))
    return isWitnessed ? { rule: 'single-version bug' } : { why: 'no other Rails shows it as we do' }
  }
  if (!hasDumpedParts(answer.typed, dump)) return { why: 'other parts than in the dump' }
  const twin = twins.find(file.layer, vector.id) as MarshalCase | undefined
  const isUnwitnessed = twin === undefined ? twins.has(file.layer) : !showsParts(twin.expected.typed)
  return isUnwitnessed ? { why: 'Rails 8.1 shows no parts either' } : { rule: 'single-version bug' }
}

function judgeDumping(
  { file }: Court,
  vector: MarshalCase,
  dump: Buffer,
  value: unknown,
  answer: Answer,
  findings: Findings,
): void {
  const again = marshalFormat.dump(value)
  const isEqual = dump.equals(payloadBytes(again))
  // Whatever the bytes, they say the same.
  const unlike = difference(answerOfValue(marshalFormat.read(again)), { accepted: true, typed: answer.typed })
  if (unlike !== null) findings.fail(`dumped as something else: ${unlike}`)
  const { redump_equal: same } = vector
  if (same === undefined) return
  if (same === changesWhenLoaded(dump, file.rails, file.ruby)) {
    return findings.fail(`dumped ${same ? 'alike' : 'otherwise'}, as Ruby does not`)
  }
  if (isEqual) findings.wrote('Marshal dump')
  else if (same) findings.fail(`dumped ${Buffer.from(payloadBytes(again)).toString('base64')}`)
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
