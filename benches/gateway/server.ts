// A server in a process of its own. Its arguments: framework, mode, format. Tells its parent the port, and what it
// used when asked.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { FORMATS } from '../formats.ts'
import { type Mode, type UserReader, userReader } from './modes.ts'
import type { Framework, Usage } from './process.ts'
import { visits } from './traffic.ts'

const [framework, mode, formatName] = process.argv.slice(2) as [Framework, Mode, string]
const format = FORMATS.find(({ name }) => name === formatName)!
const read = userReader(
  mode,
  format,
  visits(format, 256).map(({ header }) => header),
)
let requests = 0

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send!({ requests, microseconds: user + system } satisfies Usage)
})
process.on('disconnect', () => process.exit())
process.send!(await { http: listenHttp, fastify: listenFastify }[framework](read))

function listenHttp(userOf: UserReader): Promise<number> {
  const server = createServer((request, response) => {
    requests += 1
    response.setHeader('content-type', 'application/json')
    response.end(answer(userOf(request.headers.cookie)))
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

async function listenFastify(userOf: UserReader): Promise<number> {
  const app = fastify()
  app.get('/', (request, reply) => {
    requests += 1
    void reply.header('content-type', 'application/json').send(answer(userOf(request.headers.cookie)))
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as AddressInfo).port
}

function answer(userId: unknown): string {
  return `{"user_id":${JSON.stringify(userId)}}`
}
