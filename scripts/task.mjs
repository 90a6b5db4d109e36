// `npm run demo` and `npm test`: both work on a fresh clone, with nothing but Node.js and Rust on the machine.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './project.mjs'
import { setUp } from './setup.mjs'
import { runStages } from './stages.mjs'

const [task, ...rest] = process.argv.slice(2)

switch (task) {
  case 'demo':
    process.exitCode = await demo(rest)
    break
  case 'test':
    process.exitCode = await test(rest)
    break
  default:
    process.stderr.write('usage: node scripts/task.mjs demo [--serve] | test [--only stage,stage]\n')
    process.exitCode = 2
}

/**
 * @param {readonly string[]} options handed to the demo
 * @returns {Promise<number>} exit code
 */
async function demo(options) {
  if (!(await setUp())) return 1
  const script = join(root, 'examples/demo.mjs')
  if (!existsSync(script)) {
    process.stderr.write('examples/demo.mjs does not exist\n')
    return 1
  }
  const child = spawn(process.execPath, [script, ...options], { stdio: 'inherit' })
  // Ctrl-C reaches the child as well; it decides when a server ends.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}

/**
 * @param {readonly string[]} options
 * @returns {Promise<number>} exit code
 */
async function test(options) {
  const at = options.indexOf('--only')
  const inline = options.find((option) => option.startsWith('--only='))?.slice('--only='.length)
  const only = (at === -1 ? inline : options[at + 1])?.split(',')
  return runStages(only)
}
