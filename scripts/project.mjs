// Where things are in this project, and how old. Nothing here needs an installed package.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the root package.json. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * The arguments after `node` that run an installed development tool, by the name of its command.
 * Not `node_modules/.bin`: what stands there cannot be run without a shell on Windows.
 *
 * @param {string} packageName
 * @param {string} [command] name of the command, when the package has another name
 * @returns {string}
 */
export function tool(packageName, command = packageName) {
  const folder = join(root, 'node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[command])
}

/**
 * Command and first arguments that run npm: the npm that started us, if one did.
 *
 * @returns {string[]}
 */
export function npm() {
  const script = process.env['npm_execpath']
  if (script?.endsWith('npm-cli.js')) return [process.execPath, script]
  return process.platform === 'win32' ? ['cmd', '/d', '/s', '/c', 'npm'] : ['npm']
}

/**
 * Newest modification time of files and of everything in folders, in milliseconds; 0 when nothing exists.
 *
 * @param {readonly string[]} paths seen from the project root
 * @param {(name: string) => boolean} [wanted] which files inside folders count
 * @returns {number}
 */
export function newest(paths, wanted = () => true) {
  return files(paths, wanted).reduce((latest, file) => Math.max(latest, statSync(file).mtimeMs), 0)
}

/**
 * Oldest modification time of files and of everything in folders, in milliseconds; 0 when nothing exists.
 *
 * @param {readonly string[]} paths seen from the project root
 * @param {(name: string) => boolean} [wanted] which files inside folders count
 * @returns {number}
 */
export function oldest(paths, wanted = () => true) {
  const times = files(paths, wanted).map((file) => statSync(file).mtimeMs)
  return times.length === 0 ? 0 : Math.min(...times)
}

/**
 * @param {readonly string[]} paths
 * @param {(name: string) => boolean} wanted
 * @returns {string[]}
 */
function files(paths, wanted) {
  /** @type {string[]} */
  const found = []
  for (const path of paths) {
    const start = join(root, path)
    if (!existsSync(start)) continue
    if (statSync(start).isFile()) {
      found.push(start)
      continue
    }
    for (const entry of readdirSync(start, { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && wanted(entry.name)) found.push(join(entry.parentPath, entry.name))
    }
  }
  return found
}
