/** Chooses the cases that are committed: `select.js FROM TO`. README.md beside the committed files has the rule. */
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { gzipSync } from 'node:zlib'
import { digestsOf } from './digests.ts'
import { jsonText, parseMarked } from './key-order.ts'
import { LAYERS_IN_SCOPE } from './scope.ts'
import { readVectors } from './vectors.ts'

function main([from, to]: readonly string[]): void {
  if (from === undefined || to === undefined) throw new Error('usage: select.js FROM TO')
  const layers = readdirSync(from, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  for (const { name: layer } of layers) {
    mkdirSync(join(to, layer), { recursive: true })
    for (const name of readdirSync(join(from, layer)).filter((each) => each.endsWith('.json'))) {
      const { cases, ...header } = parseMarked(readFileSync(join(from, layer, name), 'utf8')) as Vectors
      const share = isNewest(name) && LAYERS_IN_SCOPE.includes(layer) ? 1 : SHARE
      const selected = cases.filter((vector) => position(vector) < share)
      writeFileSync(join(to, layer, `${name}.gz`), gzipSync(text(header, selected, cases.length), { level: 9 }))
    }
  }
  const inScope = readVectors(from).filter(({ layer }) => LAYERS_IN_SCOPE.includes(layer))
  writeFileSync(join(to, 'expectations.bin'), Buffer.from(digestsOf(inScope)))
}

interface Vectors {
  readonly cases: ReadonlyArray<{ readonly id?: string }>
}

/** 8.1, and the Ruby that it was recorded on. */
function isNewest(name: string): boolean {
  return name.endsWith('-8.1.json') || name === 'ruby-3.3.json'
}

/** Where a case stands between 0 and 1: by its id, so that all versions give the same cases. */
function position(vector: { readonly id?: string }): number {
  const id = (vector.id ?? JSON.stringify(vector)).replace(/^([^/]+)->[^/]+\//, '$1/')
  return createHash('sha256').update(id).digest().readUInt32BE() / 2 ** 32
}

/** One case a line, as in the original. */
function text(header: object, cases: readonly object[], total: number): string {
  const fields = jsonText({ ...header, count: cases.length, selected_from: total })
  return `${fields.slice(0, -1)},\n"cases":[\n${cases.map(jsonText).join(',\n')}\n]}\n`
}

const SHARE = 0.5

main(process.argv.slice(2))
