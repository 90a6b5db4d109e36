/** Read and write the sessions and cookies of Ruby on Rails 3.2 to 8.x. */
export type { AeadCipher, CbcCipher, Digest } from './src/backend/backend.ts'
export type { CookieOptions } from './src/cookies/attributes.ts'
export type {
  Cookie,
  DeleteCookieOptions,
  RequestOptions,
  SealOptions,
  SetCookieOptions,
} from './src/cookies/cookie.ts'
export type { PlainValue } from './src/cookies/plain-cookie.ts'
export type { SameSite } from './src/cookies/set-cookie.ts'
export type { Csrf, CsrfForm, CsrfRequest } from './src/csrf/csrf.ts'
export {
  checkFetchSite,
  checkOrigin,
  type CsrfRejectionReason,
  type CsrfVerdict,
  type FetchSiteHeaders,
  type RequestBase,
} from './src/csrf/request-checks.ts'
export type {
  CookieKind,
  CookieMessage,
  DiagnosticsMessages,
  OpenMessage,
  RejectMessage,
  RotationMessage,
  SealMessage,
} from './src/diagnostics.ts'
export {
  ConfigError,
  CookieOverflowError,
  HeadersSentError,
  RailsSessionError,
  type RailsSessionErrorCode,
  UnserializableValueError,
} from './src/errors.ts'
export type { Accepted, Meta, Opened } from './src/messages/opened.ts'
export type { LimitOptions, RailsOptions, RotationOptions, SessionCookieOptions } from './src/rails/options.ts'
export { type Cookies, createRails, createRailsAsync, type Rails } from './src/rails/rails.ts'
export type { RailsVersion } from './src/rails/version.ts'
export type { Rejected, RejectionReason } from './src/rejection.ts'
export type { CookiesSerializerName, CustomSerializer, PayloadFormat } from './src/serializers/serializer.ts'
export type { Flash } from './src/session/flash.ts'
export type {
  DataOf,
  LoadOptions,
  RailsSessionData,
  RequestSession,
  SessionData,
} from './src/session/request-session.ts'
export type { Session, SessionChanges } from './src/session/session-cookie.ts'
export type { SessionUser } from './src/session/warden.ts'
export type { Rolling, WriteRule } from './src/session/write-rule.ts'
export type { SchemaResult, StandardSchema } from './src/standard-schema.ts'
