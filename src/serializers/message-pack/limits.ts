/** Most Arrays and Hashes that the msgpack gem reads inside one another, counted anew inside an object of its own type. */
export const MAX_CONTAINERS = 128

/**
 * Most values inside one another, of all kinds. Ruby's stack ends a little further: a thread reads some 700 Sets inside one
 * another.
 */
export const MAX_NESTING = 512

/** Most values in one payload that is written. An object that comes many times is written as often. */
export const MAX_VALUES = 1_000_000
