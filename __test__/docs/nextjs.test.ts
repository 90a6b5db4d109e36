import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { blocksOf } from './program.ts'

const text = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const page = text('docs/frameworks/nextjs.md')
const blocks = ['js', 'ts', 'tsx'].flatMap((language) => blocksOf(page, language))

/** Each starts with a comment that names the file. examples/next-app is built and run by adapters/next-app.test.ts. */
describe('the code of nextjs', () => {
  it.each(blocks.map((block) => block.split('\n')))('is that of the example: %s', (first, ...rest) => {
    expect(rest.join('\n')).toBe(text(`examples/next-app/${first?.replace('// ', '')}`))
  })

  it('is found', () => {
    expect(blocks).toHaveLength(7)
  })
})
