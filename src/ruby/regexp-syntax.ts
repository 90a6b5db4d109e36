import { isAscii } from './encoding.ts'

/** Encoding that Ruby gives to a Regexp made from a String of unknown encoding. */
export type RegexpEncoding = 'US-ASCII' | 'ASCII-8BIT' | 'UTF-8'

/**
 * The encoding of the Regexp that Ruby makes of a source, given one character a byte; null for a source that Ruby does not
 * take for one: brackets without their counterpart, nothing to repeat, unknown options, escapes without their digits.
 *
 * Nothing is compiled. What only the compiler finds (a look-behind of varying length, a recursion without end) passes.
 *
 * @param nonAscii encoding of the bytes that are not ASCII
 */
export function regexpEncoding(source: string, nonAscii: 'ASCII-8BIT' | 'UTF-8' = 'ASCII-8BIT'): RegexpEncoding | null {
  return new RegexpSyntax(source, nonAscii).check()
}

/** A group that is open. */
interface Group {
  /** Whether blanks and comments counted for nothing outside of it. */
  readonly extendedOutside: boolean
  /** Between the brackets of a condition and its end. */
  readonly conditional: boolean
  alternatives: number
}

class RegexpSyntax {
  readonly #source: string
  readonly #nonAscii: 'ASCII-8BIT' | 'UTF-8'
  #at = 0
  #extended = false
  readonly #open: Group[] = []
  #groups = 0
  readonly #names = new Set<string>()
  /** Numbers and names of groups that something refers to. */
  readonly #references: string[] = []
  #encoding: 'ASCII-8BIT' | 'UTF-8' | null = null
  #hasProperty = false

  constructor(source: string, nonAscii: 'ASCII-8BIT' | 'UTF-8') {
    this.#source = source
    this.#nonAscii = nonAscii
  }

