/** Stable codes of everything this library throws. Only programmer mistakes and failed writes are thrown. */
export type RailsSessionErrorCode =
  | 'ERR_RAILS_SESSION_CONFIG'
  | 'ERR_RAILS_SESSION_OVERFLOW'
  | 'ERR_RAILS_SESSION_UNSERIALIZABLE'
  | 'ERR_RAILS_SESSION_HEADERS_SENT'
  | 'ERR_RAILS_SESSION_SCHEMA'
  | 'ERR_RAILS_SESSION_NATIVE_LOAD'

/** Base class of everything this library throws. Switch on `code`; messages may change between releases. */
export class RailsSessionError extends Error {
  readonly code: RailsSessionErrorCode

  constructor(code: RailsSessionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RailsSessionError'
    this.code = code
  }
}

/** An option is missing, unknown, out of range or contradicts another. */
export class ConfigError extends RailsSessionError {
  constructor(message: string) {
    super('ERR_RAILS_SESSION_CONFIG', message)
    this.name = 'ConfigError'
  }
}

/** A session is written to where no cookie can carry it any more: the headers of its response went out, or there is none. */
export class HeadersSentError extends RailsSessionError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_RAILS_SESSION_HEADERS_SENT', message, options)
    this.name = 'HeadersSentError'
  }
}

/** A value has no representation in the configured serializer. */
export class UnserializableValueError extends RailsSessionError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_RAILS_SESSION_UNSERIALIZABLE', message, options)
    this.name = 'UnserializableValueError'
  }
}

/** A sealed cookie is longer than Rails or browsers accept. */
export class CookieOverflowError extends RailsSessionError {
  /** Size that was counted, in bytes. */
  readonly bytes: number
  /** Largest size accepted, in bytes. */
  readonly limit: number
  /** Serialized bytes per top-level key, largest first; empty when the value is not a Hash. */
  readonly bytesPerKey: ReadonlyArray<readonly [key: string, bytes: number]>

  constructor(
    message: string,
    details: { bytes: number; limit: number; bytesPerKey: ReadonlyArray<readonly [string, number]> },
  ) {
    super('ERR_RAILS_SESSION_OVERFLOW', message)
    this.name = 'CookieOverflowError'
    this.bytes = details.bytes
    this.limit = details.limit
    this.bytesPerKey = details.bytesPerKey
  }
}
