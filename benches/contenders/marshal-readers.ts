import { createRequire } from 'node:module'
import { isDeepStrictEqual } from 'node:util'
import { corpus } from '../corpus.ts'
import { rubyMarshal } from '../marshal.ts'

/** Reads a dump of Ruby's Marshal into plain data. */
export type MarshalReader = (dump: Buffer) => unknown

/** The readers on npm, by package. */
export const MARSHAL_READERS: Readonly<Record<string, MarshalReader>> = readers()

/** Why a reader cannot be compared: what it made of the first dump of the corpus that it read wrongly; null if of none. */
export function faultOf(read: MarshalReader): string | null {
  for (const { name, sessions } of corpus()) {
    for (const session of sessions) {
      const fault = faultIn(read, session)
      if (fault !== null) return `${name}: ${fault}`
    }
  }
  return null
}

function faultIn(read: MarshalReader, session: unknown): string | null {
  try {
    return isDeepStrictEqual(structuredClone(read(rubyMarshal(session))), session) ? null : 'other data'
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 60) : String(error)
  }
}

function readers(): Record<string, MarshalReader> {
  // Two of them have no types, and the types of one are not found by what its `exports` say.
  const require = createRequire(import.meta.url)
  const hyrious = require('@hyrious/marshal') as { load: MarshalReader }
  const qnighy = require('@qnighy/marshal') as { parse: MarshalReader }
  const Marshal = require('marshal') as new (dump: Buffer) => { readonly parsed: unknown }
  const marsha = require('marsha') as { load(dump: Buffer, options: { inputFormat: 'buffer' }): unknown }
  return {
    '@hyrious/marshal': (dump) => hyrious.load(dump),
    '@qnighy/marshal': (dump) => qnighy.parse(dump),
    marshal: (dump) => new Marshal(dump).parsed,
    marsha: (dump) => marsha.load(dump, { inputFormat: 'buffer' }),
  }
}
