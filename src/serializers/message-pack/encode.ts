/** The forms of MessagePack, one character a byte: of several that a value has, always the shortest. */

import { Buffer } from 'node:buffer'
import { ExtensionType } from './extension-type.ts'

export const NIL = '\u00c0'
export const FALSE = '\u00c2'
export const TRUE = '\u00c3'

/** An Integer of any size. The smallest one of 64 bits is written as one that is too large for them, as the gem does. */
export function encodeInteger(value: number | bigint): string {
  if (value >= -0x20 && value < 0x80) return String.fromCharCode(Number(value) & 0xff)
  if (value >= 0) {
    if (value <= 0xffff) return value <= 0xff ? unsigned(0xcc, 1, value) : unsigned(0xcd, 2, value)
    if (value <= 0xffff_ffff) return unsigned(0xce, 4, value)
    return value <= MAX_UNSIGNED_LONG ? long(0xcf, value) : bigInteger(BigInt(value))
  }
  if (value >= -0x8000) return value >= -0x80 ? unsigned(0xd0, 1, value) : unsigned(0xd1, 2, value)
  if (value >= -0x8000_0000) return unsigned(0xd2, 4, value)
  return value > MIN_SIGNED_LONG ? long(0xd3, value) : bigInteger(BigInt(value))
}

/** A Float, always of 64 bits. */
export function encodeFloat(value: number): string {
  SCRATCH.writeDoubleBE(value)
  return `\u00cb${SCRATCH.toString('latin1')}`
}

/** A String that is text, given its UTF-8. */
export function encodeText(binary: string): string {
  const { length } = binary
  if (length < 32) return String.fromCharCode(0xa0 | length) + binary
  return head(0xd9, length) + binary
}

/** A String that is not. */
export function encodeBinary(binary: string): string {
  return head(0xc4, binary.length) + binary
}

/** What stands before the elements of an Array. */
export function arrayHead(length: number): string {
  if (length < 16) return String.fromCharCode(0x90 | length)
  return length <= 0xffff ? unsigned(0xdc, 2, length) : unsigned(0xdd, 4, length)
}

/** What stands before the keys and values of a Hash. */
export function mapHead(length: number): string {
  if (length < 16) return String.fromCharCode(0x80 | length)
  return length <= 0xffff ? unsigned(0xde, 2, length) : unsigned(0xdf, 4, length)
}

/** An object of a type of its own. */
export function encodeExtension(type: number, body: string): string {
  const fixed = FIXED_LENGTHS.indexOf(body.length)
  const start = fixed === -1 ? head(0xc7, body.length) : String.fromCharCode(0xd4 + fixed)
  return start + String.fromCharCode(type) + body
}

/** A length in as many bytes as it needs, after the first of three codes, one for each size. */
function head(code: number, length: number): string {
  if (length <= 0xff) return unsigned(code, 1, length)
  return length <= 0xffff ? unsigned(code + 1, 2, length) : unsigned(code + 2, 4, length)
}

function unsigned(code: number, size: 1 | 2 | 4, value: number | bigint): string {
  const number = Number(value)
  let text = String.fromCharCode(code)
  for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) text += String.fromCharCode((number >>> shift) & 0xff)
  return text
}

function long(code: number, value: number | bigint): string {
  SCRATCH.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)))
  return String.fromCharCode(code) + SCRATCH.toString('latin1')
}

function bigInteger(value: bigint): string {
  const size = value < 0n ? -value : value
  const digits = size.toString(16)
  const hex = digits.padStart(8 * Math.ceil(digits.length / 8), '0')
  // Words of 32 bits, the least significant first.
  const words = hex.match(/.{8}/g)!.toReversed().join('')
  return encodeExtension(
    ExtensionType.INTEGER,
    (value < 0n ? '\u0001' : '\0') + Buffer.from(words, 'hex').toString('latin1'),
  )
}

const SCRATCH = Buffer.alloc(8)
const FIXED_LENGTHS = [1, 2, 4, 8, 16]
const MAX_UNSIGNED_LONG = 2n ** 64n - 1n
const MIN_SIGNED_LONG = -(2n ** 63n)
