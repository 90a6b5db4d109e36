/**
 * The `Domain` attribute that Rails makes of its `domain` and `tld_length` options.
 */

/** How {@link cookieDomain} answers `'all'`. */
export interface CookieDomainOptions {
  /** Labels of the host to keep. Default: two, three when the host ends in something like `co.uk`. */
  readonly tldLength?: number | undefined
  /** Rails up to 7.0 writes `.example.org`, from 7.1 `example.org`. Browsers treat both alike. */
  readonly leadingDot: boolean
}

/**
 * The domain to send for Rails' `domain` option, or `undefined` for none.
 *
 * - a list gives its first entry that is the host or an ending of it at a dot;
 * - `'all'` gives the last labels of the host, and none for an IP address or a host of one label;
 * - any other string is used as it is.
 *
 * `host` may have a port. It comes from the request, so what is not a host name (`A-Za-z0-9.-_`) gives none.
 *
 * This is how Rails does it since its fix of CVE-2023-22792 (6.1.7.1, 7.0.4.1). The regular expressions before
 * that disagree on odd hosts only: labels of one letter, a trailing dot, fewer labels than `tldLength`.
 */
export function cookieDomain(
  domain: string | readonly string[],
  host: string | undefined,
  options: CookieDomainOptions,
): string | undefined {
  if (typeof domain === 'string' && domain !== 'all') return domain
  const name = hostWithoutPort(host)
  if (!HOST_NAME.test(name)) return undefined
  if (typeof domain !== 'string') return domain.find((candidate) => covers(candidate, name))
  const shared = sharedDomain(name, options.tldLength)
  return shared === undefined || !options.leadingDot ? shared : `.${shared}`
}

/** The host of a request without its port, as Rails' `request.host`; empty when there is none. */
export function hostWithoutPort(host: string | undefined): string {
  return host?.replace(PORT, '') ?? ''
}

function covers(domain: string, host: string): boolean {
  const bare = domain.startsWith('.') ? domain.slice(1) : domain
  return host === bare || host.endsWith(`.${bare}`)
}

function sharedDomain(host: string, tldLength: number | undefined): string | undefined {
  const labels = host.split('.')
  if (IPV4_LIKE.test(host) || labels.length === 1 || labels.includes('')) return undefined
  const count = tldLength ?? (TWO_LABEL_TLD.test(host) ? 3 : 2)
  return count < 1 || count > labels.length ? undefined : labels.slice(-count).join('.')
}

const PORT = /:\d+$/
const HOST_NAME = /^[A-Za-z0-9._-]+$/
const IPV4_LIKE = /^[\d.]+$/
const TWO_LABEL_TLD = /\.[^.]{2,3}\.[^.]{2}$/
