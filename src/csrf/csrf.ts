import type { Buffer } from 'node:buffer'
import { ConfigError } from '../errors.ts'
import { formPath, requestPath } from './form-path.ts'
import { checkFetchSite, checkOrigin, type CsrfVerdict, type Header, refused, VERIFIED } from './request-checks.ts'
import {
  decodeToken,
  globalToken,
  maskToken,
  newSessionToken,
  perFormToken,
  sameToken,
  TOKEN_BYTES,
  unmaskToken,
} from './token.ts'

/** Where the token of a session is kept. */
export interface CsrfStore {
  get(key: string): unknown
  set(key: string, value: string): void
}

/** How an application writes tokens, and what it checks. */
export interface CsrfSettings {
  /**
   * What a token is: that of the session as it stands there (Rails to 4.1), the same masked (4.2 to 5.1), or a masked one
   * that is derived from it (5.2+).
   */
  readonly tokens: 'plain' | 'masked' | 'derived'
  readonly perFormCsrfTokens: boolean
  readonly urlsafeCsrfTokens: boolean
  readonly forgeryProtectionOriginCheck: boolean
  /** `null`: by tokens alone, as Rails up to 8.1. */
  readonly forgeryProtectionVerificationStrategy: 'header_only' | 'header_or_legacy_token' | null
  readonly forgeryProtectionTrustedOrigins: readonly string[]
}

/** A form, or the request that it becomes. */
export interface CsrfForm {
  /** Where a form is sent to, from `/` on or a whole URL; of a request, Node's `req.url` or `url.pathname`. */
  readonly path: string
  /** Of a request, as it came, or after `_method` took effect, as `request.request_method` in Rails. */
  readonly method: string
}

/** What {@link Csrf.verifyRequest} looks at. Header fields are as the request has them, `undefined` or `null` without. */
export interface CsrfRequest extends CsrfForm {
  /**
   * The parameter `_method` of a form, as it came: of a POST, `patch`, `put` and `delete` take the place of `method`, as in
   * Rails. Anything else is ignored: where Rails makes a GET of a POST, it goes to a route for GET, and yours would not.
   */
  readonly methodOverride?: unknown
  /** The parameter `authenticity_token`. What is no string is no token. */
  readonly token?: unknown
  /** The X-CSRF-Token header. One of the two is enough. */
  readonly xCsrfToken?: unknown
  /** The Origin header. */
  readonly origin: Header
  /** The Sec-Fetch-Site header; needed with `forgeryProtectionVerificationStrategy`. */
  readonly secFetchSite?: Header
  /**
   * The Host header, with its port; behind a proxy, X-Forwarded-Host. Default: what the session was loaded with. Without
   * either, no Origin is right.
   */
  readonly host?: Header
  /** Whether the browser used https; behind a proxy, what X-Forwarded-Proto says. Default: what the session was loaded with. */
  readonly https?: boolean | undefined
}

/** What is known of the request that a session belongs to. */
export type CsrfDefaults = Pick<CsrfRequest, 'host' | 'https'>

/** The CSRF tokens of one session, as Rails makes and checks them. */
export interface Csrf {
  /**
   * A token to put into a form as `authenticity_token`, or into a page for the X-CSRF-Token header; another text each time.
   * Given a form, and with `perFormCsrfTokens`, it is good for that form alone. A session without `_csrf_token` gets one.
   *
   * @throws ConfigError for a form whose path is relative or no text of a URL, or that lacks one of path and method.
   */
  token(form?: CsrfForm): string

  /**
   * Whether `token` is one of this session: that for every form, or, with `perFormCsrfTokens`, that for this request.
   * Never throws, whatever it is given, and writes nothing: a session without `_csrf_token` has no token.
   */
  verify(token: unknown, request?: CsrfForm): boolean

  /**
   * Whether Rails would let a request pass (`verified_request?`). GET and HEAD need nothing; else the Origin header is
   * checked, with `forgeryProtectionOriginCheck`, and then the token, or what `forgeryProtectionVerificationStrategy` says.
   */
  verifyRequest(request: CsrfRequest): CsrfVerdict
}

/** The CSRF tokens of the session behind a store. */
export class SessionCsrf implements Csrf {
  readonly #store: CsrfStore
  readonly #settings: CsrfSettings
  readonly #defaults: CsrfDefaults

