import { corpus, type Sample } from '../corpus.ts'
import { type Format, type FormatName, FORMATS } from '../formats.ts'
import type { Case } from '../harness.ts'
import { adapterCase } from './adapter.ts'
import { deriveCase } from './derive.ts'
import { marshalCase } from './marshal.ts'
import { openCase, openOneKeyCase, rejectCase } from './open.ts'
import { sealCase } from './seal.ts'
import { stagesCase } from './stages.ts'

/** A case that is made when it is measured. `make` gives null for one that cannot be. */
export interface PlannedCase {
  readonly name: string
  readonly make: () => Case | null
}

/** Everything that `npm run bench` measures, in the order of its report. */
export function allCases(): readonly PlannedCase[] {
  const samples = corpus()
  return [
    ...each('open', FORMATS, samples, openCase),
    ...each('open+get', FORMATS, withUser(samples), openOneKeyCase),
    ...each('seal', FORMATS, samples, sealCase),
    ...each('reject', FORMATS, named(samples, '250'), rejectCase),
    ...each('marshal', FORMATS, samples, marshalCase),
    ...(['SHA1', 'SHA256'] as const).flatMap((digest) =>
      ([64, 32] as const).map((length) => ({
        name: `derive ${digest} ${length}`,
        make: () => deriveCase(digest, length),
      })),
    ),
    ...each('adapter', formats('gcm+envelope'), named(samples, '250'), adapterCase),
    ...each('stages', formats('gcm', 'cbc'), named(samples, '250'), stagesCase),
  ]
}

function each(
  what: string,
  chosen: readonly Format[],
  samples: readonly Sample[],
  make: (format: Format, sample: Sample) => Case | null,
): PlannedCase[] {
  return samples.flatMap((sample) =>
    chosen.map((format) => ({ name: `${what} ${format.name} ${sample.name}`, make: () => make(format, sample) })),
  )
}

function formats(...names: readonly FormatName[]): Format[] {
  return FORMATS.filter(({ name }) => names.includes(name))
}

function named(samples: readonly Sample[], name: string): Sample[] {
  return samples.filter((sample) => sample.name === name)
}

/** One size of each shape that has a `user_id`. */
function withUser(samples: readonly Sample[]): Sample[] {
  return ['250', '2560'].flatMap((name) => named(samples, name))
}
