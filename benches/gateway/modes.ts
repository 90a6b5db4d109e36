import { createRails } from '../../src/rails/rails.ts'
import { canonicalOpener } from '../contenders/canonical.ts'
import { nodeOpeners } from '../contenders/openers.ts'
import type { Opener } from '../contenders/session.ts'
import { COOKIE_NAME, type Format } from '../formats.ts'

/**
 * What a server does with the Cookie header. `none`: nothing. `canonical`: what people write on node:crypto, with keys
 * derived once. `node`: the fastest hand-written opener. `ours`: this library.
 */
export type Mode = (typeof MODES)[number]

/** All modes, in the order of the tables. */
export const MODES = ['none', 'canonical', 'node', 'ours'] as const

/** Who is signed in according to a Cookie header. */
export type UserReader = (header: string | undefined) => unknown

/** Makes what a server of a mode does. `headers`: some of those to come, to choose the fastest opener by. */
export function userReader(mode: Mode, format: Format, headers: readonly string[]): UserReader {
  switch (mode) {
    case 'none':
      return () => null
    case 'canonical':
      return byOpener(canonicalOpener(format))
    case 'node':
      return fastestOf(Object.values(nodeOpeners(format)).map(byOpener), headers)
    case 'ours': {
      const { session } = createRails({ ...format.rails, backend: 'native' })
      return (header) => {
        const opened = session.openHeader(header)
        return opened.ok ? opened.get('user_id') : undefined
      }
    }
  }
}

function byOpener(open: Opener): UserReader {
  return (header) => {
    const cookie = header && sessionCookie(header)
    return cookie ? open(cookie)?.['user_id'] : undefined
  }
}

function sessionCookie(header: string): string | undefined {
  const start = header.startsWith(PREFIX) ? 0 : header.indexOf(`; ${PREFIX}`) + 2
  if (start === 1) return undefined
  const end = header.indexOf(';', start)
  return header.slice(start + PREFIX.length, end < 0 ? undefined : end)
}

function fastestOf(readers: readonly UserReader[], headers: readonly string[]): UserReader {
  const times = readers.map(() => Infinity)
  for (let round = 0; round < 20; round++) {
    for (const [index, read] of readers.entries()) {
      const start = performance.now()
      for (const header of headers) read(header)
      times[index] = Math.min(times[index]!, performance.now() - start)
    }
  }
  return readers[times.indexOf(Math.min(...times))]!
}

const PREFIX = `${COOKIE_NAME}=`
