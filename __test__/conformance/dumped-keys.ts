/** Which Strings of a dump are keys of a Hash: Ruby has a copy of each, of which there is one for the same text. */
export class DumpedKeys {
  /** How often each String, by its number, is met, and how often as a key. */
  readonly #met = new Map<number, number>()
  readonly #asKey = new Map<number, number>()
  #last = -1
  #repeated = false

  /** A String of this number was read, or referred to. */
  meet(number: number): void {
    this.#met.set(number, (this.#met.get(number) ?? 0) + 1)
    this.#last = number
  }

  /** The last String that was met is a key. */
  takeForKey(): void {
    this.#asKey.set(this.#last, (this.#asKey.get(this.#last) ?? 0) + 1)
  }

  /** The Strings that are the keys of one Hash. */
  ofHash(keys: readonly unknown[]): void {
    const texts = keys.map((key) => JSON.stringify(key))
    this.#repeated ||= new Set(texts).size < texts.length
  }

  /** Whether loading changes what is one object: a String is a key at one place and something else at another. */
  get areShared(): boolean {
    return [...this.#asKey].some(([number, times]) => times < this.#met.get(number)!)
  }

  /** Whether loading drops a pair: a String comes twice among the keys of a Hash. */
  get areRepeated(): boolean {
    return this.#repeated
  }
}
