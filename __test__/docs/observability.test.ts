import { beforeAll, describe, expect, it } from 'vitest'
import { createRails } from '../../index.ts'
import { cookieAfter, send } from '../adapters/client.ts'
import { SECRET } from '../support/application.ts'
import { startExample } from '../support/example.ts'
import { stoppedAtTheEnd } from '../support/running.ts'

const settings = { secretKeyBase: SECRET, loadDefaults: '7.1', session: { key: '_shop_session' } } as const
const data = { 'warden.user.user.key': [[4711], 'salt'], secret: 'nobody may see this' }
const cookie = `_shop_session=${createRails(settings).session.seal(data)}`
const older = `_shop_session=${createRails({ ...settings, keyGeneratorHashDigestClass: 'SHA1' }).session.seal(data)}`
const cbc = createRails({ ...settings, useAuthenticatedCookieEncryption: false }).session.seal(data)

const keep = stoppedAtTheEnd()

/** Starts an example, sends it requests of all kinds, and returns what its /metrics answers. */
async function measured(name: string): Promise<string> {
  const { url } = await keep(startExample(name))
  const first = await send(url, { cookie })
  await send(url, { cookie: cookieAfter(first) })
  await send(url, { cookie: older })
  await send(url, { cookie: `_shop_session=${cbc}` })
  // A letter of the value that is not part of an escape.
  await send(url, { cookie: cookie.replace(/(?<==.*)(?<!%.?)[A-Za-z]/, (letter) => (letter === 'A' ? 'B' : 'A')) })
  await send(url, { cookie: '_shop_session=nothing of ours' })
  await send(url)
  return (await send(`${url}/metrics`)).body
}

/** What must be counted: opened, rejected, sealed. */
const OPENED = { none: 2, '0': 1, legacy: 1 }
const REJECTED = { unauthenticated: 1, malformed: 1, absent: 1 }
const SEALED = 7

describe('examples/prometheus.mjs', () => {
  let body = ''
  beforeAll(async () => {
    body = await measured('prometheus')
  })

  it('counts by reason, rotation and kind', () => {
    const lines = body.split('\n').filter((line) => line.startsWith('rails_session_') && !line.includes('_bytes'))
    expect(lines.toSorted()).toEqual(
      [
        ...Object.entries(OPENED).map(
          ([rotation, count]) =>
            `rails_session_opened_total{kind="session",serializer="json",rotation="${rotation}"} ${count}`,
        ),
        ...Object.entries(REJECTED).map(
          ([reason, count]) => `rails_session_rejected_total{kind="session",reason="${reason}"} ${count}`,
        ),
        `rails_session_sealed_total{kind="session",serializer="json"} ${SEALED}`,
      ].toSorted(),
    )
  })

  it('has the size of what was written', () => {
    expect(body).toContain(`rails_session_sealed_bytes_count{kind="session"} ${SEALED}\n`)
    expect(body).toContain(`rails_session_sealed_bytes_bucket{le="4096",kind="session"} ${SEALED}\n`)
  })

  it('tells nothing about anybody', () => {
    expect(body).not.toMatch(/4711|nobody|_shop_session|salt/)
  })
})

interface Metric {
  readonly descriptor: { readonly name: string }
  readonly dataPoints: ReadonlyArray<{
    readonly attributes: Record<string, string>
    readonly value: number | { readonly count: number }
  }>
}

describe('examples/opentelemetry.mjs', () => {
  let body = ''
  let metrics: readonly Metric[] = []
  beforeAll(async () => {
    body = await measured('opentelemetry')
    metrics = JSON.parse(body) as Metric[]
  })

  /** Counts of a metric by what tells its data points apart. */
  const counted = (name: string, attribute: string): Record<string, unknown> => {
    const points = metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []
    expect(points.every(({ attributes }) => attributes['kind'] === 'session')).toBe(true)
    return Object.fromEntries(points.map(({ attributes, value }) => [attributes[attribute], value]))
  }

  it('counts by reason, rotation and kind', () => {
    expect(counted('rails_session.opened', 'rotation')).toEqual(OPENED)
    expect(counted('rails_session.opened', 'serializer')).toHaveProperty('json')
    expect(counted('rails_session.rejected', 'reason')).toEqual(REJECTED)
    expect(counted('rails_session.sealed', 'serializer')).toEqual({ json: SEALED })
  })

  it('has the size of what was written', () => {
    expect(counted('rails_session.sealed.size', 'kind')).toMatchObject({ session: { count: SEALED } })
  })

  it('tells nothing about anybody', () => {
    expect(body).not.toMatch(/4711|nobody|_shop_session|salt/)
  })
})
