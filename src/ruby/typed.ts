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
export type TypedValue =
  | TypedInteger
  | TypedFloat
  | TypedString
  | TypedSymbol
  | TypedHash
  | TypedShared
  | TypedReference
  | TypedNumber
  | TypedTime
  | TypedDate
  | TypedRange
  | TypedSet
  | TypedRegexp
  | TypedDuration
  | TypedSafeBuffer
  | TypedText
  | TypedObject
  | TypedWrapper

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

/**
 * A String that is not valid UTF-8: name of its encoding, its bytes in base64, and, where it is text in another encoding,
 * that text.
 */
export interface TypedString {
  readonly $: 'string'
  readonly enc: string
  readonly b64: string
  readonly v?: string
}

/** A Symbol: its name, or for one that is not UTF-8 its encoding and its bytes in base64. */
export type TypedSymbol =
  | { readonly $: 'symbol'; readonly v: string }
  | { readonly $: 'symbol'; readonly enc: string; readonly b64: string }

/** A Hash that an ordinary object cannot be: its pairs in the order of insertion, and what else it has. */
export interface TypedHash {
  readonly $: 'hash'
  readonly v: ReadonlyArray<readonly [key: TypedTree, value: TypedTree]>
  /** Its class where that is not Hash, e.g. `ActiveSupport::HashWithIndifferentAccess`. */
  readonly class?: string
  readonly default?: TypedTree
  readonly compare_by_identity?: true
}

/** An object that comes more than once, at its first place. */
export interface TypedShared {
  readonly $: 'shared'
  readonly id: number
  readonly v: TypedTree
}

/** The object that was {@link TypedShared} under that number; it may be inside itself. */
export interface TypedReference {
  readonly $: 'ref'
  readonly id: number
}

/** A Rational (decimal digits), a Complex, a BigDecimal as ActiveSupport prints it. */
export type TypedNumber =
  | { readonly $: 'rational'; readonly num: string; readonly den: string }
  | { readonly $: 'complex'; readonly re: TypedTree; readonly im: TypedTree }
  | { readonly $: 'bigdecimal'; readonly v: string }

/** A Time, or an `ActiveSupport::TimeWithZone`. Instants are ISO 8601 in UTC with nanoseconds; offsets are seconds. */
export type TypedTime =
  | {
      readonly $: 'time'
      readonly iso: string
      readonly utc_offset: number
      readonly utc: boolean
      /** The part of a nanosecond, as a fraction `1/3`. */
      readonly subnano?: string
      readonly zone?: string
    }
  | { readonly $: 'time_with_zone'; readonly utc: string; readonly time_zone: string }

/** A Date or a DateTime as ISO 8601; `jd` is its Julian day, `start` where its calendar becomes Gregorian. */
export type TypedDate =
  | { readonly $: 'date'; readonly v: string; readonly start: TypedTree }
  | { readonly $: 'datetime'; readonly v: string; readonly jd: TypedTree; readonly start: TypedTree }

/** A Range. */
export interface TypedRange {
  readonly $: 'range'
  readonly begin: TypedTree
  readonly end: TypedTree
  readonly exclude_end: boolean
}

/** A Set, in the order of insertion. */
export interface TypedSet {
  readonly $: 'set'
  readonly v: readonly TypedTree[]
}

/** A Regexp: source, bits of its options, name of its encoding. */
export interface TypedRegexp {
  readonly $: 'regexp'
  readonly source: TypedTree
  readonly options: number
  readonly enc: string
}

/** An `ActiveSupport::Duration`: seconds, and how many of which unit. */
export interface TypedDuration {
  readonly $: 'duration'
  readonly value: TypedTree
  readonly parts: ReadonlyArray<readonly [unit: string, count: TypedTree]>
}

/** An `ActiveSupport::SafeBuffer`. */
export interface TypedSafeBuffer {
  readonly $: 'safe_buffer'
  readonly v: TypedTree
  readonly html_safe: boolean
}

/** A class or module by its name; an object that its text tells, with `\xNN` for bytes of a path that is not UTF-8. */
export interface TypedText {
  readonly $: 'class' | 'module' | 'uri' | 'ipaddr' | 'pathname' | 'time_zone'
  readonly v: string
}

/** An object of a class that is described. */
export type TypedObject =
  | {
      readonly $: 'object'
      readonly class: string
      readonly ivars: ReadonlyArray<readonly [name: string, value: TypedTree]>
    }
  | {
      readonly $: 'struct'
      readonly class: string | null
      readonly members: ReadonlyArray<readonly [name: string, value: TypedTree]>
    }
  | { readonly $: 'exception'; readonly class: string; readonly message: TypedTree }
  | { readonly $: 'user_dump'; readonly class: string; readonly b64: string }
  | { readonly $: 'user_marshal'; readonly class: string; readonly v: TypedTree }
  | { readonly $: 'other'; readonly class: string }

/** A String, Array or Regexp of a class of the application; a value extended by modules; a String with instance variables. */
export type TypedWrapper =
  | { readonly $: 'user_class'; readonly class: string | null; readonly v: TypedTree }
  | { readonly $: 'extended'; readonly modules: readonly string[]; readonly v: TypedTree }
  | {
      readonly $: 'string_with_ivars'
      readonly v: TypedTree
      readonly ivars: ReadonlyArray<readonly [name: string, value: TypedTree]>
    }
