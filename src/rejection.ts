/**
 * Why a cookie or message was not accepted. For logs and metrics; a client need not be told.
 *
 * - `absent`: there was none;
 * - `too_large`: over `limits.readBytes`; nothing else was looked at;
 * - `malformed`: the text cannot be a message in any configured format;
 * - `unauthenticated`: wrong key, MAC, tag or padding, deliberately not told apart;
 * - `expired`, `wrong_purpose`, `no_purpose`: authentic, and its metadata says no;
 * - `unsupported_serializer`: the payload is in a format that this setting does not read;
 * - `undecodable`: the payload is damaged; `limit_exceeded`: it is nested too deeply; `cyclic`: it contains itself;
 * - `not_a_session`: the session cookie holds something else than a Hash; `no_session_id`: Rails would show an empty session;
 * - `schema_invalid`: your schema refused the data.
 */
export type RejectionReason =
  | 'absent'
  | 'too_large'
  | 'malformed'
  | 'unauthenticated'
  | 'expired'
  | 'wrong_purpose'
  | 'no_purpose'
  | 'unsupported_serializer'
  | 'undecodable'
  | 'limit_exceeded'
  | 'cyclic'
  | 'not_a_session'
  | 'no_session_id'
  | 'schema_invalid'

/** A refused message. */
export interface Rejected {
  readonly ok: false
  readonly reason: RejectionReason
  /** Whether a MAC or tag had been accepted before the message was refused. */
  readonly authenticated: boolean
}

/** The result for a reason. One frozen object per reason, so that a flood of garbage allocates nothing. */
export function rejected(reason: RejectionReason): Rejected {
  return REJECTED[reason]
}

/** The result for what is no text: nothing at all, or something else. */
export function notText(value: unknown): Rejected {
  return rejected(value === undefined || value === null ? 'absent' : 'malformed')
}

const rejection = (reason: RejectionReason, authenticated: boolean): Rejected =>
  Object.freeze({ ok: false, reason, authenticated })

const REJECTED: Readonly<Record<RejectionReason, Rejected>> = {
  absent: rejection('absent', false),
  too_large: rejection('too_large', false),
  malformed: rejection('malformed', false),
  unauthenticated: rejection('unauthenticated', false),
  expired: rejection('expired', true),
  wrong_purpose: rejection('wrong_purpose', true),
  no_purpose: rejection('no_purpose', true),
  unsupported_serializer: rejection('unsupported_serializer', true),
  undecodable: rejection('undecodable', true),
  limit_exceeded: rejection('limit_exceeded', true),
  cyclic: rejection('cyclic', true),
  not_a_session: rejection('not_a_session', true),
  no_session_id: rejection('no_session_id', true),
  schema_invalid: rejection('schema_invalid', true),
}
