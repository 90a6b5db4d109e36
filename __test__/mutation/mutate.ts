import type { Random } from './random.ts'

/** Makes another text of a good cookie; `others` are more good ones, for splices. May leave it as it is. */
export type Mutation = (cookie: string, random: Random, others: readonly string[]) => string

/** A cookie changed in one to three ways, or replaced by noise. */
export function mutated(cookie: string, random: Random, others: readonly string[]): string {
  let text = cookie
  for (let changes = 1 + Math.max(0, random.below(6) - 3); changes > 0; changes--) {
    text = random.pick(MUTATIONS)(text, random, others)
  }
  return text
}

/** Every way in which a cookie is changed. */
export const MUTATIONS: readonly Mutation[] = [
  function flipBits(text, random) {
    const at = random.below(text.length)
    return replaced(text, at, 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(7))))
  },
  function substitute(text, random) {
    return replaced(text, random.below(text.length), 1, random.pick(TELLING))
  },
  function insert(text, random) {
    return replaced(text, random.below(text.length + 1), 0, random.pick(TELLING))
  },
  function remove(text, random) {
    return replaced(text, random.below(text.length), 1 + random.below(4), '')
  },
  function cutEnd(text, random) {
    return text.slice(0, random.below(4) === 0 ? random.below(text.length) : -1 - random.below(48))
  },
  function cutStart(text, random) {
    return text.slice(random.below(4) === 0 ? random.below(text.length) : 1 + random.below(48))
  },
  function extendEnd(text, random) {
    return text + random.pick(EXTENSIONS)
  },
  function extendStart(text, random) {
    return random.pick(EXTENSIONS) + text
  },
  function splice(text, random, others) {
    const other = random.pick(others)
    const at = random.below(text.length)
    return text.slice(0, at) + other.slice(random.below(2) === 0 ? at : random.below(other.length))
  },
  function splicePart(text, random, others) {
    const [parts, otherParts] = [text.split('--'), random.pick(others).split('--')]
    const at = random.below(parts.length)
    parts[at] = otherParts[random.below(2) === 0 ? at : random.below(otherParts.length)] ?? ''
    return parts.join('--')
  },
  function swapParts(text, random) {
    const parts = text.split('--')
    parts.splice(random.below(parts.length), 0, ...parts.splice(random.below(parts.length), 1))
    return parts.join('--')
  },
  function duplicatePart(text, random) {
    const parts = text.split('--')
    parts.splice(random.below(parts.length + 1), 0, random.pick(parts))
    return parts.join('--')
  },
  function dropPart(text, random) {
    const parts = text.split('--')
    parts.splice(random.below(parts.length), 1)
    return parts.join('--')
  },
  function changeSeparator(text, random) {
    const at = nth(text, '--', random)
    return at < 0 ? `--${text}` : replaced(text, at, 2, random.pick(SEPARATORS))
  },
  function addPadding(text, random) {
    const at = random.below(2) === 0 ? text.length : Math.max(0, nth(text, '--', random))
    return replaced(text, at, 0, random.pick(PADDINGS))
  },
  function dropPadding(text, random) {
    const padding = random.below(2) === 0 ? '%3D' : '='
    const at = nth(text, padding, random)
    return at < 0 ? text.replaceAll('%3D', '') : replaced(text, at, padding.length, '')
  },
  function changeCase(text, random) {
    const at = random.below(text.length)
    const length = random.below(4) === 0 ? text.length : 1 + random.below(8)
    const part = text.slice(at, at + length)
    return replaced(text, at, length, random.below(2) === 0 ? part.toUpperCase() : part.toLowerCase())
  },
  function changeCaseOfPart(text, random) {
    const parts = text.split('--')
    const at = random.below(parts.length)
    parts[at] = random.below(2) === 0 ? parts[at]!.toUpperCase() : parts[at]!.toLowerCase()
    return parts.join('--')
  },
  function changeCaseOfEscapes(text, random) {
    return text.replaceAll(/%../g, (escape) => (random.below(2) === 0 ? escape.toLowerCase() : escape.toUpperCase()))
  },
  function escapeMore(text, random) {
    const at = random.below(text.length)
    const length = random.below(8) === 0 ? text.length : 1 + random.below(4)
    return replaced(text, at, length, Array.from(text.slice(at, at + length), (each) => escaped(each, random)).join(''))
  },
  function unescape(text, random) {
    const at = nth(text, '%', random)
    if (at < 0) return text
    return replaced(text, at, 3, String.fromCharCode(Number.parseInt(text.slice(at + 1, at + 3), 16) || 0))
  },
  function unescapeAll(text) {
    return text.replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '=')
  },
  function escapeTwice(text, random) {
    const at = nth(text, '%', random)
    return at < 0 ? text.replaceAll('-', '%2D') : replaced(text, at, 1, '%25')
  },
  function breakEscape(text, random) {
    const at = nth(text, '%', random)
    return at < 0 ? `${text}%` : replaced(text, at + 1 + random.below(2), 1, random.pick('gG%+ xZ'))
  },
  function otherAlphabet(text) {
    return text.replaceAll('%2B', '-').replaceAll('%2F', '_')
  },
  function transpose(text, random) {
    const at = random.below(text.length - 1)
    return replaced(
      text,
      at,
      2,
      text
        .slice(at, at + 2)
        .split('')
        .toReversed()
        .join(''),
    )
  },
  function noiseInside(text, random) {
    const at = random.below(text.length)
    return replaced(text, at, random.below(12), noise(1 + random.below(12), random))
  },
  function noiseOnly(_, random) {
    return noise(random.below(40), random)
  },
  function twice(text) {
    return text + text
  },
  function tooLong(text, random) {
    return random.below(16) === 0 ? text.padEnd(8150 + random.below(100), 'A') : `${text} `
  },
]

