/** Bits of the options of a Ruby Regexp, by Ruby's names. */
export const RegexpOption = { IGNORECASE: 1, EXTENDED: 2, MULTILINE: 4, FIXEDENCODING: 16, NOENCODING: 32 } as const

/** The bits for letters of `imx`. Throws a `TypeError` for others. */
export function optionBits(letters: string): number {
  return [...letters].reduce((sum, letter) => {
    const found = LETTERS.find(([each]) => each === letter)
    if (found === undefined)
      throw new TypeError(`RubyRegexp: no option ${JSON.stringify(letter)}; there are i, m and x`)
    return sum | found[1]
  }, 0)
}

/** What `Regexp#to_s` gives for a source and options. */
export function regexpText(given: string, givenOptions: number): string {
  const { source, options } = unwrap(given, givenOptions)
  const on = LETTERS.filter(([, bit]) => (options & bit) !== 0).map(([letter]) => letter)
  const off = LETTERS.filter(([, bit]) => (options & bit) === 0).map(([letter]) => letter)
  return `(?${on.join('')}${off.length > 0 ? '-' : ''}${off.join('')}:${printable(source)})`
}

/** Ruby takes options from the beginning of a source to itself: those of `(?i)a`, and of `(?i-m:a)` if that is all. */
function unwrap(source: string, options: number): { source: string; options: number } {
  let rest = source
  let changed = options
  for (;;) {
    const [head, on = '', off = '', end] = OPTIONS.exec(rest) ?? []
    // Ruby looks no further than at two characters before it gives up all that it has found.
    if (head === undefined) return rest.startsWith('(?') ? { source, options } : { source: rest, options: changed }
    changed = (changed | optionBits(on)) & ~optionBits(off)
    rest = rest.slice(head.length)
    if (end === ')') continue
    const inner = rest.slice(0, -1)
    const isExtended = (changed & RegexpOption.EXTENDED) !== 0
    const isAll = rest.endsWith(')') && isBalanced(inner, isExtended)
    return isAll ? { source: inner, options: changed } : { source, options }
  }
}

/** Whether no bracket closes a group that was not opened in the same part of a regular expression. */
function isBalanced(source: string, isExtended: boolean): boolean {
  /** Of this part and of each group that is open: whether a `#` begins a comment. */
  const extended = [isExtended]
  let classes = 0
  for (let at = 0; at < source.length; at++) {
    const character = source[at]
    if (character === '\\') {
      at += 1
    } else if (character === '[') {
      classes += 1
      // A bracket that closes a class is a character where the class has just begun.
      at += source[at + 1] === '^' ? 1 : 0
      at += source[at + 1] === ']' ? 1 : 0
    } else if (classes > 0) {
      classes -= character === ']' ? 1 : 0
    } else if (character === '#' && extended.at(-1)) {
      at = matchEnd(source, LINE_COMMENT, at) - 1
    } else if (character === '(') {
      const comment = matchEnd(source, COMMENT, at)
      if (comment > at) at = comment - 1
      else at = openGroup(source, at, extended)
    } else if (character === ')') {
      extended.pop()
      if (extended.length === 0) return false
    }
  }
  return true
}

/** Takes a group that opens into account; returns the place of its last character that matters. */
function openGroup(source: string, at: number, extended: boolean[]): number {
  const before = extended.at(-1)!
  GROUP_OPTIONS.lastIndex = at
  const [head, on = '', off = '', last] = GROUP_OPTIONS.exec(source) ?? []
  if (head === undefined) {
    extended.push(before)
    return at
  }
  const now = (before || on.includes('x')) && !off.includes('x')
  // Options without a group of their own hold until the one around them ends.
  if (last === ')') extended[extended.length - 1] = now
  else extended.push(now)
  return at + head.length - 1
}

/** Where the match at a place ends; the place itself if there is none. */
function matchEnd(source: string, pattern: RegExp, at: number): number {
  pattern.lastIndex = at
  return pattern.test(source) ? pattern.lastIndex : at
}

/** A slash gets a backslash before it, unless it has one; control characters are told by their number. */
function printable(source: string): string {
  return source.replaceAll(UNPRINTABLE, (found) => {
    if (found === '/') return '\\/'
    return found.startsWith('\\') ? found : `\\x${found.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}

/** In the order in which Ruby prints them. */
const LETTERS: ReadonlyArray<readonly [letter: string, bit: number]> = [
  ['m', RegexpOption.MULTILINE],
  ['i', RegexpOption.IGNORECASE],
  ['x', RegexpOption.EXTENDED],
]

/** `(?i-m:` or `(?i-m)`. There may be none of the letters. */
const OPTIONS = /^\(\?([mix]*)(?:-([mix]*))?([:)])/
const COMMENT = /\(\?#(?:\\[^]|[^)\\])*\)?/y
const LINE_COMMENT = /#.*/y
const GROUP_OPTIONS = /\(\?([a-z]*)(?:-([a-z]*))?([:)])/y
// oxlint-disable-next-line no-control-regex -- those that Ruby does not print
const UNPRINTABLE = /\\[^]|[/\u0000-\u0008\u000e-\u001f\u007f]/g
