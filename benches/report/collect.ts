// oxlint-disable no-await-in-loop -- things that are measured must not overlap
import { readFileSync } from 'node:fs'
import { allCases } from '../cases/all.ts'
import { type Block, longestBlocks } from '../event-loop.ts'
import { type GatewayResult, measureGateway } from '../gateway/measure.ts'
import { MODES } from '../gateway/modes.ts'
import { measureScaling, type Scaling } from '../gateway/scaling.ts'
import type { Effort } from '../harness.ts'
import { measureCase } from '../measure-case.ts'
import { measureMemory } from '../memory.ts'
import type { Soak } from '../soak.ts'
import type { Measured } from '../ratio.ts'
import { environment } from '../table.ts'

/** Everything that docs/BENCHMARKS.md shows. */
export interface Results {
  readonly date: string
  /** Machine and versions. */
  readonly about: Readonly<Record<string, string>>
  readonly effort: Effort
  readonly cases: readonly Measured[]
  /** Cases whose cookies would be longer than browsers take. */
  readonly impossible: readonly string[]
  readonly gateway: readonly GatewayResult[]
  readonly scaling: readonly Scaling[]
  readonly blocks: readonly Block[]
  readonly memory: Soak
}

/** How long to measure what. */
export interface Plan extends Effort {
  readonly gatewayRounds: number
  readonly requests: number
  readonly memoryCalls: number
}

/** Measures everything; some minutes. `progress` is told what has begun. */
export async function collect(root: URL, plan: Plan, progress: (what: string) => void): Promise<Results> {
  const cases: Measured[] = []
  const impossible: string[] = []
  for (const { name } of allCases()) {
    progress(name)
    const measured = await measureCase(name, plan)
    if (measured === null) impossible.push(name)
    else cases.push(measured)
  }
  const gateway: GatewayResult[] = []
  for (const format of ['gcm+envelope', 'cbc'] as const) {
    for (const framework of ['http', 'fastify'] as const) {
      progress(`gateway ${framework} ${format}`)
      const { gatewayRounds: rounds, requests } = plan
      gateway.push(await measureGateway({ framework, format, modes: MODES, rounds, requests }))
    }
  }
  progress('threads, event loop, memory')
  return {
    date: new Date().toISOString().slice(0, 10),
    about: { ...versions(root), ...environment() },
    effort: { rounds: plan.rounds, milliseconds: plan.milliseconds },
    cases,
    impossible,
    gateway,
    scaling: [
      await measureScaling('node', 'gcm+envelope', plan.gatewayRounds),
      await measureScaling('ours', 'gcm+envelope', plan.gatewayRounds),
    ],
    blocks: await longestBlocks(),
    memory: await measureMemory(plan.memoryCalls),
  }
}

/** Of this package and of the crates that do the work. */
function versions(root: URL): Record<string, string> {
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }
  const lock = readFileSync(new URL('Cargo.lock', root), 'utf8')
  const crates = CRATES.flatMap((crate) => {
    const found = new RegExp(`^name = "${crate}"\\nversion = "(.+)"$`, 'm').exec(lock)?.[1]
    return found === undefined ? [] : [`${crate} ${found}`]
  })
  return { 'rails-session': version, crates: crates.join(', ') }
}

const CRATES = ['aes', 'aes-gcm', 'cbc', 'hmac', 'pbkdf2', 'sha1', 'sha2', 'napi']
