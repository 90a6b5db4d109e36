import { bare, isPlainHash } from '../ruby/bare.ts'

/**
 * What a schema made of a session's data, with the keys that are not the application's own: the id, the flash, the CSRF token
 * and what Devise keeps. A schema that drops what it does not know (`z.object`) would hide them from the session, which
 * would then make another token than that of the forms that Rails has sent.
 */
export function withRailsKeys(value: unknown, data: object): unknown {
  if (!isPlainHash(value)) return value
  const kept = Object.entries(data).filter(([key]) => isRailsKey(key))
  return bare({ ...Object.fromEntries(kept), ...value })
}

function isRailsKey(key: string): boolean {
  return key === 'session_id' || key === 'flash' || key === '_csrf_token' || key.startsWith('warden.user.')
}
