// Fails when a binary asks for a newer glibc than promised: node scripts/check-glibc.mjs 2.17 native/*.node
import { readFileSync } from 'node:fs'

const [promised = '', ...files] = process.argv.slice(2)
if (!/^\d+\.\d+$/.test(promised) || files.length === 0) {
  process.stderr.write('usage: node scripts/check-glibc.mjs <version> <file> ...\n')
  process.exit(2)
}

for (const file of files) {
  const names = readFileSync(file, 'latin1').match(/GLIBC_\d+\.\d+/g) ?? []
  const newest = names
    .map((name) => name.slice('GLIBC_'.length))
    .toSorted(order)
    .at(-1)
  // No name at all means that this is no glibc binary, and that nothing was checked.
  const good = newest !== undefined && order(newest, promised) <= 0
  process.stdout.write(`${good ? 'ok' : 'not ok'} ${file} needs glibc ${newest ?? '?'}; promised is ${promised}\n`)
  if (!good) process.exitCode = 1
}

/**
 * @param {string} a
 * @param {string} b
 * @returns {number}
 */
function order(a, b) {
  const [major = 0, minor = 0] = a.split('.').map(Number)
  const [otherMajor = 0, otherMinor = 0] = b.split('.').map(Number)
  return major - otherMajor || minor - otherMinor
}
