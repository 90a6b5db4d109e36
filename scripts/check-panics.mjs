// Builds the addon with the feature `test-panic` and makes every export of it panic, one after the other: each must throw
// a JavaScript error that shows no input, and work again afterwards. A panic that nothing catches ends the process.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run, tail } from './run.mjs'

const VARIABLE = 'RAILS_SESSION_TEST_PANIC'
const SECRET = 'input-of-the-caller'
const [binary] = process.argv.slice(2)

if (binary) await callEverything(createRequire(import.meta.url)(binary))
else await buildAndRun()

async function buildAndRun() {
  const cargo = ['cargo', 'build', '--package', 'rails-session-node', '--features', 'test-panic']
  const { ok, output } = await run([...cargo, '--message-format', 'json-render-diagnostics'])
  const library = output
    .split('\n')
    .filter((line) => line.startsWith('{"reason":"compiler-artifact"') && line.includes('rails-session-node'))
    .flatMap((line) => JSON.parse(line).filenames)
    .find((file) => /\.(so|dylib|dll)$/.test(file))
  if (!ok || !library) {
    process.stdout.write(`not ok build\n${tail(output)}`)
    process.exitCode = 1
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'rails-session-panics-'))
  try {
    const copy = join(folder, 'rails-session.node')
    copyFileSync(library, copy)
    // What Rust prints about a panic goes to standard error.
    const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), copy], { encoding: 'utf8' })
    process.stdout.write(child.stdout)
    if (child.stderr.includes(SECRET)) process.stdout.write(`not ok a panic printed its input\n`)
    if (child.status === 0 && !child.stderr.includes(SECRET)) return
    process.stdout.write(`not ok the process lives\n${tail(child.stderr)}`)
    process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {any} addon */
async function callEverything(addon) {
  const bytes = Buffer.from(SECRET)
  const key = addon.Key.fromBytes(Buffer.alloc(32))
  const builder = () => new addon.KeyringBuilder()
  const filled = () => {
    const one = builder()
    one.addAead('aes-256-gcm', key, false)
    return one
  }
  const workspace = () => new addon.Workspace(new Uint32Array(8192), new Uint32Array(8192))
  const keyring = filled().build(workspace())
  /** @type {Record<string, () => unknown>} */
  const calls = {
    'Key.fromBytes': () => addon.Key.fromBytes(bytes),
    'Key.length': () => key.length,
    'Key.bytes': () => key.bytes(),
    derive: () => addon.derive('SHA1', bytes, bytes, 1, 8),
    deriveAsync: () => addon.deriveAsync('SHA1', bytes, bytes, 1, 8),
    'Derivation.compute': () => addon.deriveAsync('SHA1', bytes, bytes, 1, 8),
    KeyringBuilder: builder,
    'KeyringBuilder.addSigned': () => builder().addSigned('SHA1', key, false),
    'KeyringBuilder.addCbc': () => builder().addCbc('aes-256-cbc', key, 'SHA1', key, false),
    'KeyringBuilder.addAead': () => builder().addAead('aes-256-gcm', key, false),
    'KeyringBuilder.build': () => filled().build(workspace()),
    Workspace: workspace,
    open: () => keyring.open(SECRET, 1),
    seal: () => keyring.seal(SECRET, '', 0),
    sealDraft: () => keyring.sealDraft(SECRET, '', 0, 0),
    'Workspace.learnKey': () => workspace().learnKey(SECRET),
    sealWithIv: () => keyring.sealWithIv(SECRET, '', 0, Buffer.alloc(12)),
  }
  for (const name of exportsOf(addon, keyring)) {
    if (!(name in calls)) failed(`${name} is called by this check`)
  }
  for (const [name, call] of Object.entries(calls)) {
    // oxlint-disable-next-line no-await-in-loop -- one after another: they share the environment
    await callOne(name, call)
  }
}

/**
 * @param {string} name
 * @param {() => unknown} call
 */
async function callOne(name, call) {
  process.env[VARIABLE] = name
  /** @type {unknown} */
  let error
  try {
    await call()
  } catch (thrown) {
    error = thrown
  }
  delete process.env[VARIABLE]
  await call()
  if (error instanceof Error && /panic/.test(error.message) && !error.message.includes(SECRET)) {
    process.stdout.write(`ok ${name}\n`)
  } else {
    failed(`${name}: ${error}`)
  }
}

/**
 * @param {any} addon
 * @param {object} keyring
 * @returns {string[]}
 */
function exportsOf(addon, keyring) {
  const names = Object.keys(keyring)
  for (const [name, value] of Object.entries(addon)) {
    if (!value.prototype) names.push(name)
    for (const method of Object.getOwnPropertyNames(value.prototype ?? {})) {
      names.push(method === 'constructor' ? name : `${name}.${method}`)
    }
    for (const method of Object.getOwnPropertyNames(value)) {
      if (!['length', 'name', 'prototype', 'arguments', 'caller'].includes(method)) names.push(`${name}.${method}`)
    }
  }
  // Only a factory makes a key.
  return names.filter((name) => name !== 'Key')
}

/** @param {string} what */
function failed(what) {
  process.stdout.write(`not ok ${what}\n`)
  process.exitCode = 1
}
