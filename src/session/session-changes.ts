import type { SessionData } from './request-session.ts'
import { sameValue } from './same-value.ts'

/** What was made of a session's data: new values by key, undefined for keys that are gone. The id is not among them. */
export function changesBetween(original: SessionData, data: SessionData): Map<string, unknown> {
  const changes = new Map<string, unknown>()
  for (const key of Object.keys(data)) {
    const value = data[key] ?? undefined
    const before = Object.hasOwn(original, key) ? original[key] : undefined
    if (!sameValue(value, before ?? undefined)) changes.set(key, value)
  }
  for (const key of Object.keys(original)) {
    if (!Object.hasOwn(data, key) && original[key] !== null) changes.set(key, undefined)
  }
  // Rails saves the session under the id that it has, whatever is under that key.
  changes.delete('session_id')
  return changes
}

/** Whether there is more than the id to save. */
export function hasData(data: SessionData): boolean {
  return Object.keys(data).some((key) => key !== 'session_id' && data[key] !== null && data[key] !== undefined)
}
