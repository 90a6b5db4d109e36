import { atLeast } from '../../src/rails/version.ts'
import type { Answer } from './answer.ts'
import { schemesOf } from './messages.ts'
import type { Because } from './older-cookies.ts'
import { openMessage, type Release, unwrap } from './older-messages.ts'
import { deserialize } from './older-serializers.ts'
import type { MessageCase } from './vectors.ts'

/** What the message classes of an older Rails make of a message. `raised`: with an exception that says more than "no". */
export type OlderMessageAnswer =
  | { readonly accepted: true; readonly typed: unknown; readonly rotated: boolean; readonly because: Because }
  | { readonly accepted: false; readonly raised: boolean; readonly because: Because }

/**
 * The answer of ActiveSupport 3.2 to 7.2.2, current settings first, then each rotation. `newest` is that of 8.1, from
 * which 7.1 and 7.2 differ in base64 only.
 */
export function olderMessageAnswer(vector: MessageCase, newest: Answer, release: Release): OlderMessageAnswer {
  const { message: text, config } = vector
  if (text === undefined) {
    const raises = vector.message_base64 !== undefined && !atLeast(release.rails, '4.2')
    return { accepted: false, raised: raises, because: 'raised' }
  }
  let raised = false
  const schemes = schemesOf(vector)
  if (atLeast(release.rails, '7.1')) {
    const number = schemes.findIndex((scheme) => openMessage(text, [scheme], release) !== null)
    return newest.accepted && number >= 0
      ? { accepted: true, typed: newest.typed, rotated: number > 0, because: 'form' }
      : { accepted: false, raised: false, because: 'form' }
  }
  for (const [number, scheme] of schemes.entries()) {
    const opened = openMessage(text, [scheme], release)
    if (opened === null) continue
    const hasMetadata = atLeast(release.rails, '5.2')
    const now = Date.parse(vector.now)
    const unwrapped = hasMetadata
      ? unwrap(opened.plaintext, vector.read.purpose ?? '', now, release)
      : { payload: opened.plaintext }
    if (!('payload' in unwrapped)) {
      raised ||= unwrapped.refused !== 'nil'
      continue
    }
    const read = deserialize(unwrapped.payload, config['serializer'], release.rails)
    if ('raised' in read) {
      raised = true
      continue
    }
    const { typed } = read
    // From 5.0 on `verify` took false for "no", and 5.2 to 7.0 did so for every rotation.
    const falsy = typed === null || typed === false
    const asked = config['kind'] === 'verifier' && atLeast(release.rails, '5.0')
    if (falsy && (asked || number > 0)) {
      return { accepted: false, raised: true, because: 'raised' }
    }
    if (typed === null) break
    return { accepted: true, typed, rotated: number > 0, because: 'form' }
  }
  return { accepted: false, raised, because: raised ? 'raised' : 'form' }
}

/** `valid_message?` of that ActiveSupport: the signature of the current settings. */
export function olderValidMessage(vector: MessageCase, release: Release): boolean {
  const { message: text } = vector
  return text !== undefined && openMessage(text, schemesOf(vector).slice(0, 1), release) !== null
}