  constructor(store: CsrfStore, settings: CsrfSettings, defaults: CsrfDefaults = {}) {
    this.#store = store
    this.#settings = settings
    this.#defaults = defaults
  }

  token(form?: CsrfForm): string {
    const { tokens, perFormCsrfTokens, urlsafeCsrfTokens } = this.#settings
    const path = form === undefined ? undefined : pathOf(form)
    const { text, real } = this.#sessionToken() ?? this.#newSessionToken()
    if (tokens === 'plain') return text
    if (path !== undefined && perFormCsrfTokens) {
      return maskToken(perFormToken(real, path, form!.method), urlsafeCsrfTokens)
    }
    return maskToken(tokens === 'masked' ? real : globalToken(real), urlsafeCsrfTokens)
  }

  verify(token: unknown, request?: CsrfForm): boolean {
    const given = decodeToken(token)
    const real = this.#sessionToken()?.real
    if (given === null || real === undefined) return false
    if (given.length === TOKEN_BYTES) return sameToken(given, real)
    if (given.length !== 2 * TOKEN_BYTES) return false
    const unmasked = unmaskToken(given)
    return (
      sameToken(unmasked, globalToken(real)) || sameToken(unmasked, real) || this.#isOfForm(unmasked, real, request)
    )
  }

  verifyRequest(request: CsrfRequest): CsrfVerdict {
    const { origin, secFetchSite } = request
    const form = { path: request.path, method: methodOf(request) }
    const host = request.host ?? this.#defaults.host
    const https = request.https ?? this.#defaults.https
    const settings = this.#settings
    if (form.method === 'GET' || form.method === 'HEAD') return VERIFIED
    if (settings.forgeryProtectionOriginCheck) {
      const verdict = checkOrigin(origin, { host, https })
      if (!verdict.ok) return verdict
    }
    const trusted = settings.forgeryProtectionTrustedOrigins
    switch (settings.forgeryProtectionVerificationStrategy) {
      case 'header_only':
        return checkFetchSite({ secFetchSite, origin, https }, trusted)
      case 'header_or_legacy_token': {
        // With tokens to fall back on, http is no excuse for a missing header.
        const verdict = checkFetchSite({ secFetchSite, origin }, trusted)
        return !verdict.ok && verdict.reason === 'no_fetch_site' ? this.#verifyTokens(request, form) : verdict
      }
      default:
        return this.#verifyTokens(request, form)
    }
  }

  #verifyTokens({ token, xCsrfToken }: CsrfRequest, form: CsrfForm): CsrfVerdict {
    const tokens = [token, xCsrfToken].filter((each) => typeof each === 'string' && each !== '')
    if (tokens.length === 0) return refused('no_token')
    return tokens.some((each) => this.verify(each, form)) ? VERIFIED : refused('wrong_token')
  }

  #isOfForm(token: Buffer, real: Buffer, request: CsrfForm | undefined): boolean {
    if (!this.#settings.perFormCsrfTokens) return false
    const path = request?.path
    const method = request?.method
    if (typeof path !== 'string' || typeof method !== 'string') return false
    return sameToken(token, perFormToken(real, requestPath(path), method))
  }

  /** The token of the session; undefined where it has none, or something that Rails cannot decode either. */
  #sessionToken(): SessionToken | undefined {
    const text = this.#store.get(KEY)
    const real = decodeToken(text)
    // Bytes that everybody knows are no key: the empty text has none.
    return real === null || typeof text !== 'string' ? undefined : { text, real }
  }

  #newSessionToken(): SessionToken {
    const text = newSessionToken(this.#settings.urlsafeCsrfTokens)
    this.#store.set(KEY, text)
    return { text, real: decodeToken(text)! }
  }
}

/** A session's token as it stands there, and its bytes. */
interface SessionToken {
  readonly text: string
  readonly real: Buffer
}

function pathOf({ path, method }: CsrfForm): string {
  if (typeof path !== 'string' || typeof method !== 'string') {
    throw new ConfigError("csrf.token: a form has a path and a method; write { path: '/posts/1', method: 'patch' }")
  }
  return formPath(path)
}

/** As Rack::MethodOverride does, but for methods that need no token. */
function methodOf({ method, methodOverride }: CsrfRequest): string {
  return method === 'POST' && typeof methodOverride === 'string' && OVERRIDES.test(methodOverride)
    ? methodOverride
    : method
}

const OVERRIDES = /^(?:patch|put|delete)$/i
const KEY = '_csrf_token'
