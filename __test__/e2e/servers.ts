import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Server } from './server.ts'

/** The Node applications of the example. */
export const FRAMEWORKS = ['express', 'fastify'] as const
export type Framework = (typeof FRAMEWORKS)[number]

/** The two applications that share a session. */
export interface Servers {
  readonly rails: Server
  readonly node: Server
}

/** Starts both with a secret of their own. Each has to know the other's address, so one port is chosen before. */
export async function startServers(framework: Framework, attempts = 3): Promise<Servers> {
  const port = await freePort()
  const secret = { SECRET_KEY_BASE: randomBytes(64).toString('hex') }
  const railsUrl = `http://127.0.0.1:${port}`
  const node = await Server.start([process.execPath, `${framework}.mjs`], EXAMPLE, {
    ...secret,
    PORT: '0',
    RAILS_URL: railsUrl,
  })
  try {
    const puma = ['puma', '--bind', railsUrl.replace('http:', 'tcp:'), 'config.ru']
    const environment = { ...secret, NODE_URL: node.url, RAILS_ENV: 'production', LANG: 'C.UTF-8' }
    return { rails: await Server.start(puma, join(EXAMPLE, 'rails'), environment), node }
  } catch (error) {
    await node.stop()
    // Somebody else may have taken the port in the meantime.
    if (attempts > 1 && /address already in use/i.test((error as Error).message)) {
      return startServers(framework, attempts - 1)
    }
    throw error
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

// Seen from build/__test__/e2e, where this runs.
const EXAMPLE = fileURLToPath(new URL('../../../examples/beside-rails', import.meta.url))
