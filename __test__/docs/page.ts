import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { RAILS_APPLICATION } from '../adapters/real-session.ts'
import { OLD_SECRET } from '../support/application.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What a page's code finds in its environment: the secret of {@link RAILS_APPLICATION}. */
const ENVIRONMENT = {
  SECRET_KEY_BASE: String(RAILS_APPLICATION.secretKeyBase),
  OLD_SECRET_KEY_BASE: OLD_SECRET,
}

/** Compares what `// =>` asserts. Hashes are objects without a prototype, which nobody writes down. */
const CHECK =
  "import { deepStrictEqual as $equal } from 'node:assert'; const $check = (is, shall) => $equal(structuredClone(is), shall)"

/**
 * All `js` blocks of a Markdown page as one module, each line where it is in the page, so that errors name it. What stands
 * between `<!-- run` and `-->` is run as well, and nobody sees it.
 *
 * `expression // => value` and `const name = expression // => value` assert a value.
 */
export function moduleOf(page: string): string {
  let inCode = false
  const lines = page.split('\n').map((line) => {
    if (inCode && /^(```|-->)$/.test(line)) inCode = false
    else if (inCode) return asserted(line)
    else inCode = /^(```js|<!-- run)$/.test(line)
    return ''
  })
  // The first line of a page is its title.
  return [CHECK, ...lines.slice(1)].join('\n')
}

/** Whether there is anything to be run in a page. */
export function hasCode(page: string): boolean {
  return /^```js$/m.test(page)
}

/** Runs a module against the built package, as if it were a file in the root folder. Returns why it failed; '' if it did not. */
export async function failureOf(module: string): Promise<string> {
  const env = { ...process.env, ...ENVIRONMENT }
  const options = { cwd: root, env, timeout: 30_000 }
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '--eval', module], options, (error, _stdout, stderr) => {
      resolve(error === null ? '' : stderr || 'it takes too long')
    })
  })
}

function asserted(line: string): string {
  const [, code = '', value] = /^(.*\S)\s+\/\/ => (.*)$/.exec(line) ?? []
  if (value === undefined) return line
  const name = /^\s*const (\w+) = /.exec(code)?.[1]
  return name === undefined ? `$check(${code}, (${value}))` : `${code}; $check(${name}, (${value}))`
}
