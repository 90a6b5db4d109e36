/**
 * What a {@link RubyObject} is: an `object` with instance variables, a `struct` with members, an `exception`; a `class` or a
 * `module` itself; a `string`, an `array` or a `hash` of a class of the application, or extended by modules, or with
 * instance variables of its own; a `regexp` of a class of the application; a `user_dump` or a `user_marshal`, whose class has put its state into bytes or a value; a
 * `uri`, `ipaddr`, `pathname` or `time_zone`, told by its text; something else.
 */
export type RubyObjectKind =
  | 'object'
  | 'struct'
  | 'exception'
  | 'class'
  | 'module'
  | 'string'
  | 'array'
  | 'hash'
  | 'regexp'
  | 'user_dump'
  | 'user_marshal'
  | 'uri'
  | 'ipaddr'
  | 'pathname'
  | 'time_zone'
  | 'other'

/** All that a {@link RubyObject} says. */
export interface RubyObjectFields {
  readonly kind: RubyObjectKind
  readonly className?: string
  /** Names of the modules that the object is extended by, the last one first. */
  readonly modules?: readonly string[]
  /** Instance variables or members, by name, in order. */
  readonly fields?: ReadonlyArray<readonly [name: string, value: unknown]>
  /** What is inside: the String, Array, Hash or Regexp, what `marshal_dump` gave, an exception's message, a text. */
  readonly value?: unknown
}

const PERMISSION: unique symbol = Symbol('permission')

/** Describes an object. `origin`: what it is written from, unchanged; null for one that cannot be written with its class. */
export let makeObject: (fields: RubyObjectFields, origin: object | null) => RubyObject

/** Gives an object what is inside it, which may refer to the object. */
export let completeObject: (object: RubyObject, value: unknown) => void

/** What an object is written from; null for one that cannot be written with its class. */
export let objectOrigin: (object: RubyObject) => object | null

/**
 * A Ruby object of a class that JavaScript has no counterpart for: described, never brought to life.
 *
 * Only reading makes one, so that no program can name a class for Ruby to create. One that came out of a cookie may be put
 * into a cookie again, and is then written as it was.
 *
 * @example
 * const { cart } = opened.data
 * if (cart instanceof RubyObject && cart.className === 'Cart') console.log(Object.fromEntries(cart.fields)['@total'])
 */
export class RubyObject {
  /** What it is. */
  readonly kind: RubyObjectKind
  /** Name of the class, such as `User`; of the class itself for `class` and `module`. */
  readonly className: string
  /** Names of the modules that it is extended by, the last one first. */
  readonly modules: readonly string[]
  /** Instance variables by their names with `@`, or members of a Struct, in order. */
  readonly fields: ReadonlyArray<readonly [name: string, value: unknown]>
  readonly #origin: object | null
  #value: unknown

  private constructor(
    { kind, className = '', modules = [], fields = [], value }: RubyObjectFields,
    origin: object | null,
    permission: symbol,
  ) {
    // What is private in TypeScript is not when the program runs.
    if (permission !== PERMISSION) throw new TypeError('RubyObject: only reading a payload makes one')
    this.kind = kind
    this.className = className
    this.modules = modules
    this.fields = fields
    this.#value = value
    this.#origin = origin
    Object.freeze(this)
  }

  /** What is inside: the String, Array, Hash or Regexp, what `marshal_dump` gave, an exception's message, a text. */
  get value(): unknown {
    return this.#value
  }

  /** Instance variables and members as an object, for `JSON.stringify`; for kinds that have none, what is inside. */
  toJSON(): unknown {
    if (this.kind === 'object' || this.kind === 'struct') {
      const object = Object.create(null) as Record<string, unknown>
      for (const [name, value] of this.fields) object[name.replace(/^@/, '')] = value
      return object
    }
    return this.value === undefined ? this.className : this.value
  }

  /** The class and what is inside, for people. */
  toString(): string {
    return `#<${this.className}>`
  }

  static {
    makeObject = (fields, origin) => new RubyObject(fields, origin, PERMISSION)
    completeObject = (object, value) => {
      object.#value = value
    }
    objectOrigin = (object) => object.#origin
  }
}
