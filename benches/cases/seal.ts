import type { SessionData } from '../../src/session/request-session.ts'
import { createRails } from '../../src/rails/rails.ts'
import { canonicalOpener } from '../contenders/canonical.ts'
import { sealers } from '../contenders/seal.ts'
import { type Sample, SESSIONS_PER_SAMPLE } from '../corpus.ts'
import { cookiesOf, type Format } from '../formats.ts'
import type { Case, Contender } from '../harness.ts'
import { LIBRARY } from './library.ts'

/**
 * Object to cookie value; null where the cookie would be longer than browsers take. The library asks the operating
 * system for each IV; the contenders have a pool.
 */
export function sealCase(format: Format, sample: Sample): Case | null {
  if (!isSealable(format, sample)) return null
  const open = canonicalOpener(format)
  const contender = (named: Pick<Contender, 'name' | 'role'>, seal: (data: SessionData) => string): Contender => ({
    ...named,
    run: (turn) => seal(sample.sessions[turn & MASK]!),
    result: (sealed) => open(sealed as string),
  })
  const library = (['native', 'node'] as const).map((backend) => {
    const { session } = createRails({ ...format.rails, backend })
    return contender(LIBRARY[backend], (data) => session.seal(data))
  })
  const others = Object.entries(sealers(format)).map(([name, seal]) => contender({ name, role: 'node' }, seal))
  const stringify: Contender = {
    name: 'JSON.stringify alone',
    role: 'share',
    run: (turn) => JSON.stringify(sample.sessions[turn & MASK]),
  }
  return {
    name: `seal ${format.name} ${sample.name}`,
    expected: (turn) => sample.sessions[turn & MASK],
    contenders: [...library, ...others, stringify],
  }
}

/** Whether browsers take the cookies of a sample, with some room for other IVs. */
export function isSealable(format: Format, sample: Sample): boolean {
  return cookiesOf(format, sample).every((cookie) => cookie.length <= 3900)
}

const MASK = SESSIONS_PER_SAMPLE - 1
