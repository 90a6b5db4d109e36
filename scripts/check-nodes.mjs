// Packs the package, installs it into an empty project, and loads it there by `import` and by `require` in every
// version of Node.js that is supported; and holds the adapters against their contract in those that run no other test. A version that the machine does not run comes from the npm registry; where that
// cannot be reached it is skipped aloud, in CI it fails.
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npm, root, tool } from './project.mjs'
import { run, tail } from './run.mjs'

const VERSIONS = ['20', '22', '24']
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const current = process.versions.node.split('.')[0]

const consumer = mkdtempSync(join(tmpdir(), 'rails-session-consumer-'))
try {
  await install()
  writeChecks()
  for (const version of VERSIONS) {
    for (const script of ['import.mjs', 'require.cjs']) {
      // oxlint-disable-next-line no-await-in-loop -- one after another: each downloads
      await check(`Node ${version}, ${script}`, version, [script], consumer, 'loaded ')
    }
    if (version === current) continue
    // Not what Next.js builds, which is the same for all of them.
    const tests = ['run', '__test__/adapters', '--exclude', '**/next-app.test.ts', '--no-color']
    // oxlint-disable-next-line no-await-in-loop -- as above
    await check(`Node ${version}, adapters`, version, [tool('vitest'), ...tests], root, ' passed')
  }
} catch (error) {
  process.stdout.write(`not ok ${/** @type {Error} */ (error).message}\n`)
  process.exitCode = 1
} finally {
  rmSync(consumer, { recursive: true, force: true })
}

/** Installs the tarball, and the binary that was built here as the platform package that npm would bring. */
async function install() {
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true }))
  await must([...npm(), 'pack', '--ignore-scripts', '--pack-destination', consumer], root)
  const tarball = join(consumer, `${manifest.name}-${manifest.version}.tgz`)
  await must([...npm(), 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball], consumer)

  const binary = readdirSync(join(root, 'native')).find((name) =>
    name.startsWith(`${manifest.napi.binaryName}.${process.platform}-${process.arch}`),
  )
  if (!binary) throw new Error('no binary in native/: run npm run build:native')
  const platform = binary.slice(manifest.napi.binaryName.length + 1, -'.node'.length)
  const folder = join(consumer, 'node_modules', `${manifest.name}-${platform}`)
  mkdirSync(folder)
  copyFileSync(join(root, 'native', binary), join(folder, binary))
  const description = { name: `${manifest.name}-${platform}`, version: manifest.version, main: binary }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(description))
  // The frameworks that some subpaths are for: users bring them.
  for (const peer of Object.keys(manifest.peerDependencies)) {
    symlinkSync(join(root, 'node_modules', peer), join(consumer, 'node_modules', peer), 'junction')
  }
}

function writeChecks() {
  const subpaths = Object.keys(manifest.exports).filter((subpath) => !subpath.endsWith('.json'))
  const names = JSON.stringify(subpaths.map((subpath) => manifest.name + subpath.slice(1)))
  const use = `
  if (Object.keys(modules[0]).length === 0) throw new Error('nothing exported')
  const rails = modules[0].createRails({
    secretKeyBase: 'k'.repeat(64), loadDefaults: '7.1', session: { key: '_app_session' }, backend: 'native',
  })
  if (rails.backend !== 'native') throw new Error('backend is ' + rails.backend)
  const opened = rails.session.open(rails.session.seal({ user_id: 7 }))
  if (!opened.ok || opened.data.user_id !== 7) throw new Error('does not open what it sealed')
  console.log('loaded ' + modules.length)
`
  writeFileSync(
    join(consumer, 'import.mjs'),
    `const modules = []\nfor (const name of ${names}) modules.push(await import(name))\n{${use}}\n`,
  )
  writeFileSync(join(consumer, 'require.cjs'), `const modules = ${names}.map((name) => require(name))\n{${use}}\n`)
}

/**
 * @param {string} name
 * @param {string} version
 * @param {string[]} script what to run, and its arguments
 * @param {string} cwd
 * @param {string} expected what it prints if all is well
 */
async function check(name, version, script, cwd, expected) {
  const own = version === current
  const command = own
    ? [process.execPath, ...script]
    : [...npm(), 'exec', '--yes', `--package=node@${version}`, '--', 'node', ...script]
  const { ok, output } = await run(command, { cwd })
  if (ok && output.includes(expected)) {
    process.stdout.write(`ok ${name}\n`)
    return
  }
  const unreachable = !own && /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ECONNRESET|ENOTCACHED/.test(output)
  if (unreachable && !process.env['CI']) {
    process.stdout.write(`skipped ${name}: the npm registry cannot be reached\n`)
    return
  }
  process.stdout.write(`not ok ${name}\n${tail(output)}`)
  process.exitCode = 1
}

/**
 * @param {string[]} command
 * @param {string} cwd
 */
async function must(command, cwd) {
  const { ok, output } = await run(command, { cwd })
  if (!ok) throw new Error(`${command.join(' ')}\n${tail(output)}`)
}
