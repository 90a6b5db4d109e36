import type { Opened } from '../../src/messages/opened.ts'
import { typedTree } from '../../src/ruby/typed-tree.ts'
import type { ReadResult } from '../../src/serializers/serializer.ts'
import { canonical, isPlainFormOf, sessionTree } from './typed-tree.ts'
import type { Expectation } from './vectors.ts'

/** What we made of a cookie or message, in the terms of the vectors. */
export interface Answer {
  readonly accepted: boolean
  /** Lossless tree of an accepted value. */
  readonly typed: unknown
  /** Rails would send the cookie again; null where the vectors do not say. */
  readonly rewritten: boolean | null
  /** It came through a rotation or a built-in upgrade. */
  readonly rotated: boolean
  /** Why it was refused, or `stored nil`. */
  readonly reason: string
  readonly expiresAt: Date | null
}

/** The answer that an opened cookie is. A stored nil is Rails' nil, and no session id is Rails' empty session. */
export function answerOf(opened: Opened, session: boolean): Answer {
  const refused = { accepted: false, typed: undefined, rewritten: null, rotated: false, expiresAt: null }
  if (!opened.ok) {
    return opened.reason === 'no_session_id'
      ? { ...refused, accepted: true, typed: {}, reason: opened.reason }
      : { ...refused, reason: opened.reason }
  }
  if (opened.data === null) return { ...refused, reason: 'stored nil' }
  const { rewrite, rotation, expiresAt } = opened.meta
  const typed = opened.typed()
  return {
    accepted: true,
    typed: session ? sessionTree(typed) : typed,
    rewritten: session ? null : rewrite,
    rotated: rotation !== null,
    reason: '',
    expiresAt,
  }
}

/** The answer that a payload is, as a format reads it. */
export function answerOfValue(read: ReadResult): Answer {
  return read.ok ? accepting(typedTree(read.value)) : { ...accepting(undefined), accepted: false, reason: read.reason }
}

/** The answer that accepts a value, and says no more. */
export function accepting(typed: unknown): Answer {
  return { accepted: true, typed, rewritten: null, rotated: false, reason: '', expiresAt: null }
}

/** How an answer differs from an expectation; null when it does not. */
export function difference(answer: Answer, expected: Expectation): string | null {
  if (answer.accepted !== expected.accepted) return `${show(answer)}, Rails: ${showExpected(expected)}`
  if (!expected.accepted) return null
  if ('value' in expected && !isPlainFormOf(expected.value, expected.typed)) return 'value and typed are not the same'
  if (canonical(answer.typed) !== canonical(expected.typed)) {
    return `read as ${shorten(canonical(answer.typed))}, Rails: ${shorten(canonical(expected.typed))}`
  }
  if (expected.rewritten !== undefined && answer.rewritten !== null && answer.rewritten !== expected.rewritten) {
    return `rewrite ${answer.rewritten}, Rails: ${expected.rewritten}`
  }
  if (expected.rotated !== undefined && answer.rotated !== expected.rotated) {
    return `rotated ${answer.rotated}, Rails: ${expected.rotated}`
  }
  return null
}

/** Whether two answers to one text are the same. */
export function sameAnswer(a: Answer, b: Answer): boolean {
  return (
    a.accepted === b.accepted &&
    a.reason === b.reason &&
    a.rewritten === b.rewritten &&
    canonical(a.typed) === canonical(b.typed)
  )
}

function show(answer: Answer): string {
  return answer.accepted ? `accepted ${shorten(canonical(answer.typed))}` : `refused (${answer.reason})`
}

function showExpected(expected: Expectation): string {
  return expected.accepted
    ? `accepted ${shorten(canonical(expected.typed))}`
    : `refused (${expected.reason ?? '?'}${expected.message === undefined ? '' : `: ${shorten(expected.message)}`})`
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
