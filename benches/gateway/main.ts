// oxlint-disable no-await-in-loop -- things that are measured must not overlap
import { parseArgs } from 'node:util'
import type { FormatName } from '../formats.ts'
import { measureGateway } from './measure.ts'
import { MODES } from './modes.ts'
import type { Framework } from './process.ts'
import { measureScaling } from './scaling.ts'
import { gatewayTable, scalingLine } from './table.ts'

const { values } = parseArgs({
  options: {
    format: { type: 'string', multiple: true, default: ['gcm+envelope', 'cbc'] },
    framework: { type: 'string', multiple: true, default: ['http', 'fastify'] },
    requests: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '11' },
  },
})

const rounds = Number(values.rounds)
for (const format of values.format as FormatName[]) {
  for (const framework of values.framework as Framework[]) {
    const requests = Number(values.requests)
    print(gatewayTable(await measureGateway({ framework, format, modes: MODES, rounds, requests })))
  }
  print(`opens in worker threads, ${format}`)
  for (const mode of ['node', 'ours'] as const) print(scalingLine(await measureScaling(mode, format, rounds)))
  print('')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