function replaced(text: string, at: number, length: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + length)
}

/** Place of one of the occurrences of `part`; -1 if there is none. */
function nth(text: string, part: string, random: Random): number {
  const start = text.indexOf(part, random.below(text.length))
  return start < 0 ? text.indexOf(part) : start
}

function escaped(character: string, random: Random): string {
  // Of a character beyond ASCII this escapes some other byte, which is as good.
  const hex = (character.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')
  return `%${random.below(2) === 0 ? hex : hex.toUpperCase()}`
}

/** Random characters: of ASCII, of Latin-1 (as Node hands header bytes over), or any code unit, lone surrogates too. */
function noise(length: number, random: Random): string {
  const limit = random.pick([0x80, 0x100, 0x10000])
  let text = ''
  for (let i = 0; i < length; i++) text += String.fromCharCode(random.below(limit))
  return text
}

/** Characters that mean something in a cookie, next to some of every alphabet. */
const TELLING: readonly string[] = [
  ...'ABCXYZabcxyz0159+/=-_%. ~*"\'\\;,:\n\r\t\0',
  '%2B',
  '%2b',
  '%2F',
  '%3D',
  '%3d',
  '%00',
  '%0A',
  '%20',
  '%25',
  '%FF',
  '%C3%A9',
  '\u007F',
  '\u00A0',
  '\u00E9',
  '\u0141',
  '\u2028',
  '\uFEFF',
  '\uD800',
  '\uDC00',
  '\u{1F44D}',
]
const EXTENSIONS: readonly string[] = [
  ...TELLING,
  '--',
  '----',
  '==',
  '%3D%3D',
  '--A',
  '--%3D%3D',
  '0'.repeat(40),
  `--${'0'.repeat(40)}`,
  'AAAA',
  '%0D%0A',
]
const SEPARATORS: readonly string[] = [
  '',
  '-',
  '---',
  '----',
  '--=--',
  '__',
  '%2D%2D',
  '-%2D',
  '%2d-',
  '- -',
  '—',
  '-+-',
  '--\0',
]
const PADDINGS: readonly string[] = ['=', '==', '===', '%3D', '%3D%3D', '%3d', '+', ' ', 'A', '%0A']
