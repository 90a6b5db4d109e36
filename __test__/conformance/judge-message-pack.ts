import { Buffer } from 'node:buffer'
import { UnserializableValueError } from '../../src/errors.ts'
import type { Format } from '../../src/serializers/format.ts'
import { messagePackFormat } from '../../src/serializers/message-pack/message-pack.ts'
import { payloadBytes, payloadFromBytes } from '../../src/serializers/payload.ts'
import { atLeast } from '../../src/rails/version.ts'
import { RubyString } from '../../src/ruby/string.ts'
import { answerOfValue, difference } from './answer.ts'
import type { Court } from './court.ts'
import { nodesIn, valueOf } from './typed-tree.ts'
import { Findings, unsupported, type Verdict } from './verdict.ts'
import type { MessagePackCase } from './vectors.ts'

/** Judges a case of the layer message_pack: bytes that Rails wrote, or was given. */
export function judgeMessagePack(court: Court, vector: MessagePackCase): Verdict {
  if (vector.op !== 'dump' && vector.op !== 'load') return unsupported(`MessagePack operation ${vector.op}`)
  const findings = new Findings()
  const format = messagePackFormat({ railsVersion: court.file.rails })
  if (vector.expected.summary !== undefined) judgeLarge(format, vector, findings)
  else {
    if (vector.op === 'dump') judgeDumping(format, vector, findings)
    if (vector.bytes_base64 !== undefined) judgeLoading(court, format, vector, findings)
    else if (vector.expected.accepted) findings.fail('accepted without any bytes')
  }
  return findings.verdict
}

function judgeDumping(format: Format, vector: MessagePackCase, findings: Findings): void {
  const ours = dump(format, valueOf(vector.input_typed))
  if (ours === vector.bytes_base64) return ours === undefined ? undefined : findings.wrote('MessagePack')
  findings.fail(`wrote ${ours}, Rails: ${vector.bytes_base64}`)
}

function judgeLoading({ file }: Court, format: Format, vector: MessagePackCase, findings: Findings): void {
  const bytes = Buffer.from(vector.bytes_base64 ?? '', 'base64')
  const answer = answerOfValue(format.read(payloadFromBytes(bytes)))
  const unlike = difference(answer, vector.expected)
  if (unlike === null) return
  // An extension of 8.1, which the older ones said not to know.
  const { reason } = vector.expected
  const hasSafeBuffer = answer.accepted && nodesIn(answer.typed, 'safe_buffer').length > 0
  const isUnknown = !atLeast(file.rails, '8.1') && hasSafeBuffer && reason === 'MessagePack::UnknownExtTypeError'
  findings.rule(isUnknown ? { rule: 'unknown to that version' } : { why: 'no extension of 8.1' }, unlike)
}

/** A value that is too large to be recorded: of its class and length, as its head says, and written again. */
function judgeLarge(format: Format, vector: MessagePackCase, findings: Findings): void {
  const bytes = Buffer.from(vector.bytes_base64 ?? '', 'base64')
  const read = format.read(payloadFromBytes(bytes))
  if (!read.ok) return findings.fail(`refused (${read.reason})`)
  const { summary } = vector.expected
  const ours = summaryOf(read.value)
  if (ours.summary !== summary || ours.size !== declaredSize(bytes)) {
    findings.fail(`read as ${ours.summary} ${ours.size}, Rails: ${summary} ${declaredSize(bytes)}`)
  }
  if (dump(format, read.value) === vector.bytes_base64) findings.wrote('MessagePack')
  else findings.fail('written again otherwise')
}

function summaryOf(value: unknown): { summary: string; size: number } {
  if (typeof value === 'number') return { summary: 'Integer', size: value }
  if (Array.isArray(value)) return { summary: 'Array', size: value.length }
  if (typeof value === 'string') return { summary: 'String', size: Buffer.byteLength(value) }
  if (value instanceof RubyString) return { summary: 'String', size: value.binary.length }
  return { summary: 'other', size: 0 }
}

/** What stands behind the signature and a type byte of 16 or 32 bits. */
function declaredSize(bytes: Buffer): number {
  return WIDE.has(bytes[2]!) ? bytes.readUInt32BE(3) : bytes.readUInt16BE(3)
}

function dump(format: Format, value: unknown): string | undefined {
  try {
    return Buffer.from(payloadBytes(format.dump(value))).toString('base64')
  } catch (error) {
    if (error instanceof UnserializableValueError) return undefined
    throw error
  }
}

/** uint32, str32, array32, map32. */
const WIDE: ReadonlySet<number> = new Set([0xce, 0xdb, 0xdd, 0xdf])
