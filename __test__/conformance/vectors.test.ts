import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readVectors } from './vectors.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rails-session-'))
  mkdirSync(join(folder, 'set', 'keys'), { recursive: true })
  mkdirSync(join(folder, 'set', 'cookies'))
  mkdirSync(join(folder, 'set', 'cross'))
  const text = (fields: object): string => JSON.stringify({ cases: [{ id: 'a', jar: 'signed' }], ...fields })
  writeFileSync(join(folder, 'set/keys/rails-8.1.json'), text({ rails: '8.1.3.1', rack: '3.1.20' }))
  writeFileSync(join(folder, 'set/cookies/rails-main.json.gz'), gzipSync(text({ rails: '8.2.0.alpha' })))
  writeFileSync(join(folder, 'set/cookies/rails-6.1p.json'), text({ rails: '6.1.7.10', rack: '2.2.22' }))
  writeFileSync(join(folder, 'set/cross/read-by-rails-7.2p.json'), text({ read_by: '7.2.2.2' }))
  writeFileSync(join(folder, 'set/notes.json'), '{"a":1}')
  writeFileSync(join(folder, 'set/README.md'), 'text')
  writeFileSync(join(folder, 'broken.json'), '{')
  writeFileSync(join(folder, 'unknown.json'), text({ rails: '9.9.0' }))
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('readVectors', () => {
  it('finds plain and compressed files, older Rails first', () => {
    const found = readVectors(join(folder, 'set')).map(({ layer, label, rails, rack }) => [layer, label, rails, rack])
    expect(found).toEqual([
      ['cookies', '6.1p', '6.1', '2.2.22'],
      ['cookies', 'main', '8.2', ''],
      ['cross', '7.2p', '7.2', ''],
      ['keys', '8.1', '8.1', '3.1.20'],
    ])
  })

  it('tells of files without cases', () => {
    const skipped: string[] = []
    readVectors(join(folder, 'set'), (path) => skipped.push(path))
    expect(skipped).toEqual([join(folder, 'set/notes.json')])
  })

  it('reads a single file, and knows its layer by its cases', () => {
    const [file] = readVectors(join(folder, 'set/cookies/rails-6.1p.json'))
    expect(file).toMatchObject({ layer: 'cookies', release: '6.1.7.10' })
    writeFileSync(
      join(folder, 'rails-7.0.json'),
      JSON.stringify({ rails: '7.0.10', cases: [{ id: 'a', jar: 'plain' }] }),
    )
    expect(readVectors(join(folder, 'rails-7.0.json'))[0]?.layer).toBe('cookies')
  })

  it.each([
    ['broken.json', 'not JSON'],
    ['unknown.json', 'unknown Rails 9.9.0'],
    ['nothing', 'does not exist'],
  ])('refuses %s', (name, message) => {
    expect(() => readVectors(join(folder, name))).toThrow(message)
  })
})
