import { Buffer } from 'node:buffer'
import {
  type CookieCase,
  type JsonCase,
  type MarshalCase,
  type MessagePackCase,
  readVectors,
} from '../conformance/vectors.ts'

/** A payload format that Rails tells by its first bytes. */
export type FormatName = 'json' | 'marshal' | 'message_pack'

/**
 * Every different payload in the recorded cases below a folder, by what Rails takes it for. Those longer than a cookie are
 * left out.
 */
export function recordedPayloads(folder: string): Readonly<Record<FormatName, readonly Buffer[]>> {
  const found = new Set<string>()
  for (const { layer, cases } of readVectors(folder)) {
    for (const each of cases) for (const payload of payloadsOf(layer, each)) found.add(payload.toString('latin1'))
  }
  const sorted: Record<FormatName, Buffer[]> = { json: [], marshal: [], message_pack: [] }
  for (const binary of found) {
    if (binary.length > 0 && binary.length <= LONGEST) sorted[formatOf(binary)].push(Buffer.from(binary, 'latin1'))
  }
  return sorted
}

/** As many bytes as a cookie may have. No payload is longer. */
export const LONGEST = 8192

/** What Rails takes a payload for, given one character a byte. */
export function formatOf(binary: string): FormatName {
  if (binary.startsWith('\u00cc\u0080')) return 'message_pack'
  return binary.startsWith('\u0004\u0008') ? 'marshal' : 'json'
}

function payloadsOf(layer: string, each: object): Buffer[] {
  switch (layer) {
    case 'marshal':
    case 'marshal_rails':
      return decoded((each as MarshalCase).bytes_base64)
    case 'message_pack':
      return decoded((each as MessagePackCase).bytes_base64)
    case 'json': {
      const { json, json_base64 } = each as JsonCase
      return json === undefined ? decoded(json_base64) : [Buffer.from(json)]
    }
    case 'cookies':
    case 'app':
    case 'cross':
      return decoded((each as CookieCase).payload_base64)
    default:
      return []
  }
}

function decoded(base64: string | undefined): Buffer[] {
  return base64 === undefined ? [] : [Buffer.from(base64, 'base64')]
}
