/**
 * A Ruby Range. A `null` for its begin or end is a range without that end.
 *
 * @example
 * new RubyRange(1, 5)               // 1..5
 * new RubyRange('a', null, true)    // 'a'...
 */
export class RubyRange {
  /** Where it begins; null if it does not. */
  readonly begin: unknown
  /** Where it ends; null if it does not. */
  readonly end: unknown
  /** `1...5` instead of `1..5`. */
  readonly excludeEnd: boolean

  /** `excludeEnd`: default false. */
  constructor(begin: unknown, end: unknown, excludeEnd: boolean = false) {
    this.begin = begin
    this.end = end
    this.excludeEnd = excludeEnd
    Object.freeze(this)
  }
}
