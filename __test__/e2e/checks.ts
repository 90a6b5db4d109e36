import { isDeepStrictEqual } from 'node:util'

/** Counts what was checked, and prints a line for each. */
export class Checks {
  passed = 0
  failed = 0

  /** What is there must be what is expected. */
  same(what: string, actual: unknown, expected: unknown): void {
    if (isDeepStrictEqual(actual, expected)) {
      this.passed++
      process.stdout.write(`ok ${what}\n`)
    } else {
      this.fail(what, `expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`)
    }
  }

  fail(what: string, why: string): void {
    this.failed++
    process.stdout.write(`not ok ${what}: ${why}\n`)
  }
}
