import { plainKey } from '../ruby/plain.ts'

/** New values for top-level keys of a Hash; `undefined` drops the key. */
export type Changes = ReadonlyMap<string, unknown>

/** The pairs of a Hash with changes made: a changed key keeps its place, new ones come last. */
export function changedPairs(
  pairs: ReadonlyArray<readonly [unknown, unknown]>,
  changes: Changes,
): Array<readonly [unknown, unknown]> {
  const added = new Map(changes)
  const kept = pairs.map(([key, value]) => {
    const name = plainKey(key)
    if (name === undefined || !changes.has(name)) return [key, value] as const
    added.delete(name)
    return [key, changes.get(name)] as const
  })
  return [...kept, ...added].filter(([, value]) => value !== undefined)
}
