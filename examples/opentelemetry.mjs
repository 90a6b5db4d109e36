// Counts, for OpenTelemetry, what becomes of the cookies of a Rails application. GET /metrics shows the numbers.
import { subscribe } from 'node:diagnostics_channel'
import { createServer } from 'node:http'
import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { createRails } from 'rails-session'

// Where the numbers go. In an application, an exporter of your own, e.g. @opentelemetry/exporter-metrics-otlp-http.
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({ exporter })
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))

// The recipe. Every attribute has a fixed set of values; none comes from a cookie.
const meter = metrics.getMeter('rails-session')
const opened = meter.createCounter('rails_session.opened', {
  description: 'Cookies that were accepted',
  unit: '{cookie}',
})
const rejected = meter.createCounter('rails_session.rejected', {
  description: 'Cookies that were refused, and requests without one (reason "absent")',
  unit: '{cookie}',
})
const sealed = meter.createCounter('rails_session.sealed', {
  description: 'Cookies that were written',
  unit: '{cookie}',
})
const sealedSize = meter.createHistogram('rails_session.sealed.size', {
  description: 'Length of the values that were written; with its name, a cookie may have 4096 bytes',
  unit: 'By',
  advice: { explicitBucketBoundaries: [256, 512, 1024, 2048, 3072, 3584, 4096] },
})

subscribe('rails-session:open', ({ kind, serializer, rotation }) => {
  opened.add(1, { kind, serializer: serializer ?? 'none', rotation: String(rotation ?? 'none') })
})
subscribe('rails-session:reject', ({ kind, reason }) => {
  rejected.add(1, { kind, reason })
})
subscribe('rails-session:seal', ({ kind, serializer, bytes }) => {
  sealed.add(1, { kind, serializer: serializer ?? 'none' })
  sealedSize.record(bytes, { kind })
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
    await reader.forceFlush()
    const { scopeMetrics } = exporter.getMetrics().at(-1)
    const numbers = scopeMetrics.flatMap((scope) => scope.metrics)
    response.setHeader('content-type', 'application/json').end(JSON.stringify(numbers, null, 2))
    return
  }
  const session = rails.session.load(request.headers.cookie, { https: false })
  session.update(({ visits = 0 }) => ({ visits: visits + 1 }))
  const line = session.commit()
  if (line !== null) response.appendHeader('set-cookie', line)
  response.end(`visit ${session.get('visits')}`)
})
server.listen(process.env.PORT ?? 3000, () => console.log(`http://localhost:${server.address().port}`))
