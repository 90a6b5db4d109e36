import type { Rule, Ruling } from './rules.ts'

/** What became of a case. */
export interface Verdict {
  readonly status: 'passed' | 'failed' | 'deviating' | 'unsupported'
  /** Why it failed or is not answered yet. */
  readonly why: string
  /** The rules by which it deviates. */
  readonly rules: readonly Rule[]
  /** What was written again and came out as Rails wrote it. */
  readonly written: readonly Written[]
}

/** A kind of writing that is compared byte for byte. */
export type Written =
  | 'signed cookie'
  | 'encrypted cookie'
  | 'signed message'
  | 'Set-Cookie line'
  | 'JSON'
  | 'Marshal dump'
  | 'MessagePack'
  | 'credentials'
  | 'CSRF token'

/** Collects what is found out about one case. */
export class Findings {
  #why = ''
  readonly #rules = new Set<Rule>()
  readonly #written: Written[] = []

  /** Counts a failure, the first of which is shown; null is none. */
  fail(why: string | null): void {
    if (why !== null && this.#why === '') this.#why = why
  }

  /** Excuses a difference by a rule, or fails with it. */
  rule(ruling: Ruling, difference: string): void {
    if ('rule' in ruling) this.#rules.add(ruling.rule)
    else this.fail(`${difference} (${ruling.why})`)
  }

  /** Counts something that was written again as Rails wrote it. */
  wrote(what: Written): void {
    this.#written.push(what)
  }

  get verdict(): Verdict {
    const rules = [...this.#rules]
    const status = this.#why !== '' ? 'failed' : rules.length > 0 ? 'deviating' : 'passed'
    return { status, why: this.#why, rules, written: this.#written }
  }
}

/** The verdict on a case that is not answered yet. */
export function unsupported(why: string): Verdict {
  return { status: 'unsupported', why, rules: [], written: [] }
}

/** The verdict on a case that failed as a whole. */
export function failed(why: string): Verdict {
  return { status: 'failed', why, rules: [], written: [] }
}
