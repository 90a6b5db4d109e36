import { refuse } from './refusal.ts'

/** A place in a dump, of which each character is a byte. Reading past the end is a refusal. */
export class Cursor {
  readonly #binary: string
  #at = 0

  constructor(binary: string) {
    this.#binary = binary
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#binary.length - this.#at
  }

  /** The next byte, which stays; NaN at the end. */
  peek(): number {
    return this.#binary.charCodeAt(this.#at)
  }

  byte(): number {
    if (this.#at >= this.#binary.length) return refuse()
    return this.#binary.charCodeAt(this.#at++)
  }

  /** An integer as Marshal packs it; it need not be in the shortest form. */
  long(): number {
    const first = (this.byte() << 24) >> 24
    if (first > 4) return first - 5
    if (first < -4) return first + 5
    if (first === 0) return 0
    const size = Math.abs(first)
    let value = 0
    for (let i = 0, factor = 1; i < size; i++, factor *= 256) value += this.byte() * factor
    return first > 0 ? value : value - 256 ** size
  }

  /** So many bytes. */
  bytes(length: number): string {
    if (length < 0 || length > this.left) return refuse()
    const from = this.#at
    this.#at += length
    return this.#binary.slice(from, this.#at)
  }

  /** A number of things that take at least `size` bytes each. Checked here, so that nothing is made for too many. */
  count(size: number): number {
    const count = this.long()
    return count < 0 || count * size > this.left ? refuse() : count
  }
}
