import { createRails } from '../../src/rails/rails.ts'
import { canonicalOpener, derivingOpener } from '../contenders/canonical.ts'
import { nodeOpeners } from '../contenders/openers.ts'
import type { Opener } from '../contenders/session.ts'
import { type Sample, SESSIONS_PER_SAMPLE } from '../corpus.ts'
import { cookiesOf, type Format } from '../formats.ts'
import type { Case, Contender, Role } from '../harness.ts'
import { LIBRARY } from './library.ts'

/** Cookie string to plain object: every format and size. */
export function openCase(format: Format, sample: Sample): Case {
  const contenders = [
    ...libraryOpeners(format),
    ...openers('node', nodeOpeners(format)),
    ...openers('canonical', { canonical: canonicalOpener(format) }),
  ]
  // Once is enough for a warning.
  if (sample.name === '250') {
    contenders.push(...openers('aside', { 'warning, keys derived for each call': derivingOpener(format) }))
  }
  return {
    ...openingCase(`open ${format.name} ${sample.name}`, cookiesOf(format, sample), contenders, sample),
    expected: (turn) => sample.sessions[turn & MASK],
  }
}

/** Cookie string to one top-level value, as a gateway asks for it. */
export function openOneKeyCase(format: Format, sample: Sample): Case {
  const library = (['native', 'node'] as const).map((backend): NamedOpener => {
    const { session } = createRails({ ...format.rails, backend })
    const open = (cookie: string): unknown => {
      const opened = session.open(cookie)
      return opened.ok ? opened.get('user_id') : undefined
    }
    return { ...LIBRARY[backend], open }
  })
  const oneKey = (opener: NamedOpener): NamedOpener => ({
    ...opener,
    open: (cookie) => (opener.open as Opener)(cookie)?.['user_id'],
  })
  const others = [
    ...openers('node', nodeOpeners(format)),
    ...openers('canonical', { canonical: canonicalOpener(format) }),
  ]
  return {
    ...openingCase(
      `open+get ${format.name} ${sample.name}`,
      cookiesOf(format, sample),
      [...library, ...others.map(oneKey)],
      sample,
    ),
    expected: (turn) => sample.sessions[turn & MASK]!['user_id'],
  }
}

/**
 * A cookie with one character changed in the middle. With GCM, node:crypto throws by itself. With an HMAC, throwing is
 * only the usual way to say no: both that and a contender that returns undefined are measured.
 */
export function rejectCase(format: Format, sample: Sample): Case {
  const refuse = ({ name, role, open }: NamedOpener): NamedOpener => ({
    name,
    role,
    open: (cookie) => {
      try {
        return open(cookie)
      } catch {
        return undefined
      }
    },
  })
  const nodes = openers('node', nodeOpeners(format))
  const contenders = [
    ...libraryOpeners(format),
    ...nodes,
    ...openers('canonical', { canonical: canonicalOpener(format) }).map(refuse),
  ]
  if (format.name === 'cbc' || format.name === 'signed') {
    contenders.push(...nodes.map((opener) => refuse(throwing(opener))))
  }
  const cookies = cookiesOf(format, sample).map(tampered)
  return {
    ...openingCase(`reject ${format.name} ${sample.name}`, cookies, contenders),
    expected: () => undefined,
  }
}

interface NamedOpener {
  readonly name: string
  readonly role: Role
  readonly open: (cookie: string) => unknown
}

/** With a sample, parsing its JSON stands beside the contenders: the part of the work that nobody is spared. */
function openingCase(
  caseName: string,
  cookies: readonly string[],
  contenders: readonly NamedOpener[],
  sample?: Sample,
): Omit<Case, 'expected'> {
  const runs = contenders.map(({ name, role, open }): Contender => ({
    name,
    role,
    run: (turn) => open(cookies[turn & MASK]!),
  }))
  if (sample !== undefined) {
    runs.push({ name: 'JSON.parse alone', role: 'share', run: (turn) => JSON.parse(sample.json[turn & MASK]!) })
  }
  return { name: caseName, contenders: runs }
}

function libraryOpeners(format: Format): NamedOpener[] {
  return (['native', 'node'] as const).map((backend) => {
    const { session } = createRails({ ...format.rails, backend })
    const open = (cookie: string): unknown => {
      const opened = session.open(cookie)
      return opened.ok ? opened.data : undefined
    }
    return { ...LIBRARY[backend], open }
  })
}

function openers(role: Role, named: Readonly<Record<string, Opener>>): NamedOpener[] {
  return Object.entries(named).map(([name, open]) => ({ name, role, open }))
}

function throwing({ name, open }: NamedOpener): NamedOpener {
  return {
    name: `${name}, thrown and caught`,
    role: 'thrown',
    open: (cookie) => {
      const session = open(cookie)
      if (session === undefined) throw new Error('invalid cookie')
      return session
    },
  }
}

/** Another letter for a letter, so that the text stays base64. */
function tampered(cookie: string): string {
  let at = cookie.length >> 1
  while (!/[A-Za-z]/.test(cookie[at]!) || cookie[at - 1] === '%' || cookie[at - 2] === '%') at += 1
  const bytes = Buffer.from(cookie, 'latin1')
  bytes[at] = cookie[at] === 'Q' ? 0x52 : 0x51
  return bytes.toString('latin1')
}

const MASK = SESSIONS_PER_SAMPLE - 1
