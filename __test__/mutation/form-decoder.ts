/**
 * What Rack makes of a cookie value: `+` is a space, `%XX` a byte; a text in which any `%` is not followed by two
 * hexadecimal digits stays as it is. Each character of the result is one byte.
 *
 * Written for this test alone, so that a mistake of the library's own decoders cannot hide here.
 */
export function formDecoded(text: string): string {
  const bytes = ASCII.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
  if (STRAY_PERCENT.test(bytes)) return bytes
  return bytes
    .split('+')
    .join(' ')
    .replaceAll(ESCAPE, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

const ASCII = /^[\0-\x7f]*$/
const STRAY_PERCENT = /%(?![0-9A-Fa-f][0-9A-Fa-f])/
const ESCAPE = /%([0-9A-Fa-f]{2})/g
