import { isAscii, isAsciiCompatible } from './encoding.ts'

/**
 * Ruby's `valid_encoding?` of a String given one character a byte. `encoding`: Ruby's own name. It does not say whether the
 * characters are assigned: to Ruby, all bytes are valid in an encoding that has one for each character.
 */
export function isValidIn(binary: string, encoding: string): boolean {
  if (isAscii(binary) && isAsciiCompatible(encoding)) return true
  const character = CHARACTERS.get(encoding)
  return character === undefined || binary.replaceAll(character, '') === ''
}

const UTF_8 =
  '00-7f | c2-df 80-bf | e0 a0-bf 80-bf | e1-ec,ee-ef 80-bf 80-bf | ed 80-9f 80-bf | ' +
  'f0 90-bf 80-bf 80-bf | f1-f3 80-bf 80-bf 80-bf | f4 80-8f 80-bf 80-bf'

/** Encodings whose bytes may be invalid, and what is a character in them: ranges of bytes, one after the other. */
const FAMILIES: ReadonlyArray<readonly [encodings: string, characters: string]> = [
  ['US-ASCII', '00-7f'],
  ['UTF-8 UTF8-MAC UTF8-DoCoMo UTF8-KDDI UTF8-SoftBank', UTF_8],
  ['CESU-8', `${UTF_8.slice(0, UTF_8.indexOf(' | f0'))} | ed a0-af 80-bf ed b0-bf 80-bf`],
  ['UTF-16BE', '00-d7,e0-ff 00-ff | d8-db 00-ff dc-df 00-ff'],
  ['UTF-16LE', '00-ff 00-d7,e0-ff | 00-ff d8-db 00-ff dc-df'],
  ['UTF-32BE', '00 00 00-d7,e0-ff 00-ff | 00 01-10 00-ff 00-ff'],
  ['UTF-32LE', '00-ff 00-d7,e0-ff 00 00 | 00-ff 00-ff 01-10 00'],
  ['EUC-JP eucJP-ms CP51932 EUC-JIS-2004', '00-7f | 8e,a1-fe a1-fe | 8f a1-fe a1-fe'],
  ['Shift_JIS Windows-31J MacJapanese SJIS-DoCoMo SJIS-KDDI SJIS-SoftBank', '00-7f,a1-df | 81-9f,e0-fc 40-7e,80-fc'],
  ['Big5 Big5-HKSCS Big5-UAO CP950 CP951', '00-7f | a1-fe 40-7e,a1-fe'],
  ['EUC-KR GB2312 GB12345', '00-7f | a1-fe a1-fe'],
  ['EUC-TW', '00-7f | a1-fe a1-fe | 8e a1-b0 a1-fe a1-fe'],
  ['CP949', '00-80 | 81-fe 41-5a,61-7a,81-fe'],
  ['GBK', '00-80 | 81-fe 40-7e,80-fe'],
  ['GB18030', '00-7f | 81-fe 40-7e,80-fe | 81-fe 30-39 81-fe 30-39'],
  [
    'Emacs-Mule stateless-ISO-2022-JP stateless-ISO-2022-JP-KDDI',
    '00-7f | 81-8f a0-ff | 90-99 a0-ff a0-ff | 9a-9b e0-ef a0-ff | 9c f0-f4 a0-ff a0-ff | 9d f5-fe a0-ff a0-ff',
  ],
]

const CHARACTERS: ReadonlyMap<string, RegExp> = new Map(
  FAMILIES.flatMap(([encodings, characters]) => {
    const classes = characters.replaceAll(/[\da-f,-]+/g, (ranges) => `[${ranges.replaceAll(/[\da-f]{2}/g, '\\x$&')}]`)
    const pattern = new RegExp(classes.replaceAll(/[ ,]/g, ''), 'g')
    return encodings.split(' ').map((encoding): [string, RegExp] => [encoding, pattern])
  }),
)
