import { Buffer } from 'node:buffer'

/** Ruby's name of an encoding, by any of its names in any case; undefined where Ruby has no such encoding. */
export function encodingName(name: string): string | undefined {
  if (NAMES.has(name)) return name
  return isAscii(name) ? BY_LOWER_CASE.get(name.toLowerCase()) : undefined
}

/** Whether ASCII text has the same bytes in an encoding as in ASCII. `encoding`: Ruby's own name. */
export function isAsciiCompatible(encoding: string): boolean {
  return !ASCII_INCOMPATIBLE.has(encoding)
}

/** Whether a text, or a String given one character a byte, has only ASCII. */
export function isAscii(text: string): boolean {
  return !NOT_ASCII.test(text)
}

/** Text from UTF-8 given one character a byte; null for anything else. */
export function decodeUtf8(binary: string): string | null {
  if (isAscii(binary)) return binary
  try {
    return UTF_8.decode(Buffer.from(binary, 'latin1'))
  } catch {
    return null
  }
}

/** UTF-8, one character a byte. A lone surrogate takes the three bytes that its number would take. */
export function encodeUtf8(text: string): string {
  if (isAscii(text)) return text
  if (text.isWellFormed()) return Buffer.from(text).toString('latin1')
  let binary = ''
  for (const character of text) {
    const code = character.charCodeAt(0)
    const lone = character.length === 1 && (code & 0xf800) === 0xd800
    binary += lone
      ? String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f))
      : Buffer.from(character).toString('latin1')
  }
  return binary
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

// oxlint-disable-next-line no-control-regex -- all of ASCII
const NOT_ASCII = /[^\u0000-\u007f]/

/** `Encoding.list` of Ruby 3.3, each with its aliases. */
const ENCODINGS = `
ASCII-8BIT BINARY|UTF-8 CP65001|US-ASCII ASCII ANSI_X3.4-1968 646|UTF-16BE UCS-2BE|UTF-16LE|UTF-32BE UCS-4BE
UTF-32LE UCS-4LE|UTF-16|UTF-32|UTF8-MAC UTF-8-MAC UTF-8-HFS|EUC-JP eucJP|Windows-31J CP932 csWindows31J SJIS PCK
Big5|Big5-HKSCS Big5-HKSCS:2008|Big5-UAO|CESU-8|CP949|Emacs-Mule|EUC-KR eucKR|EUC-TW eucTW|GB18030|GBK CP936
ISO-8859-1 ISO8859-1|ISO-8859-2 ISO8859-2|ISO-8859-3 ISO8859-3|ISO-8859-4 ISO8859-4|ISO-8859-5 ISO8859-5
ISO-8859-6 ISO8859-6|ISO-8859-7 ISO8859-7|ISO-8859-8 ISO8859-8|ISO-8859-9 ISO8859-9|ISO-8859-10 ISO8859-10
ISO-8859-11 ISO8859-11|ISO-8859-13 ISO8859-13|ISO-8859-14 ISO8859-14|ISO-8859-15 ISO8859-15|ISO-8859-16 ISO8859-16
KOI8-R CP878|KOI8-U|Shift_JIS|Windows-1250 CP1250|Windows-1251 CP1251|Windows-1252 CP1252|Windows-1253 CP1253
Windows-1254 CP1254|Windows-1255 CP1255|Windows-1256 CP1256|Windows-1257 CP1257|Windows-1258 CP1258|Windows-874 CP874
IBM437 CP437|IBM720 CP720|IBM737 CP737|IBM775 CP775|CP850 IBM850|IBM852|CP852|IBM855|CP855|IBM857 CP857|IBM860 CP860
IBM861 CP861|IBM862 CP862|IBM863 CP863|IBM864 CP864|IBM865 CP865|IBM866 CP866|IBM869 CP869|GB1988|macCentEuro
macCroatian|macCyrillic|macGreek|macIceland|macRoman|macRomania|macThai|macTurkish|macUkraine|CP950|CP951
IBM037 ebcdic-cp-us|stateless-ISO-2022-JP|eucJP-ms euc-jp-ms|CP51932|EUC-JIS-2004 EUC-JISX0213|GB2312 EUC-CN eucCN
GB12345|ISO-2022-JP ISO2022-JP|ISO-2022-JP-2 ISO2022-JP2|CP50220|CP50221|TIS-620|MacJapanese MacJapan|UTF-7 CP65000
UTF8-DoCoMo|SJIS-DoCoMo|UTF8-KDDI|SJIS-KDDI|ISO-2022-JP-KDDI|stateless-ISO-2022-JP-KDDI|UTF8-SoftBank|SJIS-SoftBank`
  .trim()
  .split(/[|\n]/)
  .map((names) => names.split(' '))

const NAMES: ReadonlySet<string> = new Set(ENCODINGS.map(([name]) => name!))

const BY_LOWER_CASE: ReadonlyMap<string, string> = new Map(
  ENCODINGS.flatMap(([name, ...aliases]) => [name!, ...aliases].map((each) => [each.toLowerCase(), name!] as const)),
)

const ASCII_INCOMPATIBLE: ReadonlySet<string> = new Set(
  'UTF-16BE UTF-16LE UTF-32BE UTF-32LE UTF-16 UTF-32 IBM037 ISO-2022-JP ISO-2022-JP-2 CP50220 CP50221 UTF-7 ISO-2022-JP-KDDI'.split(
    ' ',
  ),
)
