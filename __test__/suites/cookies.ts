import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { createRails, type Opened, type RailsOptions } from '../../index.ts'
import type { RailsVersion } from '../../src/rails/version.ts'
import { type Outcome, outcome, show } from './outcome.ts'

/** A cookie of another project's own tests, with its secret and what is in it. */
interface ThirdPartyCookie {
  readonly rails: string
  readonly format: 'signed' | 'cbc' | 'gcm' | 'signed-raw-secret'
  readonly key_digest?: 'sha1' | 'sha256'
  readonly secret: string
  readonly name?: string
  readonly envelope?: { readonly pur: string | null } | null
  readonly serializer: 'json' | 'marshal'
  readonly source: string
  readonly cookie: string
  readonly value: unknown
}

/** Real cookies of Rails 3 to 8 that other projects test with, on both backends. */
export function cookieSuite(folder: string): Outcome[] {
  const cookies = JSON.parse(
    readFileSync(join(folder, 'cookies/third-party-cookies.json'), 'utf8'),
  ) as ThirdPartyCookie[]
  return cookies.flatMap((cookie, number) =>
    (['native', 'node'] as const).map((backend) =>
      outcome(`${number} ${cookie.rails} ${cookie.format} ${cookie.source} ${backend}`, problemWith(cookie, backend)),
    ),
  )
}

function problemWith(cookie: ThirdPartyCookie, backend: 'native' | 'node'): string | null {
  const { now } = { now: Date.parse('2026-01-01') }
  const rails = createRails({ ...optionsFor(cookie), backend, allowWeakSecret: true, now: () => now })
  // The message tells the name of its cookie, if it tells anything but the value.
  const name = cookie.name ?? cookie.envelope?.pur?.replace(/^cookie\./, '') ?? '_session'
  const jar = cookie.format.startsWith('signed') ? rails.cookies.signed(name) : rails.cookies.encrypted(name)
  // Some were copied after they had been unescaped.
  const value = cookie.cookie.includes('%') ? cookie.cookie : encodeURIComponent(cookie.cookie)
  const opened: Opened = jar.open(value)
  if (!opened.ok) return `refused: ${opened.reason}`
  if (opened.meta.serializer !== cookie.serializer) return `serializer ${opened.meta.serializer}`
  const data: unknown = JSON.parse(JSON.stringify(opened.data))
  return isDeepStrictEqual(data, cookie.value) ? null : `holds ${show(data)}, not ${show(cookie.value)}`
}

function optionsFor({ format, key_digest: digest, secret, serializer }: ThirdPartyCookie): RailsOptions {
  if (format === 'signed-raw-secret') return { loadDefaults: '3.2', secretToken: secret }
  const cookiesSerializer = serializer === 'json' ? 'json' : 'marshal'
  if (digest === 'sha256') return { loadDefaults: '7.1', secretKeyBase: secret, cookiesSerializer }
  const version: RailsVersion = format === 'gcm' ? '6.0' : '5.0'
  return { loadDefaults: version, secretKeyBase: secret, cookiesSerializer }
}
