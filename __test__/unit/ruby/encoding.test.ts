import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8, encodingName, isAscii, isAsciiCompatible } from '../../../src/ruby/encoding.ts'

// Encoding.list.map { |e| [e.name] + (e.names - [e.name] - %w[locale external filesystem internal]) }, alike in Ruby 3.1 and 3.3
const NAMES =
  'ASCII-8BIT BINARY|Big5|Big5-HKSCS Big5-HKSCS:2008|Big5-UAO|CESU-8|CP50220|CP50221|CP51932|CP850 IBM850|CP852|CP855|CP949|CP950|CP951|EUC-JIS-2004 EUC-JISX0213|EUC-JP eucJP|EUC-KR eucKR|EUC-TW eucTW|Emacs-Mule|GB12345|GB18030|GB1988|GB2312 EUC-CN eucCN|GBK CP936|IBM037 ebcdic-cp-us|IBM437 CP437|IBM720 CP720|IBM737 CP737|IBM775 CP775|IBM852|IBM855|IBM857 CP857|IBM860 CP860|IBM861 CP861|IBM862 CP862|IBM863 CP863|IBM864 CP864|IBM865 CP865|IBM866 CP866|IBM869 CP869|ISO-2022-JP ISO2022-JP|ISO-2022-JP-2 ISO2022-JP2|ISO-2022-JP-KDDI|ISO-8859-1 ISO8859-1|ISO-8859-10 ISO8859-10|ISO-8859-11 ISO8859-11|ISO-8859-13 ISO8859-13|ISO-8859-14 ISO8859-14|ISO-8859-15 ISO8859-15|ISO-8859-16 ISO8859-16|ISO-8859-2 ISO8859-2|ISO-8859-3 ISO8859-3|ISO-8859-4 ISO8859-4|ISO-8859-5 ISO8859-5|ISO-8859-6 ISO8859-6|ISO-8859-7 ISO8859-7|ISO-8859-8 ISO8859-8|ISO-8859-9 ISO8859-9|KOI8-R CP878|KOI8-U|MacJapanese MacJapan|SJIS-DoCoMo|SJIS-KDDI|SJIS-SoftBank|Shift_JIS|TIS-620|US-ASCII 646 ANSI_X3.4-1968 ASCII|UTF-16|UTF-16BE UCS-2BE|UTF-16LE|UTF-32|UTF-32BE UCS-4BE|UTF-32LE UCS-4LE|UTF-7 CP65000|UTF-8 CP65001|UTF8-DoCoMo|UTF8-KDDI|UTF8-MAC UTF-8-HFS UTF-8-MAC|UTF8-SoftBank|Windows-1250 CP1250|Windows-1251 CP1251|Windows-1252 CP1252|Windows-1253 CP1253|Windows-1254 CP1254|Windows-1255 CP1255|Windows-1256 CP1256|Windows-1257 CP1257|Windows-1258 CP1258|Windows-31J CP932 PCK SJIS csWindows31J|Windows-874 CP874|eucJP-ms euc-jp-ms|macCentEuro|macCroatian|macCyrillic|macGreek|macIceland|macRoman|macRomania|macThai|macTurkish|macUkraine|stateless-ISO-2022-JP|stateless-ISO-2022-JP-KDDI'
    .split('|')
    .map((names) => names.split(' '))

describe('encodingName', () => {
  it('knows the names and aliases of Ruby, in any case', () => {
    for (const [name, ...aliases] of NAMES) {
      for (const each of [name!, ...aliases]) {
        expect([each, encodingName(each)]).toEqual([each, name])
        expect(encodingName(each.toUpperCase())).toBe(name)
        expect(encodingName(each.toLowerCase())).toBe(name)
      }
    }
    expect(NAMES.flat()).toHaveLength(171)
  })

  it.each(['', 'utf8', 'latin1', 'UTF-9', 'ISO-8859-12', 'locale', 'external', ' UTF-8', '\u212aOI8-R', '__proto__'])(
    'knows no %j',
    (name) => {
      expect(encodingName(name)).toBeUndefined()
    },
  )
})

describe('isAsciiCompatible', () => {
  it('is false where Ruby says so', () => {
    // Encoding.list.reject(&:ascii_compatible?)
    const incompatible =
      'UTF-16BE UTF-16LE UTF-32BE UTF-32LE UTF-16 UTF-32 IBM037 ISO-2022-JP ISO-2022-JP-2 CP50220 CP50221 UTF-7 ISO-2022-JP-KDDI'
    const names = NAMES.map(([name]) => name!)
    expect(names.filter((name) => !isAsciiCompatible(name)).toSorted()).toEqual(incompatible.split(' ').toSorted())
  })
})

describe('isAscii', () => {
  it.each([
    ['', true],
    ['\u0000a\u007f', true],
    ['\u0080', false],
    ['a\u00e9', false],
    ['\u{1f600}', false],
  ])('%j: %s', (text, expected) => {
    expect(isAscii(text)).toBe(expected)
  })
})

describe('UTF-8, one character a byte', () => {
  it.each([
    ['abc', 'abc'],
    ['é', '\u00c3\u00a9'],
    ['\ufeffa', '\u00ef\u00bb\u00bfa'],
    ['\u{1f600}', '\u00f0\u009f\u0098\u0080'],
  ])('of %j', (text, binary) => {
    expect(encodeUtf8(text)).toBe(binary)
    expect(decodeUtf8(binary)).toBe(text)
  })

  it('takes a lone surrogate for three bytes, which are no UTF-8', () => {
    // [0xd83d].pack('U').b
    expect(encodeUtf8('é\ud83d!')).toBe('\u00c3\u00a9\u00ed\u00a0\u00bd!')
    expect(encodeUtf8('\ude00\ud83d\ude00')).toBe('\u00ed\u00b8\u0080\u00f0\u009f\u0098\u0080')
    expect(decodeUtf8('\u00ed\u00a0\u00bd')).toBeNull()
  })

  it.each(['\u00ff', '\u00c3', '\u00c0\u0080', '\u00f4\u0090\u0080\u0080', 'a\u0080'])('refuses %j', (binary) => {
    expect(decodeUtf8(binary)).toBeNull()
  })
})
