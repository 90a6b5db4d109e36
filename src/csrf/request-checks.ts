/**
 * What headers say about where a request comes from.
 */

/** Why a request was refused. For logs: it tells an attacker nothing, and the user little. */
export type CsrfRejectionReason =
  /** The Origin header is `null`: the page has a referrer policy such as `no-referrer`, or is sandboxed. */
  | 'null_origin'
  /** The Origin header names another origin than that of the request. */
  | 'wrong_origin'
  /** Sec-Fetch-Site is `cross-site`, and the Origin is not trusted. */
  | 'cross_site'
  /** Sec-Fetch-Site is missing, `none` or unknown, where the request is to be judged by it. */
  | 'no_fetch_site'
  /** There is no token in the request. */
  | 'no_token'
  /** No token of the request is one of this session. */
  | 'wrong_token'

/** Whether a request may go on. */
export type CsrfVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: CsrfRejectionReason }

/** A header as Node (`undefined` where it is missing) and the Fetch API (`null`) give it. */
export type Header = string | null | undefined

/** Where a request was sent to: its base URL, or what that is made of. */
export type RequestBase =
  | { readonly baseUrl: string }
  | {
      /** Whether the browser used https; behind a proxy, what X-Forwarded-Proto says. */
      readonly https?: boolean | undefined
      /** The Host header, with its port; behind a proxy, X-Forwarded-Host. */
      readonly host?: Header
    }

/** What {@link checkFetchSite} looks at. */
export interface FetchSiteHeaders {
  /** The Sec-Fetch-Site header. */
  readonly secFetchSite: Header
  /** The Origin header. */
  readonly origin: Header
  /** `false`: the request came over http, where browsers send no Sec-Fetch-Site. Without it, a missing header is refused. */
  readonly https?: boolean | undefined
}

/**
 * Checks that the Origin header is that of the request, as Rails does with `forgery_protection_origin_check`. A missing
 * header is accepted, since not every browser sends it; `null` is not.
 *
 * @example
 * import { checkOrigin } from 'rails-session'
 *
 * checkOrigin('https://shop.example', { https: true, host: 'shop.example' }) // { ok: true }
 * checkOrigin('https://evil.example', { baseUrl: 'https://shop.example' }) // { ok: false, reason: 'wrong_origin' }
 */
export function checkOrigin(origin: Header, base: RequestBase): CsrfVerdict {
  if (origin === undefined || origin === null) return VERIFIED
  if (origin === 'null') return refused('null_origin')
  return origin === baseUrlOf(base) ? VERIFIED : refused('wrong_origin')
}

/**
 * Checks the Sec-Fetch-Site header as Rails 8.2 does with `:header_only`: `same-origin` and `same-site` are accepted
 * (so sibling subdomains are trusted), `cross-site` only from one of `trustedOrigins`, everything else is not. Over http,
 * where browsers do not send it, it may be missing.
 *
 * @example
 * import { checkFetchSite } from 'rails-session'
 *
 * const origin = 'https://accounts.google.com'
 * checkFetchSite({ secFetchSite: 'same-origin', origin }) // { ok: true }
 * checkFetchSite({ secFetchSite: 'cross-site', origin }) // { ok: false, reason: 'cross_site' }
 * checkFetchSite({ secFetchSite: 'cross-site', origin }, [origin]) // { ok: true }
 */
export function checkFetchSite(headers: FetchSiteHeaders, trustedOrigins: readonly string[] = []): CsrfVerdict {
  const { secFetchSite, origin, https } = headers
  switch (String(secFetchSite ?? '').toLowerCase()) {
    case 'same-origin':
    case 'same-site':
      return VERIFIED
    case 'cross-site':
      return typeof origin === 'string' && trustedOrigins.includes(origin) ? VERIFIED : refused('cross_site')
    case '':
      return https === false ? VERIFIED : refused('no_fetch_site')
    default:
      return refused('no_fetch_site')
  }
}

/** The verdict on a request that may go on. */
export const VERIFIED: CsrfVerdict = Object.freeze({ ok: true })

/** The verdict on one that may not. */
export function refused(reason: CsrfRejectionReason): CsrfVerdict {
  return { ok: false, reason }
}

/** As `request.base_url` of Rails: without the standard port. */
function baseUrlOf(base: RequestBase): string | null {
  if ('baseUrl' in base) return base.baseUrl
  const { https, host } = base
  if (host === undefined || host === null) return null
  const scheme = https === true ? 'https' : 'http'
  const port = PORT.exec(host)?.[1]
  if (port === undefined) return `${scheme}://${host}`
  const name = host.slice(0, -port.length - 1)
  return Number(port) === (https === true ? 443 : 80) ? `${scheme}://${name}` : `${scheme}://${name}:${Number(port)}`
}

const PORT = /:(\d+)$/