  check(): RegexpEncoding | null {
    const isWhole = this.#pattern() && this.#open.length === 0 && this.#references.every((name) => this.#exists(name))
    return isWhole ? (this.#encoding ?? (this.#hasProperty ? 'ASCII-8BIT' : 'US-ASCII')) : null
  }

  #pattern(): boolean {
    const source = this.#source
    /** Whether there is something that a quantifier could repeat. */
    let target = false
    while (this.#at < source.length) {
      const character = source[this.#at++]!
      switch (character) {
        case '\\':
          if (this.#escape(false) === null) return false
          target = true
          break
        case '[':
          if (!this.#characterClass()) return false
          target = true
          break
        case '(': {
          // A comment is nothing: behind it, what stands before it is repeated.
          const isComment = source.startsWith('?#', this.#at)
          if (!this.#group()) return false
          target &&= isComment
          break
        }
        case ')': {
          const group = this.#open.pop()
          if (group === undefined || (group.conditional && group.alternatives > 2)) return false
          this.#extended = group.extendedOutside
          target = true
          break
        }
        case '|': {
          const group = this.#open.at(-1)
          if (group !== undefined) group.alternatives += 1
          target = false
          break
        }
        case '*':
        case '+':
        case '?':
          if (!target) return false
          break
        case '{': {
          const interval = this.#match(INTERVAL)
          if (interval !== null && !(target && isInterval(interval))) return false
          target = true
          break
        }
        default:
          if (this.#extended && character === '#') this.#match(REST_OF_LINE)
          else if (!this.#extended || !BLANK.test(character)) {
            if (character > '\u007f' && !this.#is(this.#nonAscii)) return false
            target = true
          }
      }
    }
    return true
  }

  /** What stands behind an opening bracket. */
  #group(): boolean {
    const kind = this.#match(GROUP)
    // Behind a question mark it has no meaning: then there is nothing that the question mark could repeat.
    if (kind === null) {
      this.#groups += 1
      return this.#enter(this.#extended)
    }
    const [, plain, comment, name, quotedName, condition, on, off, end] = kind
    if (comment !== undefined) return true
    if (plain !== undefined) return this.#enter(this.#extended)
    if (condition !== undefined) {
      this.#references.push(condition.replaceAll(/[<>']/g, ''))
      return this.#enter(this.#extended, true)
    }
    const groupName = name ?? quotedName
    if (groupName !== undefined) {
      if (!NAME.test(groupName) || (!isAscii(groupName) && !this.#is(this.#nonAscii))) return false
      this.#groups += 1
      this.#names.add(groupName)
      return this.#enter(this.#extended)
    }
    if (kind[0] === '?)') return false
    const extended = (this.#extended || on!.includes('x')) && !off?.includes('x')
    if (end === ':') return this.#enter(extended)
    this.#extended = extended
    return true
  }

  #enter(extended: boolean, conditional = false): true {
    this.#open.push({ extendedOutside: this.#extended, conditional, alternatives: 1 })
    this.#extended = extended
    return true
  }

  /** What stands behind `[`, up to the `]` that belongs to it. */
  #characterClass(): boolean {
    let depth = 0
    /** The character that a range might begin with; `class` for a class, which none can; null at the start. */
    let last: number | 'class' | null = null
    let range = false
    const open = (): boolean => {
      this.#match(/\^/y)
      depth += 1
      last = null
      range = false
      // A bracket that comes first closes nothing, if there is another one.
      const first = this.#match(/\]/y) !== null
      if (first) last = BRACKET_CLOSE
      return !first || this.#source.includes(']', this.#at)
    }
    const add = (value: number | 'class'): boolean => {
      if (range && (value === 'class' || value < (last as number))) return false
      last = range ? null : value
      range = false
      return true
    }
    if (!open()) return false
    while (depth > 0) {
      const character = this.#source[this.#at++]
      if (character === undefined) return false
      const isLast = this.#source[this.#at] === ']'
      if (character === ']') {
        depth -= 1
        last = null
        range = false
      } else if (character === '[') {
        const posix = this.#match(POSIX)
        if (posix === null ? !open() : !CLASSES.has(posix[1]!.toLowerCase()) || !add('class')) return false
      } else if (character === '&' && this.#match(/&/y) !== null) {
        last = null
        range = false
      } else if (character === '-' && !isLast && !range && last !== null) {
        if (last === 'class') return false
        range = true
      } else {
        const value = character === '\\' ? this.#escape(true) : character.charCodeAt(0)
        if (value === null || !add(value)) return false
        if (character > '\u007f' && !this.#is(this.#nonAscii)) return false
      }
    }
    return true
  }

  /** The character that an escape stands for, `class` if it stands for more than one; null for one that is none. */
  #escape(inClass: boolean): number | 'class' | null {
    const character = this.#source[this.#at++]
    switch (character) {
      case undefined:
        return null
      case 'x': {
        const digits = this.#match(/[0-9A-Fa-f]{1,2}/y)
        return digits === null ? null : this.#byte(Number.parseInt(digits[0], 16))
      }
      case 'u': {
        const digits = this.#match(UNICODE)
        const codes = (digits?.[1] ?? digits?.[2] ?? '').trim().split(/[ \t]+/)
        const numbers = codes.map((code) => Number.parseInt(code, 16))
        if (!numbers.every((number) => number <= 0x10ffff && (number & 0x1ff800) !== 0xd800)) return null
        return Math.max(...numbers) < 0x80 || this.#is('UTF-8') ? numbers.at(-1)! : null
      }
      case 'c':
      case 'C':
      case 'M': {
        this.#at -= 1
        const control = this.#match(CONTROL)
        return control === null ? null : this.#byte(control[0].includes('M-') ? 0x80 : 0)
      }
      case 'p':
      case 'P': {
        this.#hasProperty = true
        const property = this.#match(/\{\^?([^}]*)(\}?)/y)
        if (property === null) return character.charCodeAt(0)
        const [, name, end] = property
        return end !== '' && (this.#encoding === 'UTF-8' || CLASSES.has(name!.toLowerCase())) ? 'class' : null
      }
      case 'k':
      case 'g': {
        const reference = inClass ? null : this.#match(/<([^>]*)(>?)|'([^']*)('?)/y)
        if (reference === null) return character.charCodeAt(0)
        const name = reference[1] ?? reference[3]!
        // The whole expression can be called, not referred to.
        if (character === 'k' || name !== '0') this.#references.push(this.#absolute(name))
        return (reference[2] ?? reference[4]) === '' ? null : 'class'
      }
      default:
        if (character >= '0' && character <= '9') return this.#number(inClass)
        return /[dDwWsShH]/.test(character) ? 'class' : character.charCodeAt(0)
    }
  }

  /** An escaped number: a byte in octal, or a group. */
  #number(inClass: boolean): number | null {
    this.#at -= 1
    const octal = /[0-7]{1,3}/y
    octal.lastIndex = this.#at
    const digits = octal.exec(this.#source)?.[0] ?? ''
    const byte = digits === '' ? 0 : Number.parseInt(digits, 8)
    const [decimal] = this.#match(/\d+/y)!
    const isGroup = !inClass && !decimal.startsWith('0') && byte < 0x80
    if (isGroup && (decimal.length === 1 || Number(decimal) <= this.#groups)) this.#references.push(decimal)
    else this.#at += Math.max(digits.length, 1) - decimal.length
    return byte > 0xff ? null : this.#byte(byte)
  }

  #byte(byte: number): number | null {
    return byte < 0x80 || this.#is('ASCII-8BIT') ? byte : null
  }

  /** Notes that something stands for a character of an encoding; false if there was one of another. */
  #is(encoding: 'ASCII-8BIT' | 'UTF-8'): boolean {
    this.#encoding ??= encoding
    return this.#encoding === encoding
  }

  /** `-1` is the group that began last. */
  #absolute(name: string): string {
    return /^-\d+$/.test(name) ? String(this.#groups + 1 + Number(name)) : name
  }

  #exists(name: string): boolean {
    if (this.#names.has(name)) return true
    // Where groups have names, they have no numbers.
    return /^[1-9]\d*$/.test(name) && this.#names.size === 0 && Number(name) <= this.#groups
  }

  /** Steps over what a sticky expression finds here. */
  #match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at
    const found = expression.exec(this.#source)
    if (found !== null) this.#at += found[0].length
    return found
  }
}

function isInterval([, least, , most]: RegExpExecArray): boolean {
  const [from, to] = [Number(least), most === '' ? MOST_REPEATS : Number(most)]
  return from <= MOST_REPEATS && to <= MOST_REPEATS && (least === '' || most === '' || from <= to)
}

const MOST_REPEATS = 100_000
const BRACKET_CLOSE = 0x5d
const BLANK = /[ \t\n\v\f\r]/
const REST_OF_LINE = /[^\n]*/y
const INTERVAL = /(?=\d|,\d)(\d*)(,?)(\d*)\}/y
const POSIX = /:\^?([^\]:]{0,20}):\]/y
const UNICODE = /([0-9A-Fa-f]{4})|\{([ \t]*[0-9A-Fa-f]{1,6}(?:[ \t]+[0-9A-Fa-f]{1,6})*[ \t]*)\}/y
const CONTROL =
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  /(?:(?:c|C-)(?:\\M-)?|M-(?:\\(?:c|C-))?)(?:[\u0000-[\]-\u007f]|\\(?:[ntrfvae\\]|[0-7]{1,3}|x[0-9A-Fa-f]{1,2}))/y
const NAME = /^[^\d-][^)]*$/
const GROUP =
  /\?(?:([:=!>~]|<[=!])|(#(?:\\[^]|[^)\\])*\))|<([^>]*)>|'([^']*)'|\((\d+|<[^>]*>|'[^']*')\)|([imxadu]*)(?:-([imx-]*))?([:)]))/y

/** Names of classes that every encoding has. */
const CLASSES: ReadonlySet<string> = new Set(
  'alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit'.split(' '),
)
