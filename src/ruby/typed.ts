/**
 * A Ruby value as a tree that loses nothing. Plain JavaScript stands for what both languages have: `null`, booleans,
 * a string for a String in UTF-8, a number for an Integer within ±(2^53 - 1), an array for an Array, a null-prototype
 * object for a Hash whose keys are all UTF-8 Strings other than `"$"`. Everything else is an object with a key `$`.
 */
export type TypedTree = null | boolean | number | string | TypedTree[] | TypedPlainHash | TypedValue

/** A Hash that is an ordinary object: none of its keys is `"$"`. */
export interface TypedPlainHash {
  readonly [key: string]: TypedTree
}

/** What has no counterpart in plain JavaScript; `$` tells which. */
export type TypedValue = TypedInteger | TypedFloat | TypedString | TypedHash

/** An Integer beyond ±(2^53 - 1), in decimal digits. */
export interface TypedInteger {
  readonly $: 'int'
  readonly v: string
}

/** A Float, always (`1.0` is not `1`), as Ruby prints it; also `NaN`, `Infinity`, `-Infinity` and `-0.0`. */
export interface TypedFloat {
  readonly $: 'float'
  readonly v: string
}

/** A String that is not valid UTF-8: name of its encoding, and its bytes in base64. */
export interface TypedString {
  readonly $: 'string'
  readonly enc: string
  readonly b64: string
}

/** A Hash with keys that an ordinary object cannot hold, in the order of insertion. */
export interface TypedHash {
  readonly $: 'hash'
  readonly v: ReadonlyArray<readonly [key: TypedTree, value: TypedTree]>
}
