import { atLeast, type RailsVersion } from '../../rails/version.ts'
import { ExtensionType } from './extension-type.ts'
import { BODY_READERS } from './read-bodies.ts'
import { COMPOSITE_READERS, ipAddress, readSafeBuffer } from './read-composites.ts'
import { NUMBER_READERS } from './read-numbers.ts'
import { TIME_READERS } from './read-times.ts'
import type { BodyReader, PartsReader } from './reading.ts'

/**
 * The reader of a type whose body is made of objects; undefined for one whose body is bytes and for one that Rails does not
 * know. Rails 8.1 decides, but for what an older or newer one has written as only itself reads it.
 */
export function partsReader(type: number, rails: RailsVersion): PartsReader | undefined {
  if (type === ExtensionType.IP_ADDRESS && !atLeast(rails, '7.2')) return undefined
  if (type === ExtensionType.SAFE_BUFFER && atLeast(rails, '8.2')) return readSafeBuffer
  return PARTS_READERS.get(type)
}

/** The reader of a type whose body is bytes. */
export function bodyReader(type: number, rails: RailsVersion): BodyReader | undefined {
  return type === ExtensionType.IP_ADDRESS && !atLeast(rails, '7.2') ? ipAddress : BODY_READERS.get(type)
}

const PARTS_READERS: ReadonlyMap<number, PartsReader> = new Map([
  ...NUMBER_READERS,
  ...TIME_READERS,
  ...COMPOSITE_READERS,
])
