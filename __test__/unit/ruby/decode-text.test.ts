import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decodeText, isDecodable } from '../../../src/ruby/decode-text.ts'

/**
 * Of the texts that Ruby 3.1 and 3.3 have for all Strings of two bytes:
 *
 *     d = Digest::SHA256.new
 *     65536.times { |i| s = [i].pack("n").force_encoding(name)
 *                   d << (s.valid_encoding? ? (s.encode("UTF-8") rescue "!") : "!") << "\n" }
 *     d.hexdigest[0, 16]
 */
const DIGESTS = {
  'UTF-8': '01ff51317d074eb9',
  'US-ASCII': '78dbdba805eafd0d',
  'UTF-16BE': 'f12e4ef5a71e1d6c',
  'UTF-16LE': 'a778dc750adb0fa9',
  'ISO-8859-1': '3576d106ffa285f9',
  'ISO-8859-2': '3a288371854ffa48',
  'ISO-8859-3': '1323ca0939c100ef',
  'ISO-8859-4': 'fd353a610a346bb5',
  'ISO-8859-5': '0294ddadc1277443',
  'ISO-8859-6': '33b2f844e15dc5f5',
  'ISO-8859-7': '2600056f7c0a3729',
  'ISO-8859-8': 'b475a0576236306d',
  'ISO-8859-9': 'bfd37b49b8f12fa1',
  'ISO-8859-10': 'ebaa6f1d02c233e1',
  'ISO-8859-11': 'b87410cf0fd299a3',
  'ISO-8859-13': '341bcccf750354c3',
  'ISO-8859-14': '00825afcf804f297',
  'ISO-8859-15': '48703cb908372a0b',
  'ISO-8859-16': '3e886618472b47db',
  'Windows-1250': 'ac662a0e80ee7e1a',
  'Windows-1251': '960d90d67acbe9be',
  'Windows-1252': 'd0879528f9f9ee19',
  'Windows-1253': 'ae4c96c5ecef522a',
  'Windows-1254': '820b3cb419432fac',
  'Windows-1255': '2dde9313a8c6cef5',
  'Windows-1256': '0d68c8fc2552f0fd',
  'Windows-1257': 'bffceed839539b62',
  'Windows-874': 'de0cc35591ce48c0',
  'KOI8-R': '3d3bd3d9257913dc',
  'KOI8-U': '80bc993be1958f6b',
  'TIS-620': 'c97408ee22f4a0ad',
  Shift_JIS: 'c724147ce8f207b4',
  'Windows-31J': '34d5d4657fd70bee',
  'EUC-JP': 'b8ca645fb2183f0b',
  Big5: 'ed5181c6b40eea80',
  'EUC-KR': 'e5ddb8479683c194',
} as const

describe('decodeText', () => {
  it.each(Object.entries(DIGESTS))('decodes %s as Ruby does', (encoding, digest) => {
    const hash = createHash('sha256')
    for (let i = 0; i < 0x10000; i++) {
      const binary = String.fromCharCode(i >> 8, i & 0xff)
      hash.update(`${decodeText(binary, encoding) ?? EUC_KR_ONLY.get(`${encoding} ${binary}`) ?? '!'}\n`)
    }
    expect(hash.digest('hex').slice(0, 16)).toBe(digest)
  })

  // The platform's table has not these two.
  const EUC_KR_ONLY = new Map([
    ['EUC-KR \u00a2\u00e6', '\u20ac'],
    ['EUC-KR \u00a2\u00e7', '\u00ae'],
  ])

  it.each([
    // ['8fb0a1'].pack('H*').force_encoding('EUC-JP').encode('UTF-8')
    ['8fb0a1', 'EUC-JP', '丂'],
    ['8fa2b7', 'EUC-JP', null],
    ['8ff3a1', 'EUC-JP', null],
    ['8ea2', 'EUC-JP', '｢'],
    ['93fa967b817e1a1c7f41', 'Shift_JIS', '日本×\u001a\u001c\u007fA'],
    ['93', 'Shift_JIS', null],
    ['937f', 'Shift_JIS', null],
    ['00d83d00', 'UTF-16LE', null],
    ['3dd800de', 'UTF-16LE', '😀'],
    ['fffe6100', 'UTF-16LE', '\ufeffa'],
    ['616263', 'UTF-16LE', null],
    ['0001f600', 'UTF-32BE', '😀'],
    ['00f60100', 'UTF-32LE', '😀'],
    ['0000d800', 'UTF-32BE', null],
    ['00110000', 'UTF-32BE', null],
    ['00000061ff', 'UTF-32BE', null],
    ['efbbbf61', 'UTF-8', '\ufeffa'],
    ['80', 'Windows-1252', '€'],
    ['81', 'Windows-1252', null],
  ])('%s in %s is %j', (hex, encoding, text) => {
    expect(decodeText(Buffer.from(hex, 'hex').toString('latin1'), encoding)).toBe(text)
  })

  it.each(['IBM437', 'macRoman', 'GB18030', 'UTF8-MAC', 'CP949'])('tells ASCII alone of %s', (encoding) => {
    expect(isDecodable(encoding)).toBe(false)
    expect(decodeText('abc\n', encoding)).toBe('abc\n')
    expect(decodeText('\u00c3\u00a9', encoding)).toBeNull()
  })

  it.each(['ASCII-8BIT', 'UTF-7', 'UTF-16', 'ISO-2022-JP', 'IBM037'])('has no text in %s', (encoding) => {
    expect(isDecodable(encoding)).toBe(false)
    expect(decodeText('abc', encoding)).toBeNull()
  })

  it('knows the characters of the encodings that it decodes', () => {
    for (const encoding of [...Object.keys(DIGESTS), 'UTF-32BE', 'UTF-32LE']) expect(isDecodable(encoding)).toBe(true)
  })

  it('takes time that grows with the length only', () => {
    const long = '\u0093\u00fa'.repeat(200_000)
    const started = performance.now()
    expect(decodeText(long, 'Shift_JIS')).toHaveLength(200_000)
    expect(decodeText(`${long}\u0093`, 'Shift_JIS')).toBeNull()
    expect(decodeText('\u001a'.repeat(200_000), 'Windows-31J')).toHaveLength(200_000)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
