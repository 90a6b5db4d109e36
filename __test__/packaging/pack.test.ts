import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown> & {
  exports: Record<string, unknown>
  scripts: Record<string, string>
}

let folder = ''
let tarball = ''
let files: string[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rails-session-pack-'))
  const args = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder]
  const npm = process.env['npm_execpath']
  const output = npm?.endsWith('npm-cli.js')
    ? execFileSync(process.execPath, [npm, ...args], { cwd: root, encoding: 'utf8' })
    : execFileSync('npm', args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' })
  const [packed] = JSON.parse(output) as { filename: string; files: { path: string }[] }[]
  tarball = join(folder, packed?.filename ?? '')
  files = packed?.files.map(({ path }) => path) ?? []
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the tarball', () => {
  it('holds these files besides dist, and no other', () => {
    expect(files.filter((file) => !file.startsWith('dist/')).toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'native/index.cjs',
      'native/index.d.cts',
      'package.json',
    ])
  })

  it('holds in dist what index.ts and src compile to, and no other', () => {
    const compiled = files.filter((file) => file.startsWith('dist/'))
    expect(compiled).toContain('dist/index.js')
    for (const file of compiled) {
      expect(file).toMatch(/^dist\/(index|src\/[\w/-]+)\.(js|d\.ts)$/)
      const source = file.replace(/^dist\//, '').replace(/\.(js|d\.ts)$/, '.ts')
      expect(existsSync(join(root, source)), `${file} has no source`).toBe(true)
      expect(compiled).toContain(
        file.endsWith('.js') ? file.replace(/\.js$/, '.d.ts') : file.replace(/\.d\.ts$/, '.js'),
      )
    }
  })

  it('holds every file that the exports map names', () => {
    for (const target of Object.values(manifest.exports)) {
      for (const file of typeof target === 'string' ? [target] : Object.values(target as Record<string, string>)) {
        expect(files).toContain(file.replace('./', ''))
      }
    }
  })

  it('is clean for publint', async () => {
    const { messages } = await publint({ pkgDir: root, strict: true, level: 'suggestion' })
    expect(messages.map((message) => formatMessage(message, manifest, { color: false }))).toEqual([])
  })

  it('is clean for arethetypeswrong', () => {
    const { resolve } = createRequire(import.meta.url)
    const attw = join(dirname(resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js')
    const args = [attw, tarball, '--profile', 'esm-only', '--no-color', '--no-emoji']
    expect(() => execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' })).not.toThrow()
  })
})

describe('package.json', () => {
  it('has no runtime dependency and runs nothing when it is installed', () => {
    expect(manifest['dependencies']).toBeUndefined()
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish', 'prepack']) {
      expect(manifest.scripts).not.toHaveProperty(script)
    }
  })

  it('names no platform package: a release writes them', () => {
    expect(manifest['optionalDependencies']).toBeUndefined()
  })
})
