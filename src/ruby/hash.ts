/** What a Hash has besides its pairs. */
export interface RubyHashOptions {
  /** Value for keys that are missing; `undefined` (default) is none. */
  default?: unknown
  /** `ActiveSupport::HashWithIndifferentAccess` instead of Hash. Default false. */
  indifferentAccess?: boolean
  /** Keys are the same only if they are the same object. Default false. */
  compareByIdentity?: boolean
}

/** Gives a Hash its default value, which may contain the Hash. */
export let setDefault: (hash: RubyHash, value: unknown) => void

/**
 * A Ruby Hash with its pairs in order, for what an object and a Map cannot say: a default value, comparison by identity,
 * and the class `ActiveSupport::HashWithIndifferentAccess`. A plain object is written as a Hash with String keys, a Map as
 * one with any keys.
 *
 * @example
 * writeMarshal({ params: new RubyHash({ page: 2 }, { indifferentAccess: true }) })
 */
export class RubyHash {
  /** The pairs, in the order of insertion. A key is not looked for: pairs that are pushed are there, too. */
  readonly pairs: Array<readonly [key: unknown, value: unknown]>
  /** As {@link RubyHashOptions.indifferentAccess}. */
  readonly indifferentAccess: boolean
  /** As {@link RubyHashOptions.compareByIdentity}. */
  readonly compareByIdentity: boolean
  #default: unknown

  /** `entries`: pairs (an array, a Map), or an object whose own enumerable properties they are. */
  constructor(
    entries: Iterable<readonly [unknown, unknown]> | Readonly<Record<string, unknown>> = [],
    options: RubyHashOptions = {},
  ) {
    this.pairs = Symbol.iterator in entries ? copiesOf(entries) : Object.entries(entries)
    this.#default = options.default
    this.indifferentAccess = options.indifferentAccess ?? false
    this.compareByIdentity = options.compareByIdentity ?? false
    Object.freeze(this)
  }

  /** As {@link RubyHashOptions.default}. */
  get default(): unknown {
    return this.#default
  }

  /** The pairs as an object, for `JSON.stringify`; keys become text. */
  toJSON(): Record<string, unknown> {
    const object = Object.create(null) as Record<string, unknown>
    for (const [key, value] of this.pairs) object[String(key ?? '')] = value
    return object
  }

  static {
    setDefault = (hash, value) => {
      hash.#default = value
    }
  }
}

function copiesOf(pairs: Iterable<readonly [unknown, unknown]>): Array<[unknown, unknown]> {
  // By far the quickest way for an array, which it nearly always is.
  const array: ReadonlyArray<readonly [unknown, unknown]> = Array.isArray(pairs) ? pairs : [...pairs]
  return array.map(([key, value]) => [key, value])
}
