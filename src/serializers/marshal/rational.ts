import { RubyComplex } from '../../ruby/complex.ts'
import { RubyRational } from '../../ruby/rational.ts'
import { symbolNode } from './encoding-variables.ts'
import { integerNode } from './integer.ts'
import { arrayNode, userMarshalNode, type UserMarshalNode } from './node.ts'
import { refuse } from './refusal.ts'
import { arrayOf } from './text.ts'

/** A Rational from its two Integers, which Ruby does not reduce here. */
export function rationalOf(numerator: unknown, denominator: unknown): RubyRational {
  if (!isInteger(numerator) || !isInteger(denominator) || Number(denominator) === 0) return refuse()
  const sign = denominator < 0 ? -1n : 1n
  return RubyRational.unreduced(BigInt(numerator) * sign, BigInt(denominator) * sign)
}

/** `U:Rational` and `U:Complex` have an Array of two. */
export function twoOf(content: unknown): readonly [unknown, unknown] {
  const two = arrayOf(content)
  return two?.length === 2 ? [two[0], two[1]] : refuse()
}

export function complexOf(real: unknown, imaginary: unknown): RubyComplex {
  return new RubyComplex(real, imaginary)
}

export function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || typeof value === 'number'
}

/** A Rational as its `marshal_dump` gives it. */
export function rationalNode({ numerator, denominator }: RubyRational): UserMarshalNode {
  return userMarshalNode(RATIONAL, arrayNode([integerNode(numerator), integerNode(denominator)]))
}

const RATIONAL = symbolNode('Rational')
