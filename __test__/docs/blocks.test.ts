import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { blocksOf } from './program.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const markdown = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name).replaceAll('\\', '/'))
const frameworks = markdown('docs/frameworks')
const pages = [...markdown('.'), ...markdown('docs'), ...frameworks]
const manifest = JSON.parse(read('package.json')) as Record<'devDependencies' | 'scripts', Record<string, string>>

/** Where code is that other tests run or compile: all of README.md and docs/ in `js`, that of frameworks in `ts`, too. */
const TESTED = new Map([
  ['js', ['README.md', ...markdown('docs'), ...frameworks]],
  ['ts', frameworks],
  ['tsx', ['docs/frameworks/nextjs.md']],
  // Looked at below.
  ['json', pages],
  ['sh', pages],
  // No code.
  ['text', pages],
])

describe.each(pages)('%s', (page) => {
  const text = read(page)
  const commands = blocksOf(text, 'sh')

  it('has no code that nothing tests', () => {
    const languages = [...text.matchAll(/^```(.*)\n[^]*?^```$/gm)].map(([, language = '']) => language)
    expect(languages.filter((language) => TESTED.get(language)?.includes(page) !== true)).toEqual([])
    for (const json of blocksOf(text, 'json')) expect(() => JSON.parse(json) as unknown).not.toThrow()
  })

  it.skipIf(process.platform === 'win32')('has commands that a shell understands', () => {
    const input = commands.join('').replaceAll(/<[a-z ]+>/g, 'placeholder')
    expect(spawnSync('sh', ['-n'], { input, encoding: 'utf8' }).stderr).toBe('')
  })

  it('installs and runs what there is', () => {
    const known = new Set(['rails-session', ...Object.keys(manifest.devDependencies)])
    const installed = [...commands.join('').matchAll(/^npm install (.+)$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    )
    expect(installed.filter((name) => !known.has(name))).toEqual([])
    const scripts = [...commands.join('').matchAll(/^npm run ([\w:]+)/gm)].map(([, name = '']) => name)
    expect(scripts.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([])
  })

  it('links to what there is', () => {
    expect(linksOf(text).filter((target) => !leadsSomewhere(target, page))).toEqual([])
  })
})

describe('docs/README.md', () => {
  it('lists every page', () => {
    const listed = linksOf(read('docs/README.md')).map((target) => join('docs', target).replaceAll('\\', '/'))
    for (const page of pages.filter((each) => each.startsWith('docs/') && each !== 'docs/README.md')) {
      expect(listed).toContain(page)
    }
  })

  it('lists every framework that there is an adapter for, as README.md does', () => {
    const adapters = ['express', 'fastify', 'fetch', 'hono', 'koa', 'nextjs', 'node', 'websocket']
    expect(frameworks).toEqual(adapters.map((name) => `docs/frameworks/${name}.md`))
    for (const page of frameworks) expect(linksOf(read('README.md'))).toContain(page)
  })
})

function leadsSomewhere(target: string, page: string): boolean {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  return existsSync(join(root, file)) && (anchor === undefined || anchorsOf(read(file)).includes(anchor))
}

/** Relative ones. */
function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^\w+:/.test(target))
}

/** Of headings, as GitHub names them. */
function anchorsOf(text: string): string[] {
  const headings = text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)
  return [...headings].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}
