import { atLeast, type RailsVersion } from '../../rails/version.ts'

/** How a version of Rails writes what JSON has no words for. */
export interface JsonRules {
  /** The json gem alone, without ActiveSupport: nearly everything is the String that `to_s` gives. */
  readonly gem: boolean
  /** An Exception is its message; before, an object without members. */
  readonly exceptionMessages: boolean
  /** A class is its name; before, an object without members. */
  readonly moduleNames: boolean
  /** `:a` and `"a"` are two members; before, the last of them was one. */
  readonly symbolKeysApart: boolean
  /** Bytes that have no text in their own encoding are UTF-8 if they can be. The json gem of older Rails refuses them. */
  readonly bytesAsUtf8: boolean
}

/** The rules of a Rails version. `gem`: those of the json gem that is used beside it. */
export function jsonRules(railsVersion: RailsVersion, gem: boolean): JsonRules {
  return {
    gem,
    exceptionMessages: atLeast(railsVersion, '5.0'),
    moduleNames: atLeast(railsVersion, '7.0'),
    symbolKeysApart: atLeast(railsVersion, '7.1'),
    bytesAsUtf8: atLeast(railsVersion, '6.1'),
  }
}
