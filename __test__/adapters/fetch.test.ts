import { describe, expect, it } from 'vitest'
import { CookieOverflowError, HeadersSentError, type RailsOptions } from '../../index.ts'
import { applySession, fromRequest } from '../../src/adapters/fetch.ts'
import { application, valueOf } from '../support/application.ts'
import { type Adapter, fulfilsContract } from './contract.ts'
import { responseOf, serveFetch } from './fetch-server.ts'

/** Between the socket and the functions under test: Hono's bridge, with the Request and the Response of Node.js. */
const fetchAdapter: Adapter = {
  name: 'rails-session/fetch',
  async start(rails, routes, options) {
    const errors: unknown[] = []
    const fetch = async (request: Request): Promise<Response> => {
      const session = fromRequest(rails, request)
      const route = routes.get(new URL(request.url).pathname)
      const attempt = async (respond: () => Promise<Response>): Promise<Response> => {
        try {
          return applySession(session, await respond(), options)
        } catch (error) {
          errors.push(error)
          return attempt(async () => new Response('error', { status: 500 }))
        }
      }
      return attempt(async () =>
        route === undefined ? new Response('none', { status: 404 }) : responseOf(await route(session, request)),
      )
    }
    return { ...(await serveFetch(fetch, false)), errors }
  },
}

fulfilsContract(fetchAdapter)

describe('applySession', () => {
  const rails = application({ session: { key: '_shop_session' } })
  const changed = (): ReturnType<typeof rails.session.load> => {
    const session = fromRequest(rails, new Request('https://shop.example/'))
    session.set('user_id', 7)
    return session
  }

  it('takes responses that are immutable', async () => {
    const redirect = applySession(changed(), Response.redirect('https://shop.example/cart', 303))
    expect([redirect.status, redirect.headers.get('location')]).toEqual([303, 'https://shop.example/cart'])
    expect(redirect.headers.getSetCookie()).toHaveLength(1)
    const fetched = await fetch('data:text/plain,hello')
    const handedOn = applySession(changed(), fetched)
    expect([await handedOn.text(), handedOn.headers.get('content-type')]).toEqual(['hello', 'text/plain'])
    expect(handedOn.headers.getSetCookie()).toHaveLength(1)
  })

  it('leaves the response that it is given as it is, since others may get it, too', () => {
    const shared = new Response(null, { status: 204, statusText: 'Nothing', headers: { 'set-cookie': 'a=1' } })
    const first = applySession(changed(), shared)
    const second = applySession(changed(), shared)
    expect(shared.headers.getSetCookie()).toEqual(['a=1'])
    expect([first, second].map(({ status, statusText }) => [status, statusText])).toEqual([
      [204, 'Nothing'],
      [204, 'Nothing'],
    ])
    const lines = [first, second].map(({ headers }) => headers.getSetCookie())
    expect(lines.map(([other]) => other)).toEqual(['a=1', 'a=1'])
    expect(lines.map(({ length }) => length)).toEqual([2, 2])
    expect(lines[0]?.[1]).not.toBe(lines[1]?.[1])
  })

  it('gives the very response back where no cookie is to be sent', () => {
    const response = new Response('as it was')
    expect(applySession(fromRequest(rails, new Request('https://shop.example/')), response)).toBe(response)
  })

  it('hands a network error on', () => {
    const error = Response.error()
    expect(applySession(changed(), error)).toBe(error)
  })

  it('ends the session', () => {
    const session = changed()
    applySession(session, new Response())
    expect(() => session.set('user_id', 8)).toThrow(HeadersSentError)
  })

  it('throws once for a session that is too large', () => {
    const session = changed()
    session.set('note', 'x'.repeat(5000))
    expect(() => applySession(session, new Response())).toThrow(CookieOverflowError)
    const response = new Response('sorry', { status: 500 })
    expect(applySession(session, response)).toBe(response)
  })
})

describe('fromRequest', () => {
  const attributes = (settings: RailsOptions['session'], url: string, headers = {}, trustProxy?: boolean): unknown => {
    const rails = application({ session: { key: '_shop_session', ...settings } })
    const session = fromRequest(rails, new Request(url, { headers }), { trustProxy })
    session.set('user_id', 7)
    const line = session.commit()
    return line === null ? null : line.slice(line.indexOf(';') + 2)
  }
  const proxied = { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'evil.example, www.shop.example' }

  it('knows by the URL whether it is https', () => {
    expect(attributes({ secure: true }, 'https://shop.example/')).toBe('path=/; secure; httponly; samesite=lax')
    expect(attributes({ secure: true }, 'http://shop.example/')).toBe(null)
    expect(attributes({ secure: 'auto' }, 'http://shop.example/')).toBe('path=/; httponly; samesite=lax')
  })

  it('knows the host', () => {
    expect(attributes({ domain: 'all' }, 'https://www.shop.example:8443/')).toBe(
      'domain=shop.example; path=/; httponly; samesite=lax',
    )
  })

  it('believes a proxy only if told so', () => {
    expect(attributes({ secure: true }, 'http://10.0.0.1/', proxied)).toBe(null)
    expect(attributes({ secure: true, domain: 'all' }, 'http://10.0.0.1/', proxied, true)).toBe(
      'domain=shop.example; path=/; secure; httponly; samesite=lax',
    )
    expect(attributes({ secure: true }, 'https://shop.example/', {}, true)).toBe(
      'path=/; secure; httponly; samesite=lax',
    )
  })

  it('reads the session', () => {
    const rails = application({ session: { key: '_shop_session' } })
    const first = fromRequest(rails, new Request('https://shop.example/'))
    first.set('user_id', 7)
    const cookie = `_shop_session=${valueOf(first.commit())}`
    const second = fromRequest(rails, new Request('https://shop.example/', { headers: { cookie } }))
    expect(second.get('user_id')).toBe(7)
  })
})
