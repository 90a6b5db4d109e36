/**
 * Reads the `Cookie` request header as Rack 2.2 and later do: split at `;` and the spaces after it, at the first `=`
 * of each part, first cookie of a name wins. No other blank is trimmed, no quote is removed, names are not decoded.
 */

import { formUnescape } from './escape.ts'

/**
 * The still escaped value of the first cookie called `name`, compared byte for byte.
 *
 * `undefined` when there is none, and when the first one has no `=`: to Rack that cookie is nil, and later ones of the
 * same name are not looked at. Takes time linear in the header and copies nothing but the value.
 */
export function findCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined || NEVER_IN_NAME.test(name)) return undefined
  const needle = name === '' ? '=' : name
  for (let at = header.indexOf(needle); at !== -1;) {
    const end = partEnd(header, at)
    if (startsPart(header, at)) {
      const after = at + name.length
      if (after === end) return undefined
      if (header.charCodeAt(after) === EQUALS) return header.slice(after + 1, end)
    }
    at = header.indexOf(needle, end + 1)
  }
  return undefined
}

/**
 * All cookies of a `Cookie` header as Rack 2.2 and later hand them to Rails, in the order of the header.
 *
 * Values are form-unescaped; one whose bytes are not valid UTF-8 is a `Uint8Array`, and a cookie without `=` is `null`.
 * Names are not unescaped. Several header lines are joined with `; `, as Node joins them. Never throws.
 *
 * @example
 * ```ts
 * import { parseCookies } from 'rails-session/active-support'
 *
 * parseCookies('theme=dark+blue; theme=light; seen').get('theme') // 'dark blue'
 * ```
 */
export function parseCookies(header: string | readonly string[] | undefined): Map<string, string | Uint8Array | null> {
  const cookies = new Map<string, string | Uint8Array | null>()
  const text = typeof header === 'string' ? header : (header?.join('; ') ?? '')
  for (let start = 0; start < text.length;) {
    const end = partEnd(text, start)
    const part = text.slice(start, end)
    start = nextPart(text, end)
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = equals === -1 ? part : part.slice(0, equals)
    if (!cookies.has(name)) cookies.set(name, equals === -1 ? null : formUnescape(part.slice(equals + 1)))
  }
  return cookies
}

function partEnd(header: string, start: number): number {
  const semicolon = header.indexOf(';', start)
  return semicolon === -1 ? header.length : semicolon
}

function startsPart(header: string, at: number): boolean {
  if (at === 0) return true
  // Spaces after a semicolon belong to no part.
  if (header.charCodeAt(at) === SPACE) return false
  let before = at - 1
  while (header.charCodeAt(before) === SPACE) before--
  return header.charCodeAt(before) === SEMICOLON
}

function nextPart(header: string, end: number): number {
  let start = end + 1
  while (header.charCodeAt(start) === SPACE) start++
  return start
}

const EQUALS = 0x3d
const SEMICOLON = 0x3b
const SPACE = 0x20
const NEVER_IN_NAME = /[=;]/
