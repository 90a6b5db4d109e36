import { ConfigError } from '../errors.ts'
import { OptionReader } from '../rails/validate.ts'

/** What adapters take about responses. */
export interface ResponseOptions {
  /**
   * What becomes of a session with a response that shared caches are invited to keep: `public` or `s-maxage` in its
   * Cache-Control. `'skip'` (default): it is not written, and a process warning says so, once, if it had changed.
   * `'write'`: it is.
   */
  publicResponses?: 'skip' | 'write' | undefined
}

/** What the middleware of frameworks takes. */
export interface MiddlewareOptions extends ResponseOptions {
  /** The property that the session is found under. Default `railsSession`. */
  as?: string | undefined
}

/** Options that were read and checked. */
export interface ReadOptions {
  readonly as: string
  readonly publicResponses: 'skip' | 'write'
}

/** Reads the options of a middleware, and makes sure of the application that it was given. */
export function readOptions(
  where: string,
  rails: { readonly session?: object },
  given: unknown = {},
  others: readonly string[] = [],
): ReadOptions {
  // As its call may be that of JavaScript, or of a framework that hands on any options.
  const session = (rails as typeof rails | undefined)?.session
  if (session === undefined || !('load' in session)) {
    throw new ConfigError(`${where}: rails is no application; write what createRails or await createRailsAsync gives`)
  }
  const reader = new OptionReader(where, given, ['as', 'publicResponses', ...others])
  return Object.freeze({ as: reader.text('as') ?? 'railsSession', publicResponses: readPublicResponses(reader) })
}

/** Reads the option `publicResponses`. */
export function readPublicResponses(reader: OptionReader): 'skip' | 'write' {
  return reader.oneOf('publicResponses', ['skip', 'write']) ?? 'skip'
}
