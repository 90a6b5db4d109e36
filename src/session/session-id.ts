import { randomBytes } from 'node:crypto'

/** A new session id as `SecureRandom.hex(16)` makes it. */
export function newSessionId(): string {
  return randomBytes(16).toString('hex')
}
