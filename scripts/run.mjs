// Runs a command without a terminal, keeping what it prints.
import { spawn } from 'node:child_process'
import { root } from './project.mjs'

/** What keeps tools from colouring what they print; CI makes some do it. */
const PLAIN = { NO_COLOR: '1', FORCE_COLOR: undefined, CARGO_TERM_COLOR: 'never', TERM: 'dumb' }

/**
 * @typedef {object} Outcome
 * @property {boolean} ok the command ended with code 0
 * @property {string} output what it printed, both streams in order of arrival
 * @property {number} seconds
 */

/**
 * Runs a command in the project root and waits for it. Never rejects: a command that cannot be started is an outcome
 * that is not ok.
 *
 * @param {readonly string[]} command the program and its arguments; no shell takes part
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options] variables to add; another folder
 * @returns {Promise<Outcome>}
 */
export function run(command, options = {}) {
  const [program, ...args] = command
  const start = performance.now()
  return new Promise((resolve) => {
    /** @type {string[]} */
    const printed = []
    const child = spawn(/** @type {string} */ (program), args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...PLAIN, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => printed.push(text))
    }
    /** @param {boolean} ok */
    const finish = (ok) => resolve({ ok, output: printed.join(''), seconds: (performance.now() - start) / 1000 })
    child.on('error', (error) => {
      printed.push(`${program}: ${error.message}\n`)
      finish(false)
    })
    child.on('close', (code) => finish(code === 0))
  })
}

/**
 * The last lines of a log, indented.
 *
 * @param {string} output
 * @param {number} [lines]
 * @returns {string}
 */
export function tail(output, lines = 80) {
  const all = output.trimEnd().split('\n')
  const cut = all.length > lines ? [`[${all.length - lines} lines before]`] : []
  return [...cut, ...all.slice(-lines)].map((line) => `    ${line}\n`).join('')
}

/**
 * One line of progress: what, how it went, how long it took.
 *
 * @param {string} name
 * @param {string} result
 * @param {number} seconds
 */
export function report(name, result, seconds) {
  process.stdout.write(`${name.padEnd(28)} ${result.padEnd(26)} ${seconds.toFixed(1).padStart(7)} s\n`)
}
