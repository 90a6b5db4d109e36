import { Buffer } from 'node:buffer'
import type { Random } from '../mutation/random.ts'
import { LONGEST } from './payloads.ts'

/** A payload changed in one to four ways. `others`: more payloads of its format, for splices. */
export function mutated(payload: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  let bytes = payload
  for (let changes = 1 + Math.max(0, random.below(7) - 3); changes > 0; changes--) {
    bytes = random.pick(MUTATIONS)(bytes, random, others)
  }
  return bytes.length > LONGEST ? bytes.subarray(0, LONGEST) : bytes
}

type Mutation = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const at = random.below(bytes.length)
    return replaced(bytes, at, 1, [(bytes[at] ?? 0) ^ (1 << random.below(8))])
  },
  function setByte(bytes, random) {
    return replaced(bytes, random.below(bytes.length), 1, [random.below(256)])
  },
  function setTellingByte(bytes, random) {
    return replaced(bytes, random.below(bytes.length), 1, [random.pick(TELLING)])
  },
  function insert(bytes, random) {
    const inserted = Array.from({ length: 1 + random.below(4) }, () => random.pick(TELLING))
    return replaced(bytes, random.below(bytes.length + 1), 0, inserted)
  },
  function remove(bytes, random) {
    return replaced(bytes, random.below(bytes.length), 1 + random.below(8), [])
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length))
  },
  function splice(bytes, random, others) {
    const other = random.pick(others)
    const end = random.below(bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, end), other.subarray(random.below(other.length))])
  },
  function transplant(bytes, random, others) {
    const other = random.pick(others)
    const start = random.below(other.length)
    const part = other.subarray(start, start + 1 + random.below(40))
    return replaced(bytes, random.below(bytes.length + 1), random.below(2) * part.length, part)
  },
  function repeat(bytes, random) {
    const start = random.below(bytes.length)
    const part = bytes.subarray(start, start + 1 + random.below(24))
    const times = 1 + random.below(random.below(8) === 0 ? 400 : 6)
    return replaced(bytes, start, 0, Buffer.concat(Array.from({ length: times }, () => part)))
  },
  function swap(bytes, random) {
    const [from, to] = [random.below(bytes.length), random.below(bytes.length)]
    const part = bytes.subarray(from, from + 1 + random.below(16))
    return replaced(replaced(bytes, from, part.length, []), to, 0, part)
  },
  function inflateLength(bytes, random) {
    return replaced(bytes, random.below(bytes.length), 1, random.pick(LENGTHS))
  },
  function nest(bytes, random) {
    const at = random.below(2) === 0 ? Math.min(2, bytes.length) : random.below(bytes.length + 1)
    const opening = random.pick(OPENINGS)
    const times = random.pick([1, 2, 3, 99, 100, 101, 128, 129, 600])
    return replaced(bytes, at, 0, Buffer.from(opening.repeat(times), 'latin1'))
  },
  function changeNumber(bytes, random) {
    const start = bytes.findIndex((byte, at) => at >= random.below(bytes.length) && byte >= 0x30 && byte <= 0x39)
    return start === -1 ? bytes : replaced(bytes, start, 1, Buffer.from(random.pick(NUMBERS)))
  },
]

function replaced(bytes: Buffer, at: number, length: number, by: Iterable<number>): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Uint8Array.from(by), bytes.subarray(at + length)])
}

/** Bytes that mean something in some format. */
const TELLING: Buffer = Buffer.concat([
  Buffer.from('0TFiI":;@flc mM/[{}SoueUCd,.\\eE+-/*\n\t\u0000', 'latin1'),
  Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 0x7f, 0x80, 0x81, 0x90, 0x91, 0xa0, 0xa1, 0xf9, 0xfa, 0xfb, 0xfc, 0xff),
  Uint8Array.from({ length: 32 }, (_, i) => 0xc0 + i),
])

/** Lengths as Marshal and MessagePack write them: huge, negative, and longer than they need be. */
const LENGTHS: readonly Buffer[] = [
  [4, 0xff, 0xff, 0xff, 0x7f],
  [4, 0xff, 0xff, 0xff, 0xff],
  [4, 0, 0, 0, 0x40],
  [3, 0xff, 0xff, 0xff],
  [2, 0xff, 0xff],
  [1, 0xff],
  [4, 1, 0, 0, 0],
  [0xff, 0x00],
  [0xfc, 0, 0, 0, 0x80],
  [0xfb],
  [0xfa],
  [0xdd, 0xff, 0xff, 0xff, 0xff],
  [0xdf, 0x7f, 0xff, 0xff, 0xff],
  [0xdb, 0x00, 0xff, 0xff, 0xff],
  [0xc6, 0xff, 0xff, 0xff, 0xff],
  [0xc9, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0xc7, 0xff, 0x00],
  [0xdc, 0xff, 0xff],
].map((bytes) => Buffer.from(bytes))

/** What opens something inside of which another thing can be, in each format. */
const OPENINGS: readonly string[] = [
  '[',
  '{"a":',
  '[[],',
  '[\u0006',
  '{\u0006i\u0006',
  '}\u0006i\u0006',
  'I[\u0006',
  'o:\u0006A\u0006:\u0007@a',
  'S:\u0006A\u0006:\u0006a',
  'U:\u0006A',
  'e:\u0006A',
  'C:\u0006A',
  'I',
  '[\u0007@\u0000',
  '\u0091',
  '\u0081\u00c0',
  '\u0081',
  '\u00d4\u000c',
  '\u00d4\u0011',
  '\u00c7\u00ff\u0004',
]

const NUMBERS: readonly string[] = [
  '-0',
  '0',
  '00',
  '1e5',
  '1E400',
  '9007199254740993',
  '-1',
  '.5',
  '1.',
  '0.1',
  '1e-7',
]
