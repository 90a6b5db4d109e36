/**
 * Paths as the tokens of single forms have them: without query, fragment and one trailing slash.
 */

import { ConfigError } from '../errors.ts'

/**
 * The path of a form's `action`, which may be a whole URL.
 *
 * @throws {ConfigError} for an action that is relative, or that is no text of a URL. Rails up to 7.1 makes tokens for
 * relative actions that it accepts nowhere, later ones append the action to the path of the request, which is seldom
 * what browsers do.
 */
export function formPath(action: string): string {
  const path = ACTION.exec(action)?.[1]
  if (path === undefined) {
    throw new ConfigError(
      `csrf.token: path is ${JSON.stringify(action.slice(0, 100))}; write the path that the form is sent to, from / on and percent-encoded, e.g. '/posts/1'`,
    )
  }
  return withoutSlash(path)
}

/** The path of a request's target, `req.url` of Node or `url.pathname`. */
export function requestPath(target: string): string {
  const path = target.replace(ORIGIN, '')
  const end = path.search(/[?#]/)
  return withoutSlash(end === -1 ? path : path.slice(0, end))
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path
}

// With a host, or from / on; in the characters of RFC 3986, which Ruby's URI.parse insists on, too.
const ACTION = /^(?:(?:[a-z][a-z\d+.-]*:)?\/\/[^/?#]*|(?=\/))([\w\-.~!$&'()*+,;=:@%/]*)(?:[?#][\x21-\x7e]*)?$/i
/** Of a request through a proxy. */
const ORIGIN = /^https?:\/\/[^/?#]*/i
