import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRails } from '../../index.ts'
import { cookieAfter, type Received, send, type Sent } from '../adapters/client.ts'
import { RAILS_APPLICATION, RAILS_COOKIE, RAILS_SESSION } from '../adapters/real-session.ts'
import type { CsrfCase } from '../conformance/vectors.ts'
import type { Running } from '../support/running.ts'
import { vectorsOf } from '../support/vectors.ts'
import { programOf, readPage, serve } from './program.ts'

const rails = createRails(RAILS_APPLICATION)
const page = (name: string): string => programOf(readPage(`docs/frameworks/${name}.md`))
const programs = [
  ...['express', 'fastify', 'fetch', 'hono', 'koa', 'node'].map((name) => ({ name, program: page(name) })),
  { name: 'express, with Express 4', program: page('express').replace("from 'express'", "from 'express4'") },
]

const tokens = tokensOfRails()

describe.each(programs)('the program of $name', ({ program }) => {
  let server: Running
  beforeAll(async () => {
    server = await serve(program)
  })
  afterAll(() => server.stop())
  const get = async (path: string, cookie?: string): Promise<Received> => send(server.url + path, { cookie })
  const post = async (path: string, cookie: string, sent: Sent = {}): Promise<Received> =>
    send(server.url + path, { method: 'POST', cookie, ...sent })
  const form = (fields: Record<string, string>): Sent => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })

  it('counts visits in the session of Rails', async () => {
    const first = await get('/', RAILS_COOKIE)
    expect([first.status, first.body]).toEqual([200, 'visit 1 of user 95651\n'])
    expect(dataIn(first)).toEqual({ ...RAILS_SESSION, visits: 1 })
    expect((await get('/', cookieAfter(first))).body).toBe('visit 2 of user 95651\n')
    expect((await get('/')).body).toBe('visit 1 of user nobody\n')
  })

  it.each([
    ['of this form', tokens.form],
    ['of all forms', tokens.all],
  ])('takes a form of Rails with the token %s', async (_which, token) => {
    const received = await post('/posts/1', tokens.cookie, form({ authenticity_token: token }))
    expect([received.status, received.headers.location]).toEqual([303, '/posts/1'])
    // As Rails stores a flash.
    expect(dataIn(received)).toMatchObject({ flash: { discard: [], flashes: { notice: 'Post 1 saved' } } })
  })

  it('takes a token in a header, from the page of this origin', async () => {
    const headers = { 'x-csrf-token': tokens.all, origin: server.url }
    expect((await post('/posts/1', tokens.cookie, { headers })).status).toBe(303)
  })

  it('takes a form for patch by its own token only', async () => {
    const session = rails.session.load(tokens.cookie)
    const token = session.csrf.token({ path: '/posts/1', method: 'patch' })
    const status = async (fields: Record<string, string>): Promise<number> =>
      (await post('/posts/1', tokens.cookie, form(fields))).status
    expect(await status({ _method: 'patch', authenticity_token: token })).toBe(303)
    expect(await status({ authenticity_token: token })).toBe(422)
    for (const method of ['get', 'GET', 'head', 'options', '', 'patch']) {
      // oxlint-disable-next-line no-await-in-loop -- so that a failure says which
      expect([method, await status({ _method: method })]).toEqual([method, 422])
    }
  })

  it('refuses what Rails refuses', async () => {
    const refused = [
      await post('/posts/1', tokens.cookie),
      await post('/posts/1', tokens.cookie, form({ authenticity_token: tokens.refused })),
      await post('/posts/1', tokens.cookie, form({ authenticity_token: `${tokens.form}x` })),
      await post('/posts/1', RAILS_COOKIE, form({ authenticity_token: tokens.form })),
      await post('/posts/1', tokens.cookie, {
        headers: { 'x-csrf-token': tokens.all, origin: 'https://evil.example' },
      }),
    ]
    for (const { status, body, lines } of refused) {
      expect([status, body, lines]).toEqual([422, 'The change you wanted was rejected.\n', []])
    }
  })

  it('logs in and out', async () => {
    const asked = await get('/login', RAILS_COOKIE)
    expect(asked.headers['content-type']).toContain('text/html')
    const token = /name="authenticity_token" value="([^"]+)"/.exec(asked.body)?.[1] ?? ''
    const loggedIn = await post('/login', RAILS_COOKIE, form({ authenticity_token: token }))
    expect([loggedIn.status, loggedIn.headers.location]).toEqual([303, '/notice'])
    const { session_id: id, ...data } = dataIn(loggedIn)
    expect(id).not.toBe(RAILS_SESSION['session_id'])
    expect(data).toEqual({ user_id: 7, flash: { discard: [], flashes: { notice: 'Welcome back' } } })

    const shown = await get('/notice', cookieAfter(loggedIn))
    expect(shown.body).toBe('Welcome back\n')
    expect(dataIn(shown)).toEqual({ session_id: id, user_id: 7 })
    expect((await get('/notice', cookieAfter(shown))).body).toBe('nothing new\n')

    expect((await post('/logout', tokens.cookie)).status).toBe(422)
    const loggedOut = await post('/logout', tokens.cookie, form({ authenticity_token: tokens.all }))
    expect([loggedOut.status, Object.keys(dataIn(loggedOut))]).toEqual([303, ['session_id']])
  })
})

function dataIn(received: Received): Record<string, unknown> {
  const opened = rails.session.openHeader(cookieAfter(received))
  return opened.ok ? { ...opened.data } : { refused: opened.reason }
}

/** Of the session of a recorded Rails 7.1, which checked them at POST /posts/1. */
function tokensOfRails(): { cookie: string; all: string; form: string; refused: string } {
  const vectors = vectorsOf('csrf').flatMap(({ label, cases }) =>
    label === '7.1' ? (cases as readonly CsrfCase[]) : [],
  )
  const found = (id: string, accepted: boolean): CsrfCase => {
    const vector = vectors.find((each) => each.id === id)
    expect(vector).toMatchObject({ path: '/posts/1', method: 'POST', rails_made: true, expected: { accepted } })
    return vector!
  }
  const { token: all, session_csrf_token: _csrf_token } = found('1/masked', true)
  return {
    cookie: `${rails.session.name}=${rails.session.seal({ _csrf_token, user_id: 8 })}`,
    all: String(all),
    form: String(found('1/per_form/same_form_upcase', true).token),
    refused: String(found('1/per_form/relative', false).token),
  }
}
