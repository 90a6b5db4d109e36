/** A Ruby Complex. Its parts are numbers, bigints, {@link RubyFloat}s or {@link RubyRational}s. */
export class RubyComplex {
  readonly real: unknown
  readonly imaginary: unknown

  constructor(real: unknown, imaginary: unknown) {
    this.real = real
    this.imaginary = imaginary
    Object.freeze(this)
  }
}
