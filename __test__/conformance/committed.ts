import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Digests } from './digests.ts'
import type { Records } from './judge.ts'
import { Twins } from './twins.ts'
import { readVectors, type VectorFile } from './vectors.ts'

/** The vectors that are committed, for tests: this file is not compiled to another place, as the runner is. */
export const committedFiles: readonly VectorFile[] = readVectors(fileURLToPath(new URL('../vectors', import.meta.url)))

/** What the judge knows about them. */
export const committedRecords: Records = {
  twins: new Twins(committedFiles),
  digests: Digests.read(join(fileURLToPath(new URL('../vectors', import.meta.url)), 'expectations.bin')),
}

/** One committed file. */
export function committedFile(layer: string, label: string): VectorFile {
  const found = committedFiles.find((file) => file.layer === layer && file.label === label)
  if (found === undefined) throw new Error(`no vectors of ${layer}/${label}`)
  return found
}
