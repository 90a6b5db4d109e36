import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRails } from '../../index.ts'
import { SECRET } from '../support/application.ts'

/** The application of examples/next-app, built for production, where rails-session is installed as from the registry. */
const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = join(root, 'build/next-app')
const next = join(dirname(createRequire(import.meta.url).resolve('next/package.json')), 'dist/bin/next')

const rails = createRails({
  secretKeyBase: SECRET,
  loadDefaults: '7.1',
  session: { key: '_shop_session' },
})
const cookie = `_shop_session=${rails.session.seal({ 'warden.user.user.key': [[7], '$2a$11$abcdefghijklmnopqrstuv'] })}`

let server: ChildProcess
let url = ''
let log = ''

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  cpSync(join(root, 'examples/next-app'), folder, { recursive: true })
  const installed = join(folder, 'node_modules/rails-session')
  mkdirSync(installed, { recursive: true })
  for (const part of ['package.json', 'dist', 'native'])
    cpSync(join(root, part), join(installed, part), { recursive: true })
  const built = run('build')
  const code = await new Promise((resolve) => built.once('close', resolve))
  if (code !== 0) throw new Error(`next build failed:\n${log}`)
  server = run('start', '--port', '0', '--hostname', '127.0.0.1')
  url = await new Promise((resolve, reject) => {
    server.once('close', () => reject(new Error(`next start failed:\n${log}`)))
    server.stdout?.on('data', () => {
      const port = /http:\/\/127\.0\.0\.1:(\d+)[^]*Ready/.exec(log)?.[1]
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`)
    })
  })
}, 300_000)

afterAll(() => {
  server?.kill()
})

function run(...args: string[]): ChildProcess {
  log = ''
  const own = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', SECRET_KEY_BASE: SECRET } as const
  const child = spawn(process.execPath, [next, ...args], {
    cwd: folder,
    env: { ...process.env, ...own },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (log += String(piece)))
  return child
}

interface Received {
  readonly status: number
  readonly location: string | null
  readonly lines: readonly string[]
  readonly body: string
}

async function send(path: string, given: string, init: RequestInit = {}): Promise<Received> {
  const response = await fetch(url + path, { redirect: 'manual', ...init, headers: { cookie: given, origin: url } })
  const { status, headers } = response
  return { status, location: headers.get('location'), lines: headers.getSetCookie(), body: await response.text() }
}

/** Where each form is. */
const FORMS = { add: '/cart', 'log-in': '/', 'log-out': '/' } as const

/** Posts a form of a page, as a browser without JavaScript does. */
async function submit(given: string, form: keyof typeof FORMS, fields: Record<string, string> = {}): Promise<Received> {
  const page = await send(FORMS[form], given)
  const inputs = new RegExp(`<form[^>]* id="${form}".*?</form>`).exec(page.body)?.[0] ?? ''
  const body = new FormData()
  for (const [, name = ''] of inputs.matchAll(/type="hidden" name="([^"]+)"/g)) body.append(name, '')
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  return send(FORMS[form], given, { method: 'POST', body })
}

function shown(page: Received, id: string): string | undefined {
  return new RegExp(`<p id="${id}">([^<]*)</p>`).exec(page.body)?.[1]?.replaceAll('&quot;', '"')
}

function cookieAfter({ lines }: Pick<Received, 'lines'>): string {
  return lines.map((line) => line.slice(0, line.indexOf(';'))).join('; ')
}

function dataAfter(received: Received): unknown {
  const opened = rails.session.openHeader(cookieAfter(received))
  return opened.ok ? { ...opened.data } : opened.reason
}

describe('an application of Next.js', () => {
  it('is served with the native addon', async () => {
    await send('/visits', cookie)
    expect(log).not.toContain('RAILS_SESSION_NODE_BACKEND')
  })

  it('reads the session in a Server Component', async () => {
    const page = await send('/', cookie)
    expect([page.status, shown(page, 'user'), page.lines]).toEqual([200, '7', []])
    expect(shown(await send('/cart', cookie), 'cart')).toBe('[]')
    expect(shown(await send('/', ''), 'user')).toBe('nobody')
    expect(shown(await send('/', '_shop_session=garbage'), 'user')).toBe('nobody')
  })

  it('reads and writes it in a Route Handler', async () => {
    const read = await send('/visits', cookie)
    expect([JSON.parse(read.body), read.lines]).toEqual([{ visits: 0 }, []])
    const first = await send('/visits', cookie, { method: 'POST' })
    expect([first.status, JSON.parse(first.body)]).toEqual([200, { visits: 1 }])
    expect(first.lines).toEqual([expect.stringMatching(/^_shop_session=[\w%.-]+; Path=\/; HttpOnly; SameSite=lax$/)])
    expect(dataAfter(first)).toMatchObject({ visits: 1, 'warden.user.user.key': [[7], expect.any(String)] })
    const second = await send('/visits', cookieAfter(first), { method: 'POST' })
    expect(dataAfter(second)).toMatchObject({ visits: 2 })
    expect(JSON.parse((await send('/visits', cookieAfter(second))).body)).toEqual({ visits: 2 })
  })

  it('writes it in a Server Action, and shows that in the page that answers', async () => {
    const added = await submit(cookie, 'add', { item: 'apple' })
    expect([added.status, shown(added, 'cart'), shown(added, 'notice')]).toEqual([200, '["apple"]', 'Added apple'])
    expect(added.lines).toHaveLength(1)
    expect(dataAfter(added)).toMatchObject({ cart: ['apple'] })
    const again = await submit(cookieAfter(added), 'add', { item: 'pear' })
    expect(dataAfter(again)).toMatchObject({ cart: ['apple', 'pear'] })
    expect(shown(await send('/cart', cookieAfter(again)), 'cart')).toBe('["apple","pear"]')
  })

  it('keeps the cookie when a Server Action redirects', async () => {
    const loggedIn = await submit(cookie, 'log-in')
    expect([loggedIn.status, loggedIn.location]).toEqual([303, '/'])
    expect(dataAfter(loggedIn)).toEqual({
      session_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      user_id: 7,
      flash: { discard: [], flashes: { notice: 'Welcome back' } },
    })
    expect(shown(await send('/', cookieAfter(loggedIn)), 'notice')).toBe('Welcome back')
    const loggedOut = await submit(cookieAfter(loggedIn), 'log-out')
    expect(shown(await send('/', cookieAfter(loggedOut)), 'user')).toBe('nobody')
    expect(dataAfter(loggedOut)).toEqual({ session_id: expect.stringMatching(/^[0-9a-f]{32}$/) })
  })

  it('takes forms of Rails in a Route Handler', async () => {
    const own = rails.session.load(cookie)
    const [token, patch] = ['post', 'patch'].map((method) => own.csrf.token({ path: '/posts/1', method }))
    const given = cookieAfter({ lines: [own.commit()!] })
    const post = async (fields: Record<string, string>): Promise<Received> =>
      send('/posts/1', given, { method: 'POST', body: new URLSearchParams(fields) })
    const taken = [
      await post({ authenticity_token: token! }),
      await post({ authenticity_token: patch!, _method: 'patch' }),
    ]
    for (const received of taken) {
      expect([received.status, received.location]).toEqual([303, '/posts/1'])
      expect(dataAfter(received)).toMatchObject({ flash: { flashes: { notice: 'Post 1 saved' } } })
    }
    const refused = [
      await post({}),
      await post({ _method: 'get' }),
      await post({ authenticity_token: patch! }),
      await send('/posts/1', cookie, { method: 'POST', body: new URLSearchParams({ authenticity_token: token! }) }),
    ]
    for (const { status, lines } of refused) expect([status, lines]).toEqual([422, []])
  })

  it('says in a Server Component that it cannot be saved there', async () => {
    const page = await send('/broken', cookie)
    expect(shown(page, 'error')).toMatch(/^ERR_RAILS_SESSION_HEADERS_SENT session\.save\(\): .*Server Action/)
    expect(page.lines).toEqual([])
  })

  it('reads and writes it in proxy.ts, by rails-session/fetch', async () => {
    const passed = await send('/proxied', cookie)
    expect([passed.status, JSON.parse(passed.body), passed.lines.length]).toEqual([200, { visits: 1 }, 1])
    expect(dataAfter(passed)).toMatchObject({ visits: 1 })
    // Of the two lines browsers take the last.
    const both = await send('/proxied', cookie, { method: 'POST' })
    expect([JSON.parse(both.body), both.lines.length]).toEqual([{ visits: 2 }, 2])
    expect(dataAfter({ ...both, lines: both.lines.slice(-1) })).toMatchObject({ visits: 2 })
    const turned = await send('/proxied', '')
    expect([turned.status, turned.location, turned.lines.length]).toEqual([307, '/', 1])
    expect(dataAfter(turned)).toMatchObject({ visits: 1 })
  })
})
