import type { Cookie, Opened, RejectionReason } from '../../index.ts'
import { formDecoded } from './form-decoder.ts'
import type { Format } from './formats.ts'
import { mutated } from './mutate.ts'
import { Random } from './random.ts'

/** What became of the mutated cookies of one format. */
export interface Tally {
  /** Refused cookies by reason, and `unchanged` for those that mean what a good one does. */
  readonly outcomes: ReadonlyMap<RejectionReason | 'unchanged', number>
  /** Accepted, though no good cookie has this text; or accepted with other contents. */
  readonly acceptedWrongly: number
  /** Refused, though the form-decoded text is that of a good cookie. */
  readonly refusedWrongly: number
  readonly thrown: number
  /** The backends answered differently. */
  readonly disagreements: number
  /** The first failures, each with the cookie that shows it. */
  readonly failures: readonly string[]
}

/** Opens `count` mutated cookies of a format on every backend. */
export function run(format: Format, count: number, seed: number): Tally {
  const { cookies, openers } = format
  const random = new Random(seed)
  const outcomes = new Map<RejectionReason | 'unchanged', number>()
  const failures: string[] = []
  const tally = { acceptedWrongly: 0, refusedWrongly: 0, thrown: 0, disagreements: 0 }
  const fail = (kind: keyof typeof tally, text: string, detail: string): void => {
    tally[kind] += 1
    if (failures.length < MOST_FAILURES) failures.push(`${kind}: ${detail}: ${JSON.stringify(text)}`)
  }

  for (let i = 0; i < count; i++) {
    const text = mutated(random.pick(cookies), random, cookies)
    const expected = format.contents.get(formDecoded(text))
    let first: RejectionReason | 'unchanged' | 'thrown' | undefined
    for (const cookie of openers) {
      const outcome = judge(cookie, text, expected, fail)
      if (first === undefined) {
        first = outcome
        if (outcome !== 'thrown') outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      } else if (first !== outcome) {
        fail('disagreements', text, `${first} and ${outcome}`)
      }
    }
  }
  return { outcomes, failures, ...tally }
}

type Fail = (kind: 'acceptedWrongly' | 'refusedWrongly' | 'thrown', text: string, detail: string) => void

function judge(
  cookie: Cookie,
  text: string,
  expected: string | undefined,
  fail: Fail,
): RejectionReason | 'unchanged' | 'thrown' {
  let opened: Opened
  try {
    opened = cookie.open(text)
  } catch (error) {
    fail('thrown', text, String(error))
    return 'thrown'
  }
  if (!opened.ok) {
    if (expected !== undefined && opened.reason !== 'too_large') fail('refusedWrongly', text, opened.reason)
    return opened.reason
  }
  if (expected === undefined) fail('acceptedWrongly', text, JSON.stringify(opened.data))
  else if (JSON.stringify(opened.data) !== expected) fail('acceptedWrongly', text, `instead of ${expected}`)
  return 'unchanged'
}

const MOST_FAILURES = 5
