import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What the compiler says about a program that stands in this folder. */
function complaints(program: string): string[] {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, (path) => ts.sys.readFile(path)) as { config: object }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const path = fileURLToPath(new URL('augmenting.ts', import.meta.url))
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile } = host
  host.fileExists = (name) => name === path || fileExists(name)
  host.readFile = (name) => (name === path ? program : readFile(name))
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([path], options, host))
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

describe('RailsSessionData', () => {
  it('is augmented through the main entry, and types sessions that have no type argument', () => {
    const program = `
      import type { RequestSession } from '../../index.ts'
      declare module '../../index.ts' {
        interface RailsSessionData {
          user_id: number
        }
      }
      declare const session: RequestSession
      const user: number | undefined = session.get('user_id')
      session.set('user_id', user)
      session.data.user_id = 2
      // @ts-expect-error: another type
      session.set('user_id', 'text')
      // @ts-expect-error: not declared
      session.set('userid', 1)
    `
    expect(complaints(program)).toEqual([])
  })

  it('types the variable of Hono, too', () => {
    const program = `
      import { Hono } from 'hono'
      import { createRails } from '../../index.ts'
      import { railsSession } from '../../src/adapters/hono.ts'
      declare module '../../index.ts' {
        interface RailsSessionData {
          user_id: number
        }
      }
      const app = new Hono()
      app.use(railsSession(createRails({ secretKeyBase: 'x'.repeat(64) })))
      app.get('/', (c) => {
        const user: number | undefined = c.var.railsSession.get('user_id')
        c.get('railsSession').set('user_id', user)
        // @ts-expect-error: another type
        c.var.railsSession.set('user_id', 'text')
        // @ts-expect-error: not declared
        c.var.railsSession.set('userid', 1)
        return c.text('')
      })
    `
    expect(complaints(program)).toEqual([])
  })
})
