// Brings a clone to the point where it can run: installs, builds the addon, builds dist; each only if it is needed.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newest, npm, oldest, root, tool } from './project.mjs'
import { report, run, tail } from './run.mjs'

/**
 * Installs and builds what is missing or old. Prints one line for each thing done, and the end of its log if it failed.
 *
 * @returns {Promise<boolean>} false when a step failed
 */
export async function setUp() {
  return checkNode() && (await install()) && (await buildNative()) && (await buildDist())
}

/** @returns {boolean} */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return true
  process.stdout.write(`Node.js 20.19 or newer is needed; this is ${process.version}.\n`)
  return false
}

/** @returns {Promise<boolean>} */
async function install() {
  const stamp = join(root, 'node_modules', '.rails-session-installed')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    // The lock file leads to other packages on another platform, in a folder shared by two of them.
    .update(`${process.platform} ${process.arch}`)
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true
  const done = await step('install', [...npm(), 'ci', '--no-audit', '--no-fund'])
  if (done) writeFileSync(stamp, wanted)
  return done
}

/** @returns {Promise<boolean>} */
async function buildNative() {
  const prefix = `rails-session.${process.platform}-${process.arch}`
  const folder = join(root, 'native')
  const built = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.startsWith(prefix) && name.endsWith('.node'))
    : []
  const sources = ['crates', 'Cargo.toml', 'Cargo.lock', '.cargo', 'rust-toolchain.toml']
  const made = [...built, 'index.cjs', 'index.d.cts'].map((name) => `native/${name}`)
  const complete = built.length > 0 && made.every((name) => existsSync(join(root, name)))
  if (complete && newest(made.slice(0, built.length)) > newest(sources)) return true
  const cargo = await run(['cargo', '--version'])
  if (!cargo.ok) {
    process.stdout.write('Rust is needed to build the addon and was not found: https://rustup.rs installs it.\n')
    return false
  }
  return step('build native', [...npm(), 'run', 'build:native'])
}

/** @returns {Promise<boolean>} */
async function buildDist() {
  const compiled = oldest(['dist'], (name) => name.endsWith('.js'))
  const inputs = ['index.ts', 'src', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'native/index.d.cts']
  if (existsSync(join(root, 'dist/index.js')) && compiled > newest(inputs)) return true
  const cleaned = await run([process.execPath, 'scripts/clean.mjs', 'dist'])
  return cleaned.ok && step('build dist', [process.execPath, tool('typescript', 'tsc'), '-p', 'tsconfig.build.json'])
}

/**
 * @param {string} name
 * @param {readonly string[]} command
 * @returns {Promise<boolean>}
 */
async function step(name, command) {
  const { ok, output, seconds } = await run(command)
  report(name, ok ? 'done' : 'FAILED', seconds)
  if (!ok) process.stdout.write(tail(output))
  return ok
}
