import { decodeUtf8, isAscii } from '../../ruby/encoding.ts'
import { internalized } from '../internalized.ts'

/**
 * Reads a dump, given one character a byte, directly into the plain view, if it is made of nothing but what an ordinary session
 * has: nil, true, false, Integers, Floats, Strings in UTF-8 and US-ASCII, Symbols, Arrays, Hashes with keys that are text, and
 * links to those. Null when something in it is unusual, or wrong.
 *
 * A String of ASCII is cut out of the text, and objects are born without a prototype.
 */
export function readSimpleMarshal(binary: string): { readonly value: unknown } | null {
  const tag = binary.charCodeAt(2)
  // Scalars are rare and cheap any way.
  const isContainer = tag === OPEN_BRACE || tag === OPEN_BRACKET || tag === LETTER_C
  return isContainer && binary.startsWith('\u0004\u0008') ? new SimpleReader(binary).read() : null
}

class SimpleReader {
  readonly #text: string
  readonly #isAscii: boolean
  readonly #symbols: string[] = []
  /** By number. */
  readonly #objects: unknown[] = []
  #at = 2
  #start = 0
  #end = 0
  #isUtf8 = false

  constructor(text: string) {
    this.#text = text
    this.#isAscii = isAscii(text)
  }

  read(): { readonly value: unknown } | null {
    const enclosing: Open[] = []
    let open = this.#container()
    while (open !== null) {
      if (open.left === 0) {
        if (!isComplete(open)) return null
        const outer = enclosing.pop()
        // What is read behind the end is no value.
        if (outer === undefined) return this.#at <= this.#text.length ? { value: open.value } : null
        open = outer
        continue
      }
      open.left -= 1
      const key: string | null = open.hash === null ? '' : this.#key(open)
      if (key === null) return null
      let value = this.#value()
      let inner: Open | null = null
      if (value === CONTAINER) {
        inner = this.#container()
        if (inner === null || enclosing.push(open) > MOST_ENCLOSING) return null
        value = inner.value
      } else if (value === LINK) {
        value = this.#linked(open, enclosing)
      }
      if (value === NOTHING) return null
      if (open.hash === null) open.array!.push(value)
      else open.hash[key] = value
      if (inner !== null) open = inner
    }
    return null
  }

  /** What begins here: a value; {@link CONTAINER} or {@link LINK}; {@link NOTHING} for anything else. */
  #value(): unknown {
    switch (this.#text.charCodeAt(this.#at)) {
      case LETTER_I:
        if (!this.#string()) return NOTHING
        return this.#remember(this.#cut())
      case LOWER_I:
        this.#at += 1
        return this.#long()
      case ZERO:
        this.#at += 1
        return null
      case LETTER_T:
        this.#at += 1
        return true
      case LETTER_F:
        this.#at += 1
        return false
      case OPEN_BRACE:
      case OPEN_BRACKET:
      case LETTER_C:
        return CONTAINER
      case AT:
        return LINK
      case COLON:
      case SEMICOLON:
        return this.#symbol() ?? NOTHING
      case LOWER_F:
        return this.#float()
      case LOWER_L:
        return this.#bignum()
      default:
        return NOTHING
    }
  }

