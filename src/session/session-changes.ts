import { isPlainHash } from '../ruby/bare.ts'
import type { Changes } from '../serializers/changes.ts'
import type { SessionData } from './request-session.ts'
import { sameValue } from './same-value.ts'

/**
 * What was made of a session's data: new values by key, undefined for keys that are gone. The id is not among them: Rails
 * saves the session under the one that it has, whatever is under that key.
 *
 * Both are objects without a prototype.
 */
export function changesBetween(original: SessionData, data: SessionData): Changes {
  let changes: Map<string, unknown> | null = null
  // What is in an object without a prototype is its own.
  for (const key in data) {
    const value = data[key] ?? undefined
    if (key !== 'session_id' && !sameValue(value, original[key] ?? undefined)) (changes ??= new Map()).set(key, value)
  }
  for (const key in original) {
    if (key in data || key === 'session_id' || original[key] === null) continue
    changes ??= new Map()
    changes.set(key, undefined)
  }
  return changes ?? NONE
}

/** What to change, as a method was given it: an object, or what a function makes one of. */
export function givenChanges(changes: object | ((data: SessionData) => object), data: SessionData): SessionData {
  const given: object = typeof changes === 'function' ? changes(data) : changes
  if (isPlainHash(given)) return given
  throw new TypeError('session.update: takes a plain object, or a function that returns one; write { key: value, … }')
}

/** Whether there is more than the id to save. */
export function hasData(data: SessionData): boolean {
  return Object.keys(data).some((key) => key !== 'session_id' && data[key] !== null && data[key] !== undefined)
}

const NONE: Changes = new Map()
