/** What came of one case of a suite. */
export interface Outcome {
  readonly id: string
  /** How it came out other than it should; null if it did not. */
  readonly problem: string | null
  /** Why it came out other than the suite says, and should; null if it did not. */
  readonly explanation: string | null
}

/** A case that has come out as its suite says, if there is no problem. */
export function outcome(id: string, problem: string | null, explanation: string | null = null): Outcome {
  return { id, problem, explanation }
}

/** Text of anything, for a line. */
export function show(value: unknown): string {
  const text =
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each)) ?? 'undefined'
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
