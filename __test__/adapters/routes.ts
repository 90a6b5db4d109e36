import type { RequestSession } from '../../index.ts'

/** What a route answers, for the adapter's application to send by the means of its framework. */
export interface Answer {
  /** Default 200. */
  readonly status?: number
  /** Several values are several lines. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Pieces are streamed, each as soon as it is there. None: an empty body. */
  readonly body?: string | AsyncIterable<string>
}

/** A route: does something to the session and answers, or throws for the framework to answer. */
export type Route = (session: RequestSession, request: { readonly method: string }) => Answer | Promise<Answer>

/** What the application of the contract has, by path. */
export const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/untouched', () => text('untouched')],
  ['/read', (session) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(session.data) })],
  ['/rejected', (session) => text(String(session.rejected))],
  [
    '/write',
    (session) => {
      const { data } = session
      // An object that came in, changed where it is.
      const cart = (data['cart'] ??= []) as number[]
      cart.push(2)
      session.set('note', 'written')
      return text('written')
    },
  ],
  ['/private', writing({ headers: { 'cache-control': 'private, max-age=60', vary: 'accept' } })],
  [
    '/public',
    (session) => {
      session.set('secret', 'public')
      return { headers: { 'cache-control': 'public, max-age=60' }, body: 'public' }
    },
  ],
  ['/s-maxage', writing({ headers: { 'cache-control': 'max-age=0, s-maxage=60' } })],
  [
    '/login',
    (session) => {
      session.reset()
      session.set('user_id', 8)
      return text('hello')
    },
  ],
  [
    '/expire',
    (session) => {
      session.expire()
      return text('bye')
    },
  ],
  [
    '/skip',
    (session) => {
      session.set('note', 'skipped')
      session.skip()
      return text('skipped')
    },
  ],
  [
    '/flash',
    (session) => {
      session.flash.set('notice', 'Saved')
      return { status: 303, headers: { location: '/notice' } }
    },
  ],
  ['/notice', (session) => text(String(session.flash.get('notice') ?? 'none'))],
  ['/oversize', writing({ body: 'too late' }, 'x'.repeat(5000))],
  [
    '/oversize-and-throw',
    (session) => {
      session.set('note', 'x'.repeat(5000))
      throw new Error('thrown by the route')
    },
  ],
  [
    '/oversize-stream',
    (session) => {
      session.set('note', 'x'.repeat(5000))
      return { body: pieces('a', 'b', 'c') }
    },
  ],
  [
    '/write-and-throw',
    (session) => {
      session.set('tries', 1)
      throw new Error('thrown by the route')
    },
  ],
  [
    '/write-and-500',
    (session) => {
      session.set('tries', 2)
      return { status: 500, body: 'failed' }
    },
  ],
  ['/cookies', writing({ headers: { 'set-cookie': ['a=1; path=/', 'b=2'] } })],
  [
    '/cookie-of-that-name',
    writing({ headers: { 'set-cookie': ['_shop_session=theirs; path=/', '_shop_session_2=1'] } }),
  ],
  ['/cookie-alone', () => ({ headers: { 'set-cookie': ['_shop_session=theirs', 'a=1'] } })],
  [
    '/committed',
    (session) => {
      session.set('note', 'by hand')
      return { headers: { 'set-cookie': session.commit() ?? 'none' } }
    },
  ],
  [
    '/visit',
    (session) => {
      const visits = Number(session.get('visits') ?? 0) + 1
      session.set('visits', visits)
      return text(String(visits))
    },
  ],
  [
    '/stream',
    (session) => {
      session.set('streamed', true)
      return { headers: { 'content-type': 'text/plain' }, body: lateChange(session) }
    },
  ],
  [
    '/method',
    (session, { method }) => {
      session.set('method', method)
      return text(method)
    },
  ],
  [
    '/slow',
    async (session) => {
      await pause()
      session.set('slow', true)
      await pause()
      return text('slow')
    },
  ],
  [
    '/count',
    async (session) => {
      await pause()
      session.update(({ number }) => ({ number: Number(number) + 1 }))
      return text('counted')
    },
  ],
  ...[204, 304].map((status): [string, Route] => [
    `/${status}`,
    (session) => {
      session.set('status', status)
      return { status }
    },
  ]),
])

function writing(answer: Answer, note = 'written'): Route {
  return (session) => {
    session.set('note', note)
    return answer
  }
}

async function* pieces(...all: readonly string[]): AsyncGenerator<string> {
  for (const piece of all) {
    // oxlint-disable-next-line no-await-in-loop -- one after another
    await pause()
    yield piece
  }
}

async function* lateChange(session: RequestSession): AsyncGenerator<string> {
  yield 'first '
  // Until the headers are gone for sure.
  await pause()
  try {
    session.set('late', true)
    yield 'no error'
  } catch (error) {
    yield (error as { code: string }).code
  }
  yield ' last'
}

async function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10))
}

function text(body: string): Answer {
  return { headers: { 'content-type': 'text/plain' }, body }
}
