import { createRequire } from 'node:module'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { CookieOverflowError, HeadersSentError, type RailsOptions } from '../../index.ts'
import { getRailsSession } from '../../src/adapters/next.ts'
import { application, OLD_SECRET, SECRET, unescaped, valueOf } from '../support/application.ts'

/** The classes behind `cookies()` of Next.js. */
const require = createRequire(import.meta.url)
const { RequestCookies } = require('next/dist/server/web/spec-extension/cookies.js') as {
  RequestCookies: new (headers: Headers) => object
}
const { MutableRequestCookiesAdapter, RequestCookiesAdapter, responseCookiesToRequestCookies } =
  require('next/dist/server/web/spec-extension/adapters/request-cookies.js') as {
    MutableRequestCookiesAdapter: { wrap(cookies: object, onUpdate: (lines: string[]) => void): object }
    RequestCookiesAdapter: { seal(cookies: object): object }
    responseCookiesToRequestCookies(cookies: object): object
  }

/** The request that `next/headers` knows about. */
const current = vi.hoisted(() => ({ jar: {}, headers: new Headers(), lines: [] as string[] }))
vi.mock('next/headers.js', () => ({ cookies: async () => current.jar, headers: async () => current.headers }))

/** A request to a Server Action or a Route Handler. */
function action(cookie: string, headers: Record<string, string> = {}): void {
  current.headers = new Headers({
    host: 'shop.example',
    'x-forwarded-host': 'shop.example',
    'x-forwarded-proto': 'https',
    ...headers,
    cookie,
  })
  current.lines = []
  current.jar = MutableRequestCookiesAdapter.wrap(new RequestCookies(current.headers), (lines) => {
    current.lines = lines
  })
}

/** The page after it: in the same request, Next.js renders with the cookies that were set. */
function page(): void {
  current.jar = RequestCookiesAdapter.seal(responseCookiesToRequestCookies(current.jar))
}

const rails = shop()
const cookie = cookieOf({ user_id: 7, cart: [1] })

