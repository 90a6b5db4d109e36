import { readFileSync } from 'node:fs'

/** What stands in a file of JSON lines, as Ruby recorded it. */
export function jsonLines(file: URL): unknown[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
}
