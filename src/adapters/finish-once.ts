import { finishSession } from '../session/finish.ts'

/**
 * The Set-Cookie line to append, right before the headers go out; null for none. What keeps a session from being written is
 * thrown once: from then on the session is left out if need be, so that the answer to the error can be sent.
 *
 * `why`: what errors over later changes say; default: that the headers were sent.
 */
export function finishOnce(session: object, why?: string): string | null {
  try {
    return finishSession(session, why)
  } catch (error) {
    if (!failed.has(session)) {
      failed.add(session)
      throw error
    }
    ;(session as { skip(): void }).skip()
    return finishSession(session, why)
  }
}

const failed = new WeakSet<object>()