describe('getRailsSession', () => {
  beforeEach(() => action(cookie))

  it('reads the session, and sends nothing unless it is saved', async () => {
    const session = await getRailsSession(rails)
    expect([session.get('user_id'), session.isNew]).toEqual([7, false])
    session.save()
    expect(current.lines).toEqual([])
    session.set('user_id', 8)
    expect(current.lines).toEqual([])
    session.save()
    expect(current.lines).toHaveLength(1)
  })

  it('reads the Cookie header by the rules of Rack, not of Next.js', async () => {
    const other = cookieOf({ user_id: 8 })
    const user = async (header: string): Promise<unknown> => {
      action(header)
      return (await getRailsSession(rails)).get('user_id')
    }
    // Next.js takes the last.
    expect(await user(`${cookie}; ${other}`)).toBe(7)
    expect(await user(`_shop_session=bad; ${cookie}`)).toBe(undefined)
    expect(await user(`${cookie}; _shop_session=%E0%A4%A`)).toBe(7)
    expect(await user(`theme=a=b;  ${cookie}; _shop_session_2=1`)).toBe(7)
    // A plus sign that is not escaped is a space.
    expect(await user(withPlus().replaceAll('%2B', '+'))).toBe(undefined)
    expect(await user(withPlus().replaceAll('%2B', '%2b'))).toBe(1)
    expect(await user('')).toBe(undefined)
  })

  it('sends the value escaped once, as Rails does', async () => {
    for (const wanted of ['%2B', '%2F', '%3D']) {
      let sent = ''
      for (let visits = 0; !sent.includes(wanted); visits++) {
        action(cookie)
        // oxlint-disable-next-line no-await-in-loop -- each has another value
        const session = await getRailsSession(rails)
        session.set('visits', visits)
        const line = session.commit()
        session.save()
        sent = valueOf(current.lines[0] ?? null)
        expect(sent).toBe(valueOf(line))
        expect(unescaped(sent)).toMatch(/^[\w+/]+=*--[\w+/]+=*--[\w+/]+=*$/)
        expect(rails.session.open(sent)).toMatchObject({ ok: true, data: { user_id: 7, visits } })
      }
    }
  })

  it.each<[settings: RailsOptions['session'], proto: string, line: string]>([
    [{}, 'https', 'Path=/; HttpOnly; SameSite=lax'],
    [{ secure: 'auto' }, 'https', 'Path=/; Secure; HttpOnly; SameSite=lax'],
    [{ secure: 'auto' }, 'http', 'Path=/; HttpOnly; SameSite=lax'],
    [{ secure: true, sameSite: 'none' }, 'https', 'Path=/; Secure; HttpOnly; SameSite=none'],
    [{ secure: true }, 'https, http', 'Path=/; Secure; HttpOnly; SameSite=lax'],
    [{ domain: 'all' }, 'https', 'Path=/; Domain=shop.example; HttpOnly; SameSite=lax'],
    [{ domain: 'example' }, 'https', 'Path=/; Domain=example; HttpOnly; SameSite=lax'],
    [{ path: '/shop', httpOnly: false, sameSite: 'strict' }, 'https', 'Path=/shop; SameSite=strict'],
    [{ sameSite: null, partitioned: true }, 'https', 'Path=/; HttpOnly; Partitioned'],
    [{ expireAfter: '1 hour' }, 'https', 'Path=/; Expires=Mon, 23 Nov 2026 13:00:00 GMT; HttpOnly; SameSite=lax'],
  ])('sends the attributes of Rails for %j over %s', async (settings, proto, line) => {
    const own = shop({ session: { key: '_shop_session', ...settings } })
    action(cookie, { 'x-forwarded-proto': proto })
    const session = await getRailsSession(own)
    session.set('user_id', 8)
    session.save()
    expect(current.lines.map(attributes)).toEqual([line])
    // The same as of the line that is held against Rails' own, but for order and spelling.
    expect(current.lines.map(sorted)).toEqual([sorted(session.commit() ?? '')])
  })

  it('sends none that is secure over http, as Rails', async () => {
    action(cookie, { 'x-forwarded-proto': 'http' })
    const own = shop({ session: { key: '_shop_session', secure: true } })
    const session = await getRailsSession(own)
    session.set('user_id', 8)
    session.save()
    expect(current.lines).toEqual([])
  })

  it('saves again what changed again, and in one line', async () => {
    const session = await getRailsSession(rails)
    session.set('user_id', 8)
    session.save()
    session.save()
    session.set('user_id', 9)
    session.save()
    expect(current.lines).toHaveLength(1)
    expect(dataIn(current.lines[0])).toMatchObject({ user_id: 9, cart: [1] })
  })

  it('shows what was saved to those that ask afterwards, in the action and in the page', async () => {
    const first = await getRailsSession(rails)
    first.set('user_id', 8)
    first.save()
    const second = await getRailsSession(rails)
    second.update(({ cart }) => ({ cart: [...(cart as number[]), 2] }))
    second.save()
    page()
    expect({ ...(await getRailsSession(rails)).data }).toMatchObject({ user_id: 8, cart: [1, 2] })
  })

  it('lets the browser forget', async () => {
    const session = await getRailsSession(rails)
    session.expire()
    session.save()
    expect(current.lines).toEqual([
      '_shop_session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; SameSite=lax',
    ])
    const after = await getRailsSession(rails)
    expect([after.isNew, after.rejected]).toEqual([true, null])
    page()
    expect((await getRailsSession(rails)).isNew).toBe(true)
  })

  it('writes a cookie of an older secret anew', async () => {
    const old = shop({ secretKeyBase: OLD_SECRET })
    action(`_shop_session=${old.session.seal({ user_id: 7 })}`)
    const session = await getRailsSession(shop({ secretKeyBase: [SECRET, OLD_SECRET] }))
    expect(session.get('user_id')).toBe(7)
    session.save()
    expect(dataIn(current.lines[0])).toMatchObject({ user_id: 7 })
  })

  it('says in a Server Component that it cannot be saved there', async () => {
    page()
    const session = await getRailsSession(rails)
    session.save()
    session.set('user_id', 8)
    let thrown: unknown
    try {
      session.save()
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(HeadersSentError)
    expect(thrown).toMatchObject({
      code: 'ERR_RAILS_SESSION_HEADERS_SENT',
      message: expect.stringMatching(/^session\.save\(\): .*Server Action or a Route Handler/),
      cause: expect.objectContaining({ message: expect.stringContaining('Cookies can only be modified') }),
    })
  })

  it('throws for a session that is too large, and can be saved when it is smaller', async () => {
    const session = await getRailsSession(rails)
    session.set('note', 'x'.repeat(5000))
    expect(() => session.save()).toThrow(CookieOverflowError)
    expect(current.lines).toEqual([])
    session.set('note', 'short')
    session.save()
    expect(dataIn(current.lines[0])).toMatchObject({ note: 'short' })
  })
})

function shop(options: RailsOptions = {}): ReturnType<typeof application> {
  return application({ loadDefaults: '7.1', rackVersion: '3', session: { key: '_shop_session' }, ...options })
}

function cookieOf(data: Record<string, unknown>): string {
  return `_shop_session=${rails.session.seal(data)}`
}

/** A cookie whose base64 has a plus sign. */
function withPlus(): string {
  for (;;) {
    const sealed = cookieOf({ user_id: 1 })
    if (sealed.includes('%2B')) return sealed
  }
}

function dataIn(line: string | undefined): unknown {
  const opened = rails.session.open(valueOf(line ?? null))
  return opened.ok ? opened.data : opened.reason
}

function attributes(line: string): string {
  return line.slice(line.indexOf('; ') + 2)
}

function sorted(line: string): string {
  return attributes(line).toLowerCase().split('; ').toSorted().join('; ')
}
