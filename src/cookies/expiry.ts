/**
 * When Rails lets a cookie expire. The date goes into the `expires` attribute and, for signed and encrypted cookies,
 * into the message, so it is worked out once for both.
 */

/** Settings of the session store that give its cookie an expiry. */
export interface SessionExpiryOptions {
  /** Rails' `expire_after`. Sends `expires` only, not `max-age`. */
  readonly expireAfterSeconds?: number | undefined
  /** Rack's `max_age`. Wins over `expireAfterSeconds`, and is sent as `max-age` besides. */
  readonly maxAgeSeconds?: number | undefined
  /** A fixed date. Wins over both durations. */
  readonly expires?: Date | undefined
}

/** Expiry of a session cookie written at `now` (milliseconds since 1970), or `undefined` for "until the browser closes". */
export function sessionExpiry(options: SessionExpiryOptions, now: number): Date | undefined {
  if (options.expires !== undefined) return options.expires
  const seconds = options.maxAgeSeconds ?? options.expireAfterSeconds
  return seconds === undefined ? undefined : new Date(now + seconds * 1000)
}

/** Expiry of a `permanent` cookie written at `now` (milliseconds since 1970): the same UTC day, 20 years later. */
export function permanentExpiry(now: number): Date {
  const date = new Date(now)
  const month = date.getUTCMonth()
  date.setUTCFullYear(date.getUTCFullYear() + PERMANENT_YEARS)
  // 29 February has run over into March where the later year has none; Ruby stays in February.
  if (date.getUTCMonth() !== month) date.setUTCDate(0)
  return date
}

const PERMANENT_YEARS = 20
