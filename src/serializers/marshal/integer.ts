import { Buffer } from 'node:buffer'
import type { BignumNode } from './node.ts'

/** The Integer in the bytes of a bignum; a number where that is safe. */
export function integerOf({ negative, magnitude }: BignumNode): number | bigint {
  const size = littleEndian(magnitude)
  const integer = negative ? -size : size
  return integer >= Number.MIN_SAFE_INTEGER && integer <= Number.MAX_SAFE_INTEGER ? Number(integer) : integer
}

/** The node of an Integer: the number itself where that is small enough for an `i`. */
export function integerNode(integer: number | bigint): number | BignumNode {
  if (integer >= -SMALL && integer < SMALL) return Number(integer) + 0
  const size = integer < 0 ? -BigInt(integer) : BigInt(integer)
  // In words of 16 bits.
  return { kind: 'bignum', negative: integer < 0, magnitude: toLittleEndian(size, 2) }
}

/** The bytes of an integer of at least 0, the lowest first; as many as a multiple of `size`. */
export function toLittleEndian(integer: bigint, size: number): string {
  const hexadecimal = integer.toString(16)
  const padded = hexadecimal.padStart(Math.ceil(hexadecimal.length / 2 / size) * 2 * size, '0')
  return reversed(Buffer.from(padded, 'hex')).toString('latin1')
}

/** The integer of at least 0 that has these bytes, the lowest first. */
export function littleEndian(bytes: string): bigint {
  return BigInt(`0x${reversed(Buffer.from(bytes, 'latin1')).toString('hex') || '0'}`)
}

function reversed(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toReversed())
}

/** Beyond this, an Integer is an object to Marshal, on every platform. */
const SMALL = 2 ** 30
