// Deletes the folders given as arguments, seen from the project root: node scripts/clean.mjs dist
import { rmSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { root } from './project.mjs'

for (const argument of process.argv.slice(2)) {
  const target = resolve(root, argument)
  const inside = relative(root, target)
  if (inside === '' || inside.startsWith('..')) throw new Error(`clean: ${argument} is not inside the project`)
  rmSync(target, { recursive: true, force: true })
}
