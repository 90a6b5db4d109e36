import { RubyComplex } from '../../ruby/complex.ts'
import { RubyDecimal } from '../../ruby/decimal.ts'
import { RubyDuration } from '../../ruby/duration.ts'
import { exactly, quotient } from '../../ruby/exact.ts'
import { RubyFloat } from '../../ruby/float.ts'
import { RubyRational } from '../../ruby/rational.ts'
import { ExtensionType } from './extension-type.ts'
import type { PartsReader } from './reading.ts'

/** Readers of numbers that are made of numbers. */
export const NUMBER_READERS: ReadonlyMap<number, PartsReader> = new Map<number, PartsReader>([
  [ExtensionType.RATIONAL, readRational],
  [ExtensionType.COMPLEX, readComplex],
])

/** `Rational(numerator, denominator)`; there is no denominator where the numerator is 0. */
export function* readRational(): Generator<undefined, RubyRational | undefined, unknown> {
  const numerator = exactly(yield)
  if (numerator === null || numerator.numerator === 0n) return numerator ?? undefined
  const denominator = exactly(yield)
  return (denominator && quotient(numerator, denominator)) ?? undefined
}

/** `Complex(real, imaginary)`. */
function* readComplex(): ReturnType<PartsReader> {
  const real: unknown = yield
  const imaginary: unknown = yield
  return isReal(real) && isReal(imaginary) ? new RubyComplex(real, imaginary) : undefined
}

/** Ruby's `zero?`; null for what has no such method. */
export function isZero(value: unknown): boolean | null {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) === 0
  if (value instanceof RubyFloat) return value.value === 0
  if (value instanceof RubyRational) return value.numerator === 0n
  if (value instanceof RubyDecimal) return value.digits === '0'
  if (value instanceof RubyComplex) return isZero(value.real) === true && isZero(value.imaginary) === true
  return value instanceof RubyDuration ? isZero(value.value) : null
}

function isReal(value: unknown): boolean {
  if (typeof value === 'number' || typeof value === 'bigint') return true
  return value instanceof RubyFloat || value instanceof RubyRational || value instanceof RubyDecimal
}
