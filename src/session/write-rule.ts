/** When a session is written; see the option `write`. */
export type WriteRule = 'changed' | 'rails' | 'manual'

/** When the expiry of a session that did not change is set anew; see the option `rolling`. */
export type Rolling = 'never' | 'half-life' | 'always'

/** By what sessions are written. */
export interface WriteSettings {
  readonly write: WriteRule
  readonly rolling: Rolling
  readonly expireAfterSeconds: number | null
}

/** Whether there are sessions that are written without anybody having touched them. */
export function rolls({ write, rolling, expireAfterSeconds }: WriteSettings): boolean {
  // Rails sends a cookie that expires with every response.
  return expireAfterSeconds !== null && (write === 'rails' || (write === 'changed' && rolling !== 'never'))
}

/**
 * Whether such a session is due, by when its cookie expires (milliseconds since 1970). Before Rails 5.2 no cookie says when,
 * so that each counts as due.
 */
export function isDue(settings: WriteSettings, expiryTime: number | null, now: number): boolean {
  const { write, rolling, expireAfterSeconds } = settings
  if (expireAfterSeconds === null || !rolls(settings)) return false
  if (write === 'rails' || rolling === 'always' || expiryTime === null) return true
  return (expiryTime - now) * 2 < expireAfterSeconds * 1000
}
