import { hasPlainPrototype } from '../ruby/bare.ts'

/** Object literals, `Object.create(null)` and the objects of other realms. */
export function isPlainObject(value: object): value is Record<string, unknown> {
  return hasPlainPrototype(value) || Object.getPrototypeOf(Object.getPrototypeOf(value)) === null
}
