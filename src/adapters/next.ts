/** Sessions for the App Router of Next.js. Its `proxy.ts` has a `Request` and takes `rails-session/fetch`. */

import { type NextCookie, cookies, headers } from 'next/headers.js'
import { HeadersSentError } from '../errors.ts'
import type { Rails } from '../rails/rails.ts'
import type { RequestSession } from '../session/request-session.ts'
import { forwarded } from './request-origin.ts'

/** The session of a request to the App Router, which is written when `save` is called. */
export interface NextSession<Data> extends RequestSession<Data> {
  /**
   * Sends the session's cookie, if one is to be sent. It can be changed and saved again.
   *
   * @throws HeadersSentError outside of Server Actions and Route Handlers: only there Next.js sends cookies.
   * @throws CookieOverflowError when Rails or a browser would not take the cookie.
   * @throws UnserializableValueError when the serializer has no representation for a value.
   */
  save(): void
}

/**
 * The session of the request that is being answered. Server Actions and Route Handlers read and write it; Server Components
 * read it. The package must be external to the bundle: `serverExternalPackages: ['rails-session']` in next.config.
 *
 * For cookies that are `secure` or have `domain: 'all'`, X-Forwarded-Proto and X-Forwarded-Host are believed, as by Next.js,
 * which sets them where no proxy did.
 *
 * @example
 * import { createRails } from 'rails-session'
 * import { getRailsSession } from 'rails-session/next'
 *
 * const rails = createRails({ secretKeyBase: process.env.SECRET_KEY_BASE, loadDefaults: '7.1' })
 *
 * export async function addToCart(form) {
 *   'use server'
 *   const session = await getRailsSession(rails)
 *   session.update({ cart: [...(session.get('cart') ?? []), form.get('item')] })
 *   session.save()
 * }
 */
export async function getRailsSession<Data>(rails: Rails<Data>): Promise<NextSession<Data>> {
  const [jar, request] = await Promise.all([cookies(), headers()])
  const { name } = rails.session
  const header = cookieHeader(name, request.get('cookie') ?? '', jar.get(name)?.value)
  const session = rails.session.load(
    header,
    forwarded(request, { https: true, host: request.get('host') ?? undefined }),
  )
  const save = (): void => {
    const line = session.commit()
    if (line === null) return
    try {
      jar.set(nextCookie(line))
    } catch (cause) {
      throw new HeadersSentError(
        'session.save(): Next.js sends no cookies from here; save in a Server Action or a Route Handler, not in a Server Component',
        { cause },
      )
    }
  }
  return Object.assign(session, { save })
}

/** The Cookie header, for Rack's rules; or the `value` that was set since, by `proxy.ts` or by the action before a page. */
function cookieHeader(name: string, header: string, value: string | undefined): string {
  if (value === undefined || value === asNextReads(header, name)) return header
  return value === '' ? '' : `${name}=${encodeURIComponent(value)}`
}

/** Of several cookies of a name, Next.js takes the last that it can decode. */
function asNextReads(header: string, name: string): string | undefined {
  const parts = header.split(/; */).filter((part) => part.startsWith(`${name}=`))
  return parts.map((part) => decoded(part.slice(name.length + 1))).findLast((value) => value !== undefined)
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** A Set-Cookie line taken apart. Its value is unescaped, since Next.js escapes every value; base64 just as Rack does. */
function nextCookie(line: string): NextCookie {
  const [pair = '', ...rest] = line.split('; ')
  const [name, value] = splitPair(pair)
  const attributes = new Map(rest.map(splitPair).map(([key, text]) => [key.toLowerCase(), text]))
  const [expires, maxAge] = [attributes.get('expires'), attributes.get('max-age')]
  return {
    name,
    value: decodeURIComponent(value),
    domain: attributes.get('domain'),
    path: attributes.get('path'),
    maxAge: maxAge === undefined ? undefined : Number(maxAge),
    expires: expires === undefined ? undefined : new Date(expires),
    secure: attributes.has('secure'),
    httpOnly: attributes.has('httponly'),
    sameSite: attributes.get('samesite')?.toLowerCase(),
    partitioned: attributes.has('partitioned'),
  }
}

function splitPair(pair: string): [name: string, value: string] {
  const [name = '', ...value] = pair.split('=')
  return [name, value.join('=')]
}
