import { Buffer } from 'node:buffer'
import { decodeUtf8, isAscii, isAsciiCompatible } from './encoding.ts'
import { decodeSingleByte, SINGLE_BYTE_ENCODINGS } from './single-byte.ts'

/**
 * The text of a String, given one character a byte; null for binary, and where Ruby converts the bytes to no text. Of the
 * encodings that {@link isDecodable} denies, ASCII alone is told.
 */
export function decodeText(binary: string, encoding: string): string | null {
  switch (encoding) {
    case 'UTF-8':
      return decodeUtf8(binary)
    case 'US-ASCII':
      return isAscii(binary) ? binary : null
    case 'ISO-8859-1':
      return binary
    case 'UTF-16BE':
    case 'UTF-16LE':
      return decodeWith(UTF_16.get(encoding)!, binary)
    case 'UTF-32BE':
    case 'UTF-32LE':
      return decodeUtf32(binary, encoding === 'UTF-32LE')
    default:
      if (SINGLE_BYTE_ENCODINGS.has(encoding)) return decodeSingleByte(binary, encoding)
      if (MULTI_BYTE.has(encoding)) return decodeMultiByte(binary, MULTI_BYTE.get(encoding)!)
      return encoding !== 'ASCII-8BIT' && isAsciiCompatible(encoding) && isAscii(binary) ? binary : null
  }
}

/**
 * Whether the characters of an encoding are known here. Not known are binary, the encodings of DOS, Mac OS, EBCDIC and mobile
 * phones, and the rarer ones of East Asia. `encoding`: Ruby's own name.
 */
export function isDecodable(encoding: string): boolean {
  return OTHERS.has(encoding) || SINGLE_BYTE_ENCODINGS.has(encoding) || MULTI_BYTE.has(encoding)
}

/** Where the platform's decoder and Ruby differ. */
interface MultiByte {
  /** Null where the platform has none. */
  readonly decoder: Decoder | null
  /** What Ruby finds text for. The decoders take more. */
  readonly shape: RegExp
  /** Characters of the decoder, and Ruby's in their place. */
  readonly instead: ReadonlyMap<string, string>
}

type Decoder = InstanceType<typeof TextDecoder>

function decodeMultiByte(binary: string, { decoder, shape, instead }: MultiByte): string | null {
  if (decoder === null || !shape.test(binary)) return null
  let text = ''
  // Some decoders exchange these control characters among themselves. They are never a part of a longer character.
  for (const part of binary.split(CONTROLS)) {
    const decoded = CONTROLS.test(part) ? part : decodeWith(decoder, part)
    if (decoded === null) return null
    text += decoded
  }
  for (const [theirs, rubys] of instead) text = text.replaceAll(theirs, rubys)
  return text
}

function decodeUtf32(binary: string, littleEndian: boolean): string | null {
  if (binary.length % 4 !== 0) return null
  const bytes = Buffer.from(binary, 'latin1')
  let text = ''
  for (let at = 0; at < bytes.length; at += 4) {
    const code = littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
    if (code > 0x10ffff || (code & 0xfffff800) === 0xd800) return null
    text += String.fromCodePoint(code)
  }
  return text
}

function decodeWith(decoder: Decoder, binary: string): string | null {
  try {
    return decoder.decode(Buffer.from(binary, 'latin1'))
  } catch {
    return null
  }
}

/** Null where the platform was built without the decoder. */
function platformDecoder(label: string): Decoder | null {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true })
  } catch {
    return null
  }
}

function multiByte(label: string, shape: RegExp, instead: ReadonlyMap<string, string>): MultiByte {
  return { decoder: platformDecoder(label), shape, instead }
}

const UTF_16: ReadonlyMap<string, Decoder> = new Map([
  ['UTF-16BE', new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true })],
  ['UTF-16LE', new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true })],
])
const OTHERS: ReadonlySet<string> = new Set('UTF-8 US-ASCII ISO-8859-1 UTF-16BE UTF-16LE UTF-32BE UTF-32LE'.split(' '))

/* oxlint-disable no-control-regex -- bytes, one character each */
const CONTROLS = /([\x1a\x1c\x7f])/

// Ruby has the characters of JIS X 0208, the decoders those of Microsoft for them.
const JIS: ReadonlyMap<string, string> = new Map([
  ['\u2015', '\u2014'],
  ['\uff5e', '\u301c'],
  ['\u2225', '\u2016'],
  ['\uff0d', '\u2212'],
  ['\uffe0', '\u00a2'],
  ['\uffe1', '\u00a3'],
  ['\uffe2', '\u00ac'],
])
const SAME: ReadonlyMap<string, string> = new Map()
const MULTI_BYTE: ReadonlyMap<string, MultiByte> = new Map([
  [
    'Shift_JIS',
    multiByte('shift_jis', /^(?:[\0-\x7f\xa1-\xdf]|[\x81-\x86\x88-\x9f\xe0-\xea][\x40-\x7e\x80-\xfc])*$/, JIS),
  ],
  ['Windows-31J', multiByte('shift_jis', /^(?:[\0-\x7f\xa1-\xdf]|[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc])*$/, SAME)],
  [
    'EUC-JP',
    multiByte(
      'euc-jp',
      // Not a tilde of JIS X 0212, which the decoders take for another character that is there.
      /^(?:[\0-\x7f]|\x8e[\xa1-\xdf]|[\xa1-\xac\xae-\xf8][\xa1-\xfe]|\x8f(?!\xa2\xb7)[\xa1-\xf2\xf4-\xfe][\xa1-\xfe])*$/,
      JIS,
    ),
  ],
  ['EUC-KR', multiByte('euc-kr', /^(?:[\0-\x7f]|[\xa1-\xc8\xca-\xfd][\xa1-\xfe])*$/, SAME)],
  ['Big5', multiByte('big5', /^(?:[\0-\x7f]|[\xa1-\xf9][\x40-\x7e\xa1-\xfe])*$/, SAME)],
])
/* oxlint-enable no-control-regex */
