/**
 * `Marshal.dump` of Ruby 3.x for what JSON can say. Strings are UTF-8 and of their own; the keys of hashes are shared,
 * as Ruby shares them, so that a key that comes again is a link; and so does a Float.
 */
export function rubyMarshal(data: unknown): Buffer {
  return new Dump().of(data)
}

class Dump {
  readonly #parts: Buffer[] = [Buffer.from([4, 8])]
  /** Number of the object that each hash key and each Float is. */
  readonly #keys = new Map<string, number>()
  readonly #floats = new Map<number, number>()
  #objects = 0
  #hasEncoding = false

  of(data: unknown): Buffer {
    this.#value(data)
    return Buffer.concat(this.#parts)
  }

  #value(value: unknown): void {
    if (value === null) this.#text('0')
    else if (typeof value === 'boolean') this.#text(value ? 'T' : 'F')
    else if (typeof value === 'string') this.#string(value)
    else if (typeof value === 'number') this.#number(value)
    else if (Array.isArray(value)) this.#array(value)
    else this.#hash(value as Readonly<Record<string, unknown>>)
  }

  #array(values: readonly unknown[]): void {
    this.#objects += 1
    this.#text('[')
    this.#long(values.length)
    for (const value of values) this.#value(value)
  }

  #hash(hash: Readonly<Record<string, unknown>>): void {
    this.#objects += 1
    const entries = Object.entries(hash)
    this.#text('{')
    this.#long(entries.length)
    for (const [key, value] of entries) {
      this.#once(this.#keys, key, () => this.#string(key))
      this.#value(value)
    }
  }

  #string(text: string): void {
    this.#objects += 1
    this.#text('I"')
    this.#bytes(text)
    // One instance variable, E: true for UTF-8. The Symbol is written once.
    this.#text('\u0006')
    this.#text(this.#hasEncoding ? ';\0' : ':\u0006E')
    this.#text('T')
    this.#hasEncoding = true
  }

  #number(number: number): void {
    if (Number.isInteger(number)) {
      this.#text('i')
      this.#long(number)
      return
    }
    this.#once(this.#floats, number, () => {
      this.#objects += 1
      this.#text('f')
      this.#bytes(String(number))
    })
  }

  #once<T>(known: Map<T, number>, value: T, write: () => void): void {
    const index = known.get(value)
    if (index === undefined) {
      known.set(value, this.#objects)
      write()
    } else {
      this.#text('@')
      this.#long(index)
    }
  }

  #bytes(text: string): void {
    const bytes = Buffer.from(text)
    this.#long(bytes.length)
    this.#parts.push(bytes)
  }

  #text(ascii: string): void {
    this.#parts.push(Buffer.from(ascii, 'latin1'))
  }

  /** Small numbers in one byte, others behind the count of their bytes. */
  #long(number: number): void {
    if (!(number >= 0 && number < 2 ** 30)) throw new RangeError(`marshal: ${number} is not in the corpus`)
    const bytes: number[] = []
    if (number < 123) {
      bytes.push(number === 0 ? 0 : number + 5)
    } else {
      for (let rest = number; rest > 0; rest >>= 8) bytes.push(rest & 0xff)
      bytes.unshift(bytes.length)
    }
    this.#parts.push(Buffer.from(bytes))
  }
}
