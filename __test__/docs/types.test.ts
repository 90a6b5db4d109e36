import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { blocksOf, programOf, readPage } from './program.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = (name: string): string => readPage(`docs/frameworks/${name}.md`)

describe('the types of', () => {
  it.each(['express', 'fastify', 'hono', 'koa'])('%s: its program is TypeScript', (name) => {
    const [declarations = ''] = blocksOf(page(name), 'ts')
    const files = { 'server.ts': programOf(page(name)), 'session.d.ts': declarations }
    expect(complaints(files)).toEqual([])
    // The declarations count.
    const wrong = { ...files, 'server.ts': files['server.ts'].replace("set('user_id', 7)", "set('user_id', '7')") }
    expect(complaints(wrong)).toEqual([expect.stringContaining("type 'string' is not assignable")])
    const misspelt = { ...files, 'server.ts': files['server.ts'].replace("set('user_id'", "set('userid'") }
    expect(complaints(misspelt)).toEqual([expect.stringContaining('\'"userid"\' is not assignable')])
  })

  it.each(['express', 'fastify', 'hono', 'koa'])('%s: the file of declarations must export', (name) => {
    const [declarations = ''] = blocksOf(page(name), 'ts')
    const files = { 'server.ts': programOf(page(name)), 'session.d.ts': declarations.replace('export {}', '') }
    expect(complaints(files)).toContainEqual(expect.stringContaining("no exported member 'createRails'"))
  })

  it.each(['fetch', 'node', 'websocket'])('%s: its example is TypeScript', (name) => {
    const [example = ''] = blocksOf(page(name), 'ts')
    expect(complaints({ 'example.ts': example })).toEqual([])
    const wrong = example.replaceAll('_id: number', '_id: string').replace('visits: number\n', 'visits: string\n')
    expect(complaints({ 'example.ts': wrong })).not.toEqual([])
  })
})

/** What the compiler says, as strict as `tsc --init` makes it, about files in the root folder, where the built package is found by name. */
function complaints(files: Readonly<Record<string, string>>): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    // Of the package's own declarations, `npm run types` makes sure.
    skipLibCheck: true,
  }
  const own = new Map(Object.entries(files).map(([name, text]) => [root + name, text]))
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (name) => own.has(name) || fileExists(name)
  host.readFile = (name) => own.get(name) ?? readFile(name)
  host.getSourceFile = (name, ...rest) => {
    if (own.has(name)) return getSourceFile(name, ...rest)
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, ...rest))
    return parsed.get(name)
  }
  const program = ts.createProgram([...own.keys()], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

/** What does not change from one compilation to the next, which is nearly everything. */
const parsed = new Map<string, ts.SourceFile | undefined>()
