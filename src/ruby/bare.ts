/**
 * Takes the prototype from a new object, so that `__proto__` and `constructor` are keys like any other. As cheap as
 * `Object.create(null)`, and several times cheaper to read later: that one makes a hash table.
 */
export function bare<Value extends object>(object: Value): Value {
  return Object.setPrototypeOf(object, null) as Value
}

/** Whether a value is an object without a class: what Hashes are in plain data. */
export function isPlainHash(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && hasPlainPrototype(value)
}

/** Whether an object is one of this realm without a class: a literal, or one without a prototype. */
export function hasPlainPrototype(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === null || prototype === Object.prototype
}
