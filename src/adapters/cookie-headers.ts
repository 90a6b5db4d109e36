/** The headers of a response that a session's cookie has to do with. */
export interface CookieHeaders {
  readonly 'set-cookie': readonly string[]
  readonly vary: string
  readonly 'cache-control': string
}

/**
 * What these headers become with a Set-Cookie line: it replaces one of the same name, and caches are told to keep it from
 * others. Null if the response must not carry it, since shared caches are invited to keep that.
 */
export function headersWithCookie(
  { 'set-cookie': setCookie = [], vary = '', 'cache-control': cacheControl = '' }: Partial<CookieHeaders>,
  line: string,
  publicResponses: 'skip' | 'write',
): CookieHeaders | null {
  if (publicResponses === 'skip' && has(cacheControl, SHARED)) return null
  const name = line.slice(0, line.indexOf('=') + 1)
  return {
    'set-cookie': [...setCookie.filter((other) => !other.startsWith(name)), line],
    vary: has(vary, VARIES) ? vary : joined(vary, 'Cookie'),
    // RFC 9111, 5.2.2.4: a cache may keep the response, but not the cookie with it.
    'cache-control': has(cacheControl, UNSHARED) ? cacheControl : joined(cacheControl, 'no-cache="Set-Cookie"'),
  }
}

/** Says, once, that a session which had changed was not written. */
export function warnOfPublicResponse(session: { readonly changed: boolean }): void {
  if (hasWarned || !session.changed) return
  hasWarned = true
  process.emitWarning(
    'A session changed, and was not written, as the Cache-Control of the response lets shared caches keep it. Make it ' +
      "private, or pass { publicResponses: 'write' }. There will be no further warning.",
    { type: 'RailsSessionWarning', code: 'RAILS_SESSION_PUBLIC_RESPONSE' },
  )
}

/** Whether a list has one of these words; what is in a quoted argument is none. */
function has(list: string, words: RegExp): boolean {
  return words.test(list.replaceAll(/"[^"]*"/g, ''))
}

function joined(list: string, item: string): string {
  return list === '' ? item : `${list}, ${item}`
}

const SHARED = wordOf('public|s-maxage')
const UNSHARED = wordOf('private|no-store|no-cache')
const VARIES = wordOf('cookie|\\*')
let hasWarned = false

/** Finds one of these words in a list, whatever its argument. */
function wordOf(words: string): RegExp {
  return new RegExp(`(?:^|[\\s,])(?:${words})(?:[\\s,=]|$)`, 'i')
}
