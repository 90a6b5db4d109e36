import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { failureOf, hasCode, moduleOf } from './page.ts'

const docs = new URL('../../docs/', import.meta.url)
const pages = readdirSync(docs)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(new URL(name, docs), 'utf8') }))
  .filter(({ text }) => hasCode(text))

describe('the code of a page', () => {
  it.each(pages)('runs: docs/$name', async ({ text }) => {
    expect(await failureOf(moduleOf(text))).toBe('')
  })

  it('is found', () => {
    expect(pages.map(({ name }) => name)).toContain('SERIALIZERS.md')
  })
})

describe('running a page', () => {
  const page = (code: string): string => `# Title\n\nText.\n\n\`\`\`js\n${code}\n\`\`\`\n\n\`\`\`ruby\nraise\n\`\`\`\n`

  it('runs what is hidden, and all blocks as one module', async () => {
    const blocks = page('a // => 1') + page('const b = { ...{ a } } // => { a: 1 }\nb.a // => 1')
    expect(await failureOf(moduleOf(`# Title\n<!-- run\nconst a = 1\n-->\n${blocks}`))).toBe('')
  })

  it.each([
    ['a value that is another', '2 * 3 // => 5', '6 !== 5'],
    ['a name with another value', "const six = 6\nconst same = six // => '6'", "6 !== '6'"],
    ['an error', "throw new Error('of the page')", 'of the page'],
    ['what the package does not export', "import { nothing } from 'rails-session'", 'nothing'],
    ['what is not hidden', 'a', 'a is not defined'],
  ])('fails for %s', async (_what, code, failure) => {
    expect(await failureOf(moduleOf(page(code)))).toContain(failure)
  })

  it('names the line of the page', async () => {
    expect(await failureOf(moduleOf(page('const five = 5\nfive // => 6')))).toContain('eval1]:7:')
  })
})