  /** A key that is text; null for others. */
  #key(open: Open): string | null {
    switch (this.#text.charCodeAt(this.#at)) {
      case LETTER_I: {
        open.keys |= STRINGS
        if (!this.#string()) return null
        if (this.#isAscii) {
          const key = internalized(this.#text, this.#start, this.#end)
          this.#objects.push(key)
          return key
        }
        const key = this.#remember(this.#cut())
        return key === NOTHING ? null : (key as string)
      }
      case COLON:
      case SEMICOLON:
        open.keys |= SYMBOLS
        return this.#symbol()
      case AT: {
        open.keys |= STRINGS
        this.#at += 1
        const linked = this.#objects[this.#long()]
        return typeof linked === 'string' ? linked : null
      }
      default:
        return null
    }
  }

  /** An Array, a Hash or a HashWithIndifferentAccess without its contents; null for others. */
  #container(): Open | null {
    const text = this.#text
    if (text.charCodeAt(this.#at) === LETTER_C) {
      this.#at += 1
      if (this.#symbol() !== INDIFFERENT_ACCESS || text.charCodeAt(this.#at) !== OPEN_BRACE) return null
    }
    const array: unknown[] | null = text.charCodeAt(this.#at) === OPEN_BRACKET ? [] : null
    const hash = array === null ? (Object.create(null) as Hash) : null
    const value = array ?? hash!
    this.#at += 1
    const size = this.#long()
    if (!(size >= 0 && size <= text.length - this.#at)) return null
    this.#objects.push(value)
    return { value, array, hash, size, left: size, keys: 0 }
  }

  #linked(open: Open, enclosing: readonly Open[]): unknown {
    this.#at += 1
    const linked = this.#objects[this.#long()] ?? NOTHING
    // What is open would contain itself.
    const isOpen = linked === open.value || enclosing.some(({ value }) => value === linked)
    return isOpen ? NOTHING : linked
  }

  /** Steps over a String that is UTF-8 or US-ASCII by its only variable, and notes where it is; false for others. */
  #string(): boolean {
    const text = this.#text
    if (text.charCodeAt(this.#at + 1) !== QUOTE) return false
    this.#at += 2
    const length = this.#long()
    const start = this.#at
    const end = start + length
    if (!(length >= 0) || text.charCodeAt(end) !== ONE) return false
    this.#at = end + 1
    if (this.#symbol() !== 'E') return false
    const encoding = text.charCodeAt(this.#at)
    this.#at += 1
    this.#start = start
    this.#end = end
    this.#isUtf8 = encoding === LETTER_T
    return encoding === LETTER_T || encoding === LETTER_F
  }

  /** The text of the String that was stepped over last. */
  #cut(): unknown {
    const binary = this.#text.slice(this.#start, this.#end)
    if (this.#isAscii || isAscii(binary)) return binary
    return (this.#isUtf8 ? decodeUtf8(binary) : null) ?? NOTHING
  }

  /** The name of a Symbol of ASCII; null for anything else. */
  #symbol(): string | null {
    const text = this.#text
    const tag = text.charCodeAt(this.#at)
    this.#at += 1
    if (tag === SEMICOLON) return this.#symbols[this.#long()] ?? null
    if (tag !== COLON) return null
    const length = this.#long()
    const start = this.#at
    const end = start + length
    if (!(length >= 0) || end > text.length) return null
    const name = internalized(text, start, end)
    if (!this.#isAscii && !isAscii(name)) return null
    this.#at = end
    this.#symbols.push(name)
    return name
  }

  #float(): unknown {
    this.#at += 1
    const length = this.#long()
    if (!(length >= 0 && length <= LONGEST_FLOAT)) return NOTHING
    const text = this.#text.slice(this.#at, this.#at + length)
    this.#at += length
    if (FLOAT.test(text)) return this.#remember(Number(text))
    const special = SPECIAL_FLOATS.get(text)
    return special === undefined ? NOTHING : this.#remember(special)
  }

  #bignum(): unknown {
    const text = this.#text
    const sign = text.charCodeAt(this.#at + 1)
    this.#at += 2
    const bytes = 2 * this.#long()
    if (!(bytes >= 0 && bytes <= 8)) return NOTHING
    let size = 0
    for (let i = bytes - 1; i >= 0; i--) size = size * 256 + text.charCodeAt(this.#at + i)
    this.#at += bytes
    if (!(size <= Number.MAX_SAFE_INTEGER) || (sign !== PLUS && sign !== MINUS)) return NOTHING
    return this.#remember(sign === PLUS ? size : 0 - size)
  }

  /** Anything at the end of the text, with the place behind it. */
  #long(): number {
    const first = (this.#text.charCodeAt(this.#at) << 24) >> 24
    this.#at += 1
    if (first > 4) return first - 5
    return first === 0 ? 0 : this.#longer(first)
  }

  #longer(first: number): number {
    if (first < -4) return first + 5
    const size = Math.abs(first)
    let value = 0
    for (let i = size - 1; i >= 0; i--) value = value * 256 + this.#text.charCodeAt(this.#at + i)
    this.#at += size
    return first > 0 ? value : value - 256 ** size
  }

  #remember(object: unknown): unknown {
    this.#objects.push(object)
    return object
  }
}

type Hash = Record<string, unknown>

/** A container that is being filled. */
interface Open {
  readonly value: unknown[] | Hash
  readonly array: unknown[] | null
  readonly hash: Hash | null
  readonly size: number
  /** How many elements or pairs are still to come. */
  left: number
  /** Which kinds of keys there are. */
  keys: number
}

/** A String and a Symbol of the same text are two keys to Ruby and one in an object, and their order counts. */
function isComplete({ hash, size, keys }: Open): boolean {
  return keys !== (STRINGS | SYMBOLS) || Object.keys(hash!).length === size
}

const STRINGS = 1
const SYMBOLS = 2
const MOST_ENCLOSING = 100
const LONGEST_FLOAT = 25
const FLOAT = /^-?\d+(?:\.\d+)?(?:e-?\d+)?$/
const SPECIAL_FLOATS: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['nan', Number.NaN],
])
const INDIFFERENT_ACCESS = 'ActiveSupport::HashWithIndifferentAccess'
const CONTAINER: unique symbol = Symbol('container')
const LINK: unique symbol = Symbol('link')
const NOTHING: unique symbol = Symbol('nothing')
/** The number 1 as Marshal packs it. */
const ONE = 0x06
const QUOTE = 0x22
const PLUS = 0x2b
const MINUS = 0x2d
const ZERO = 0x30
const COLON = 0x3a
const SEMICOLON = 0x3b
const AT = 0x40
const LETTER_C = 0x43
const LETTER_F = 0x46
const LETTER_I = 0x49
const LETTER_T = 0x54
const OPEN_BRACKET = 0x5b
const LOWER_F = 0x66
const LOWER_I = 0x69
const LOWER_L = 0x6c
const OPEN_BRACE = 0x7b
