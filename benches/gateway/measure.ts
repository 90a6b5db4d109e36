// oxlint-disable no-await-in-loop -- things that are measured must not overlap
import autocannon from 'autocannon'
import { type FormatName, FORMATS } from '../formats.ts'
import { median } from '../ratio.ts'
import { type Mode, MODES } from './modes.ts'
import { type Framework, ServerProcess } from './process.ts'
import { type Visit, visits } from './traffic.ts'

/** What is measured. */
export interface GatewayPlan {
  readonly framework: Framework
  readonly format: FormatName
  readonly modes: readonly Mode[]
  /** Each round measures every mode once, starting with another one. */
  readonly rounds: number
  /** Requests to one server in one round. */
  readonly requests: number
}

/** Processor time of a server. */
export interface ModeResult {
  readonly mode: Mode
  /** Microseconds per request: the best round and the median. */
  readonly min: number
  readonly median: number
  /** Part of it that is not there without a session: the median over the rounds. */
  readonly sessionShare: number
  /** How many times as long as our server: the median over the rounds. */
  readonly ratio: number
}

/** What was measured of a framework with a format. */
export interface GatewayResult extends Pick<GatewayPlan, 'framework' | 'format' | 'rounds' | 'requests'> {
  readonly modes: readonly ModeResult[]
}

/**
 * Serves the same requests with every mode, each server in a process of its own, in turns. What is counted is the
 * processor time that the server itself reports, so that the process that makes the load does not matter.
 */
export async function measureGateway(plan: GatewayPlan): Promise<GatewayResult> {
  const { framework, rounds, requests } = plan
  const format = FORMATS.find(({ name }) => name === plan.format)!
  const traffic = visits(format, CONNECTIONS * COOKIES_PER_CONNECTION)
  const modes = MODES.filter((mode) => mode === 'none' || mode === 'ours' || plan.modes.includes(mode))
  const servers = await Promise.all(modes.map((mode) => ServerProcess.start(framework, mode, plan.format)))
  try {
    const used = new Map(modes.map((mode): [Mode, number[]] => [mode, []]))
    for (const server of servers) await assertRight(server, traffic)
    for (const server of servers) await timePerRequest(server, traffic, WARM_UP_REQUESTS)
    for (let round = 0; round < rounds; round++) {
      for (let step = 0; step < servers.length; step++) {
        const server = servers[(round + step) % servers.length]!
        used.get(server.mode)!.push(await timePerRequest(server, traffic, requests))
      }
    }
    return { framework, format: plan.format, rounds, requests, modes: modes.map((mode) => result(mode, used)) }
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

function result(mode: Mode, used: ReadonlyMap<Mode, readonly number[]>): ModeResult {
  const times = used.get(mode)!
  const without = used.get('none')!
  const ours = used.get('ours')!
  return {
    mode,
    min: Math.min(...times),
    median: median(times),
    sessionShare: median(times.map((time, round) => (time - without[round]!) / time)),
    ratio: median(times.map((time, round) => time / ours[round]!)),
  }
}

async function assertRight({ mode, url }: ServerProcess, traffic: readonly Visit[]): Promise<void> {
  for (const { header, userId } of traffic.slice(0, 16)) {
    const response = await fetch(url, { headers: { cookie: header } })
    const expected = JSON.stringify({ user_id: mode === 'none' ? null : userId })
    const body = await response.text()
    if (body !== expected) throw new Error(`gateway: ${mode} answers ${body} instead of ${expected}`)
  }
}

/** Microseconds of the server's processor time per request. */
async function timePerRequest(server: ServerProcess, traffic: readonly Visit[], amount: number): Promise<number> {
  let connection = 0
  const before = await server.usage()
  const { non2xx, errors } = await autocannon({
    url: server.url,
    connections: CONNECTIONS,
    amount,
    // It looks this often whether all were sent.
    sampleInt: 20,
    setupClient: (client) => {
      const first = COOKIES_PER_CONNECTION * connection++
      const own = traffic.slice(first, first + COOKIES_PER_CONNECTION)
      client.setRequests(own.map(({ header }) => ({ method: 'GET', path: '/', headers: { cookie: header } })))
    },
  })
  const after = await server.usage()
  const requests = after.requests - before.requests
  if (non2xx + errors > 0 || requests < amount) throw new Error(`gateway: ${server.mode} served ${requests}`)
  return (after.microseconds - before.microseconds) / requests
}

const CONNECTIONS = 32
const COOKIES_PER_CONNECTION = 64
const WARM_UP_REQUESTS = 5000
