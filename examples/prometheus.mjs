// Counts, for Prometheus, what becomes of the cookies of a Rails application. GET /metrics has the numbers.
import { subscribe } from 'node:diagnostics_channel'
import { createServer } from 'node:http'
import { Counter, Histogram, register } from 'prom-client'
import { createRails } from 'rails-session'

// The recipe. Every label has a fixed set of values; none comes from a cookie.
const opened = new Counter({
  name: 'rails_session_opened_total',
  help: 'Cookies that were accepted',
  labelNames: ['kind', 'serializer', 'rotation'],
})
const rejected = new Counter({
  name: 'rails_session_rejected_total',
  help: 'Cookies that were refused, and requests without one (reason "absent")',
  labelNames: ['kind', 'reason'],
})
const sealed = new Counter({
  name: 'rails_session_sealed_total',
  help: 'Cookies that were written',
  labelNames: ['kind', 'serializer'],
})
const sealedBytes = new Histogram({
  name: 'rails_session_sealed_bytes',
  help: 'Length of the values that were written; with its name, a cookie may have 4096 bytes',
  labelNames: ['kind'],
  buckets: [256, 512, 1024, 2048, 3072, 3584, 4096],
})

subscribe('rails-session:open', ({ kind, serializer, rotation }) => {
  opened.inc({ kind, serializer: serializer ?? 'none', rotation: rotation ?? 'none' })
})
subscribe('rails-session:reject', ({ kind, reason }) => {
  rejected.inc({ kind, reason })
})
subscribe('rails-session:seal', ({ kind, serializer, bytes }) => {
  sealed.inc({ kind, serializer: serializer ?? 'none' })
  sealedBytes.observe({ kind }, bytes)
})

// A server that has something to count.
const rails = createRails({
  secretKeyBase: process.env.SECRET_KEY_BASE,
  loadDefaults: '7.1',
  session: { key: '_shop_session' },
  cookiesRotations: [{ kind: 'encrypted', keyGeneratorHashDigestClass: 'SHA1' }],
})

const server = createServer(async (request, response) => {
  if (request.url === '/metrics') {
    response.setHeader('content-type', register.contentType).end(await register.metrics())
    return
  }
  const session = rails.session.load(request.headers.cookie, { https: false })
  session.update(({ visits = 0 }) => ({ visits: visits + 1 }))
  const line = session.commit()
  if (line !== null) response.appendHeader('set-cookie', line)
  response.end(`visit ${session.get('visits')}`)
})
server.listen(process.env.PORT ?? 3000, () => console.log(`http://localhost:${server.address().port}`))
