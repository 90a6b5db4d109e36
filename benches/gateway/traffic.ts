import { signedInSessions } from '../corpus.ts'
import { COOKIE_NAME, type Format, sealAsRails } from '../formats.ts'

/** A Cookie header and who is signed in by it. */
export interface Visit {
  readonly header: string
  readonly userId: number
}

/** Visits by different users, so that nothing is gained by remembering a cookie. */
export function visits(format: Format, count: number): readonly Visit[] {
  return signedInSessions(count).map((session) => ({
    header: `theme=dark; ${COOKIE_NAME}=${sealAsRails(format, JSON.stringify(session))}; locale=en`,
    userId: session['user_id'] as number,
  }))
}
