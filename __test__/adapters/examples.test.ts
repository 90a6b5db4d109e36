import { describe, expect, it } from 'vitest'
import { createRails } from '../../index.ts'
import { SECRET } from '../support/application.ts'
import { startExample } from '../support/example.ts'
import { cookieAfter, send } from './client.ts'

const rails = createRails({ secretKeyBase: SECRET, loadDefaults: '7.1', session: { key: '_shop_session' } })

describe('examples', () => {
  it.each(['node', 'express', 'fastify', 'koa'])('%s.mjs counts visits', async (name) => {
    const { url, stop } = await startExample(name)
    try {
      const first = await send(url)
      expect([first.status, first.body]).toEqual([200, 'visit 1\n'])
      // Of a session that was there before, nothing is lost.
      const cookie = `${rails.session.name}=${rails.session.seal({ user_id: 7, visits: 41 })}`
      const second = await send(url, { cookie })
      expect(second.body).toBe('visit 42\n')
      expect(rails.session.load(cookieAfter(second)).data).toMatchObject({ user_id: 7, visits: 42 })
    } finally {
      stop()
    }
  })
})
