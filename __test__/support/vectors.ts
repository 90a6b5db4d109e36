import { fileURLToPath } from 'node:url'
import { readVectors, type VectorFile } from '../conformance/vectors.ts'

/** The committed vectors of one layer, oldest Rails first. */
export function vectorsOf(layer: string): VectorFile[] {
  return readVectors(fileURLToPath(new URL(`../vectors/${layer}`, import.meta.url)))
}
