import { isUnicodeEscape, unescape } from './escapes.ts'

/**
 * Walks over a JSON text token by token, by the lexical rules of Ruby's json gem. A method that refuses leaves the
 * place where it is of no use; the text is not JSON then.
 */
export class JsonScanner {
  /** Place of the next character. */
  at = 0
  /** Whether the last {@link number} had a fraction or an exponent, and so is a Float. */
  isFloat = false
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** Steps over blanks and comments and returns the code of the character there; NaN at the end of the text. */
  next(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.at)
      if (code === SPACE || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB) this.at += 1
      else if (code !== SLASH || !this.#skipComment()) return code
    }
  }

  /** Whether the whole text has been read. */
  isAtEnd(): boolean {
    return this.at === this.#text.length
  }

  /** Steps over `word` if it stands here. */
  word(word: 'null' | 'true' | 'false'): boolean {
    if (!this.#text.startsWith(word, this.at)) return false
    this.at += word.length
    return true
  }

  /** Reads the string whose opening quote stands here; `undefined` refuses. */
  string(): string | undefined {
    const text = this.#text
    const start = this.at + 1
    let escapes = false
    for (let at = start; ; at++) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) {
        this.at = at + 1
        return escapes ? unescape(text, start, at) : text.slice(start, at)
      }
      if (code === BACKSLASH) {
        escapes = true
        at += 1
        const letter = text.charCodeAt(at)
        if (letter === LETTER_U ? !isUnicodeEscape(text, at) : !(letter >= SPACE)) return undefined
      } else if (!(code >= SPACE)) {
        return undefined
      }
    }
  }

  /** Reads the number that begins here, as its text; `undefined` refuses. */
  number(): string | undefined {
    const text = this.#text
    const start = this.at
    let at = text.charCodeAt(start) === MINUS ? start + 1 : start
    const first = at
    if (!isDigit(text.charCodeAt(at))) return undefined
    at = digitsEnd(text, at)
    if (text.charCodeAt(first) === ZERO && at > first + 1) return undefined

    const integerEnd = at
    if (text.charCodeAt(at) === POINT) {
      if (!isDigit(text.charCodeAt(at + 1))) return undefined
      at = digitsEnd(text, at + 1)
    }
    if ((text.charCodeAt(at) | 0x20) === LETTER_E) {
      at += 1
      if (text.charCodeAt(at) === PLUS || text.charCodeAt(at) === MINUS) at += 1
      if (!isDigit(text.charCodeAt(at))) return undefined
      at = digitsEnd(text, at)
    }
    this.isFloat = at > integerEnd
    this.at = at
    return text.slice(start, at)
  }

  /** Steps over the comment that opens here. Without its end it is no comment: a line comment ends in a line feed. */
  #skipComment(): boolean {
    const kind = this.#text.charCodeAt(this.at + 1)
    if (kind !== STAR && kind !== SLASH) return false
    const close = kind === STAR ? '*/' : '\n'
    const end = this.#text.indexOf(close, this.at + 2)
    if (end < 0) return false
    this.at = end + close.length
    return true
  }
}

function digitsEnd(text: string, start: number): number {
  let at = start
  while (isDigit(text.charCodeAt(at))) at += 1
  return at
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= 0x39
}

const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const STAR = 0x2a
const PLUS = 0x2b
const MINUS = 0x2d
const POINT = 0x2e
const SLASH = 0x2f
const ZERO = 0x30
const BACKSLASH = 0x5c
const LETTER_E = 0x65
const LETTER_U = 0x75
