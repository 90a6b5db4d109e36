import { ConfigError } from '../errors.ts'
import { OptionReader } from '../rails/validate.ts'
import type { LoadOptions, RequestSession } from '../session/request-session.ts'

/** What adapters take about responses. */
export interface ResponseOptions {
  /**
   * What becomes of a session with a response that shared caches are invited to keep: `public` or `s-maxage` in its
   * Cache-Control. `'skip'` (default): it is not written, and a process warning says so, once, if it had changed.
   * `'write'`: it is.
   */
  publicResponses?: 'skip' | 'write' | undefined
}

/** What the middleware of a framework takes. */
export interface MiddlewareOptions extends ResponseOptions {
  /** The property that the session is found under. Default `railsSession`. */
  as?: string | undefined
}

/** What the middleware of a framework needs of what `createRails` returns. */
export interface SessionSource {
  readonly session: {
    load(cookieHeader: string | undefined, request: LoadOptions): Pick<RequestSession, 'changed'>
  }
}

/** Options of a middleware, read and checked. */
export interface CheckedOptions {
  readonly as: string
  readonly publicResponses: 'skip' | 'write'
}

/** Reads the options of a middleware, and makes sure of the application that it was given. */
export function checkOptions(
  rails: SessionSource | undefined,
  options: object | undefined,
  others: readonly string[] = [],
): CheckedOptions {
  checkRails('railsSession', rails)
  const reader = new OptionReader('railsSession', options ?? {}, ['as', 'publicResponses', ...others])
  const as = reader.text('as') ?? 'railsSession'
  return Object.freeze({ as, publicResponses: readPublicResponses(reader) })
}

/** Makes sure of the application that a function was given; `where`: its name. */
export function checkRails(where: string, rails: { readonly session?: { readonly load?: unknown } } | undefined): void {
  if (typeof rails?.session?.load === 'function') return
  throw new ConfigError(`${where}: rails has no session; write what createRails, or await createRailsAsync, gives`)
}

/** Puts the session on a request, where nothing else may be. */
export function place(request: object, as: string, session: object): void {
  if (as in request) {
    throw new ConfigError(
      `railsSession: the request has something under ${as} already; use the middleware once, or write another name in as`,
    )
  }
  ;(request as Record<string, object>)[as] = session
}

/** Reads the option `publicResponses`. */
export function readPublicResponses(reader: OptionReader): 'skip' | 'write' {
  return reader.oneOf('publicResponses', ['skip', 'write']) ?? 'skip'
}
