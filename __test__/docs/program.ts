import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { RAILS_APPLICATION } from '../adapters/real-session.ts'
import type { Running } from '../support/running.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The text of a page of docs/, or of README.md, about the application whose real session the tests have. */
export function readPage(name: string): string {
  const text = readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
  return text.replaceAll('_shop_session', String(RAILS_APPLICATION.session?.key))
}

/** The blocks of code of a page that are in one language, in order. */
export function blocksOf(page: string, language: string): string[] {
  return [...page.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].flatMap(([, each, code = '']) =>
    each === language ? [code] : [],
  )
}

/** The `js` blocks of a page as one program, as pages say: the others go above the end of the first, which listens. */
export function programOf(page: string): string {
  const [first = '', ...rest] = blocksOf(page, 'js')
  const paragraphs = first.trimEnd().split('\n\n')
  return [...paragraphs.slice(0, -1), ...rest, paragraphs.at(-1)].join('\n\n')
}

/** Runs a program that listens, on a free port in place of its own, as if it were a file in the root folder. */
export async function serve(program: string): Promise<Running> {
  const preload = `data:text/javascript,${encodeURIComponent(ON_A_FREE_PORT)}`
  const env = { ...process.env, SECRET_KEY_BASE: String(RAILS_APPLICATION.secretKeyBase) }
  const child = spawn(process.execPath, ['--import', preload, '--input-type=module', '--eval', program], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (piece) => (log += String(piece)))
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (line) => resolve(Number.parseInt(String(line), 10)))
    child.once('close', () => reject(new Error(`the program ended:\n${log}`)))
  })
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() }
}

/** What is loaded before the program, and prints the port. */
const ON_A_FREE_PORT = `
import { Server } from 'node:net'
const { listen } = Server.prototype
Server.prototype.listen = function (...given) {
  const then = given.filter((each) => typeof each === 'function')
  this.once('listening', () => console.log(this.address().port))
  return listen.call(this, { port: 0, host: '127.0.0.1' }, ...then)
}`
