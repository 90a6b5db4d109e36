import { difference } from './answer.ts'
import { raisedAlone, ruleOnMessage } from './deviations.ts'
import type { Court } from './court.ts'
import { Findings, type Verdict } from './verdict.ts'
import { type MessageAnswer, readMessage, signAgain } from './messages.ts'
import { olderValidMessage } from './older-active-support.ts'
import type { Release } from './older-messages.ts'
import { canonical, isPlainFormOf } from './typed-tree.ts'
import type { MessageCase } from './vectors.ts'

/** Judges a case of the layer messages. */
export function judgeMessage(court: Court, vector: MessageCase): Verdict {
  const { backend, file, twins } = court
  const findings = new Findings()
  const answer = readMessage(backend.name, vector, file.rails)
  const unlike = difference(answer.read, vector.expected)
  const twin = twins.find(file.layer, vector.id) as MessageCase | undefined
  if (unlike !== null || raisedAlone(vector.expected, file.rails, twin?.expected)) {
    const ruling = ruleOnMessage(vector, answer.read, file, twins)
    findings.rule(ruling, unlike ?? `refused (${answer.read.reason}), Rails raised ${vector.expected.reason}`)
  }
  findings.fail(otherVerified(vector, answer, unlike !== null))
  findings.fail(otherValid(vector, answer, unlike !== null, file))
  const signed = signAgain(backend.name, vector, file.rails, answer.read)
  if (signed !== null && signed === vector.message) findings.wrote('signed message')
  else if (signed !== null) findings.fail(`signed ${signed}, Rails: ${vector.message}`)
  return findings.verdict
}

/** `verified` says what `verify` says. Where that deviates, it may do so as well. */
function otherVerified(
  { expected, expected_verified: verified }: MessageCase,
  answer: MessageAnswer,
  deviates: boolean,
): string | null {
  if (verified === undefined) return null
  if ('value' in verified && !isPlainFormOf(verified.value, verified.typed)) return 'value and typed are not the same'
  const accepted = answer.verified !== null
  if (accepted === verified.accepted) {
    return !accepted || canonical(verified.typed) === canonical(answer.read.typed) ? null : 'verified another value'
  }
  const asRead = verified.accepted === expected.accepted
  const sameValue = !verified.accepted || canonical(verified.typed) === canonical(expected.typed)
  return deviates && asRead && sameValue ? null : `verified ${accepted}, Rails: ${verified.accepted}`
}

function otherValid(vector: MessageCase, answer: MessageAnswer, deviates: boolean, release: Release): string | null {
  const { valid_message: valid } = vector
  if (valid === undefined || valid === answer.validMessage) return null
  return deviates && olderValidMessage(vector, release) === valid
    ? null
    : `validMessage ${answer.validMessage}, Rails: ${valid}`
}
