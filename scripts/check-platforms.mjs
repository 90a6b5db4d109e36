// Before publishing: every target of the napi configuration has one folder with one binary and the root's version.
// node scripts/check-platforms.mjs npm
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './project.mjs'

const folder = join(root, process.argv[2] ?? 'npm')
const { name, version, napi } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const found = existsSync(folder) ? readdirSync(folder) : []
/** @type {string[]} */
const problems = []

if (found.length !== napi.targets.length) {
  problems.push(`${napi.targets.length} targets, ${found.length} folders: ${found.join(', ')}`)
}
for (const platform of found) {
  const manifest = JSON.parse(readFileSync(join(folder, platform, 'package.json'), 'utf8'))
  const binaries = readdirSync(join(folder, platform)).filter((file) => file.endsWith('.node'))
  const expected = `${napi.binaryName}.${platform}.node`
  if (binaries.join() !== expected)
    problems.push(`${platform}: expected ${expected}, found ${binaries.join() || 'none'}`)
  if (manifest.name !== `${name}-${platform}`) problems.push(`${platform}: is named ${manifest.name}`)
  if (manifest.version !== version) problems.push(`${platform}: version ${manifest.version} instead of ${version}`)
}

for (const problem of problems) process.stdout.write(`not ok ${problem}\n`)
if (problems.length === 0) process.stdout.write(`ok ${found.length} platform packages\n`)
else process.exitCode = 1
