/** Who is signed in through Devise, as the session says. */
export interface SessionUser {
  /** Primary key of the record; an array for a key of several columns. */
  readonly id: unknown
  /** All that Devise stored. */
  readonly key: unknown
  /** First 29 characters of the `encrypted_password`; null for models without a password. */
  readonly salt: string | null
}

/** The key of the session under which Warden keeps the user of a scope. */
export function wardenKey(scope: string): string {
  return `warden.user.${scope}.key`
}

/** The user in what Warden stored: `[[id], salt]`, or `["User", [id], salt]` of old versions of Devise; null for all else. */
export function wardenUser(stored: unknown): SessionUser | null {
  if (!Array.isArray(stored)) return null
  const fields: readonly unknown[] = stored.length === 3 && typeof stored[0] === 'string' ? stored.slice(1) : stored
  const [ids, salt] = fields
  if (fields.length !== 2 || !Array.isArray(ids) || ids.length === 0) return null
  if (ids.some((id) => id === null || id === undefined)) return null
  if (salt !== null && typeof salt !== 'string') return null
  return { id: ids.length === 1 ? ids[0] : ids, key: stored, salt }
}
