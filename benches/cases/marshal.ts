import { createRails } from '../../src/rails/rails.ts'
import { faultOf, MARSHAL_READERS, type MarshalReader } from '../contenders/marshal-readers.ts'
import { nodeOpeners } from '../contenders/openers.ts'
import type { Opener } from '../contenders/session.ts'
import { type Sample, SESSIONS_PER_SAMPLE } from '../corpus.ts'
import { COOKIE_NAME, type Format, marshalCookiesOf } from '../formats.ts'
import type { Case, Contender } from '../harness.ts'
import { LIBRARY } from './library.ts'

/**
 * Cookie string to plain object, out of a session that Rails wrote with its Marshal serializer. The contenders are the
 * openers on node:crypto with the readers on npm. A reader that is wrong about any session of the corpus is none of them.
 */
export function marshalCase(format: Format, sample: Sample): Case {
  const cookies = marshalCookiesOf(format, sample)
  const contender = (named: Pick<Contender, 'name' | 'role'>, open: Opener): Contender => ({
    ...named,
    run: (turn) => open(cookies[turn & MASK]!),
  })
  const library = (['native', 'node'] as const).map((backend) => {
    const { session } = createRails({ ...format.rails, cookiesSerializer: 'marshal', backend })
    return contender(LIBRARY[backend], (cookie) => {
      const opened = session.open(cookie)
      return opened.ok ? opened.data : undefined
    })
  })
  const others = Object.entries(MARSHAL_READERS)
    .filter(([reader]) => FAULTS[reader] === null)
    .flatMap(([reader, read]) =>
      Object.entries(openersWith(format, read)).map(([opener, open]) =>
        contender({ name: `${reader}, ${opener}`, role: 'node' }, open),
      ),
    )
  return {
    name: `marshal ${format.name} ${sample.name}`,
    expected: (turn) => sample.sessions[turn & MASK],
    contenders: [...library, ...others],
    excluded: Object.entries(FAULTS).flatMap(([reader, fault]) => (fault === null ? [] : [`${reader}: ${fault}`])),
  }
}

function openersWith(format: Format, read: MarshalReader): Readonly<Record<string, Opener>> {
  return nodeOpeners(format, COOKIE_NAME, true, (payload, length) => read(payload.subarray(0, length)))
}

const FAULTS: Readonly<Record<string, string | null>> = Object.fromEntries(
  Object.entries(MARSHAL_READERS).map(([reader, read]) => [reader, faultOf(read)]),
)
const MASK = SESSIONS_PER_SAMPLE - 1
