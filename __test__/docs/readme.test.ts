import { describe, expect, it } from 'vitest'
import { cookieAfter, send } from '../adapters/client.ts'
import { RAILS_COOKIE } from '../adapters/real-session.ts'
import { stoppedAtTheEnd } from '../support/running.ts'
import { failureOf } from './page.ts'
import { blocksOf, readPage, serve } from './program.ts'

const [program = '', ...pieces] = blocksOf(readPage('README.md'), 'js')
const keep = stoppedAtTheEnd()

describe('the code of README.md', () => {
  it('serves', async () => {
    const { url } = await keep(serve(program))
    const first = await send(url, { cookie: RAILS_COOKIE })
    expect([first.status, first.body]).toEqual([200, 'visit 1 of user 95651\n'])
    expect((await send(url, { cookie: cookieAfter(first) })).body).toBe('visit 2 of user 95651\n')
  })

  it('runs, piece by piece', async () => {
    expect(pieces).toHaveLength(3)
    // What the program above has at hand.
    const settings = /^const rails = [^]*?^\}\)$/m.exec(program)?.[0]
    const given = [
      "import { createRails } from 'rails-session'",
      settings,
      `const request = { headers: { cookie: ${JSON.stringify(RAILS_COOKIE)}, host: 'shop.example' } }`,
    ]
    expect(await failureOf([...given, ...pieces].join('\n'))).toBe('')
  })
})
