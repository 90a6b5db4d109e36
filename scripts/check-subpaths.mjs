// Fails when the exports map, the built files and the documents disagree about which subpaths there are.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './project.mjs'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
/** @type {string[]} */
const problems = []

/** @type {Set<string>} */
const subpaths = new Set()
for (const [subpath, target] of Object.entries(manifest.exports)) {
  subpaths.add(manifest.name + subpath.slice(1))
  for (const file of typeof target === 'string' ? [target] : Object.values(target)) {
    if (!existsSync(join(root, file)))
      problems.push(`package.json: exports ${subpath} as ${file}, which does not exist`)
  }
}
for (const [name, file] of Object.entries(manifest.imports)) {
  if (!existsSync(join(root, file))) problems.push(`package.json: imports ${name} from ${file}, which does not exist`)
}

const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md']
  .concat(readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name)))
  .filter((name) => name.endsWith('.md') && existsSync(join(root, name)))
/** @type {Set<string>} */
const mentioned = new Set()
for (const document of documents) {
  // A name in quotes or backticks, as in code: rails-session, rails-session/ruby.
  const names = readFileSync(join(root, document), 'utf8').matchAll(/['"`](rails-session(?:\/[\w./-]+)?)['"`]/g)
  for (const [, name = ''] of names) {
    mentioned.add(name)
    if (!subpaths.has(name)) problems.push(`${document}: names ${name}, which package.json does not export`)
  }
}
for (const subpath of subpaths) {
  if (subpath.endsWith('.json') || mentioned.has(subpath)) continue
  problems.push(`package.json: exports ${subpath}, which no document names`)
}

for (const problem of problems) process.stdout.write(`not ok ${problem}\n`)
if (problems.length === 0) process.stdout.write(`ok ${subpaths.size} subpaths, ${documents.length} documents\n`)
else process.exitCode = 1
