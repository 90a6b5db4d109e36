import { createRails, type Rails, type RailsOptions, type SessionData } from '../../index.ts'
import { backends } from '../contract/backends.ts'

/** A `secret_key_base` as `bin/rails secret` makes it. */
export const SECRET: string = '4f6d0c9a'.repeat(16)

/** Another one. */
export const OLD_SECRET: string = '0b81e7d2'.repeat(16)

/** What the clock of {@link application} shows. */
export const NOW: number = Date.parse('2026-11-23T12:00:00.000Z')

/** The backends there are, as the option `backend` names them. */
export const backendNames: ReadonlyArray<'native' | 'node'> = backends.map(({ name }) => name)

/** A Rails application on `node:crypto`, its clock stopped at {@link NOW}. */
export function application<Session = SessionData>(options: RailsOptions<Session> = {}): Rails<Session> {
  const secret = options.secretToken === undefined ? { secretKeyBase: SECRET } : {}
  return createRails({ backend: 'node', now: () => NOW, ...secret, ...options })
}

/** Undoes Rack's escaping of a cookie value that Rails wrote. */
export function unescaped(value: string): string {
  return decodeURIComponent(value.replaceAll('+', ' '))
}

/** The value in a Set-Cookie line, still escaped. */
export function valueOf(line: string | null): string {
  if (line === null) throw new Error('there is no Set-Cookie line')
  const [pair = ''] = line.split('; ')
  return pair.slice(pair.indexOf('=') + 1)
}
