import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createRails } from '../../index.ts'
import { cookieAfter, send } from './client.ts'

const secret = '0123456789abcdef'.repeat(8)
const rails = createRails({ secretKeyBase: secret, loadDefaults: '7.1', session: { key: '_shop_session' } })

describe('examples', () => {
  it.each(['node', 'express', 'fastify', 'koa'])('%s.mjs counts visits', async (name) => {
    const script = fileURLToPath(new URL(`../../examples/${name}.mjs`, import.meta.url))
    const server = spawn(process.execPath, [script], {
      env: { ...process.env, SECRET_KEY_BASE: secret, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string]
      const url = line.trim()
      const first = await send(url)
      expect([first.status, first.body]).toEqual([200, 'visit 1\n'])
      // Of a session that was there before, nothing is lost.
      const cookie = `${rails.session.name}=${rails.session.seal({ user_id: 7, visits: 41 })}`
      const second = await send(url, { cookie })
      expect(second.body).toBe('visit 42\n')
      expect(rails.session.load(cookieAfter(second)).data).toMatchObject({ user_id: 7, visits: 42 })
    } finally {
      server.kill()
    }
  })
})
