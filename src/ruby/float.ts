/**
 * A Ruby Float, where a JavaScript number cannot tell it from an Integer: `new RubyFloat(1)` is written as `1.0`,
 * the number `1` as `1`. Only needed for floats without a fraction; `1.5` is a Float in any case.
 *
 * @example
 * writeJson({ ratio: new RubyFloat(1), count: 1 }, options) // {"ratio":1.0,"count":1}
 * new RubyFloat(1) + 0.5                                    // 1.5 (TypeScript wants `.value` here)
 */
export class RubyFloat {
  /** The number itself; may be `NaN`, infinite or `-0`. */
  readonly value: number

  /** Throws a `TypeError` when `value` is not a number. */
  constructor(value: number) {
    if (typeof value !== 'number') throw new TypeError(`RubyFloat takes a number, not ${typeof value}`)
    this.value = value
    Object.freeze(this)
  }

  /** The number, so that arithmetic and comparisons work. */
  valueOf(): number {
    return this.value
  }

  /** The number, for `JSON.stringify`, which has no way to keep the class. */
  toJSON(): number {
    return this.value
  }

  /** The number as JavaScript prints it. */
  toString(): string {
    return String(this.value)
  }
}
