import { decodeStandard } from './base64.ts'

/** A metadata envelope taken apart. `exp` and `pur` are the texts between the quotes; empty is null. */
export interface Envelope {
  readonly message: Buffer
  readonly exp: string
  readonly pur: string
}

/** What every envelope begins with; strict base64 of the payload follows. */
export const ENVELOPE_START = '{"_rails":{"message":"'

/** Takes a canonical envelope apart; null for any other text. */
export function splitEnvelope(text: string): Envelope | null {
  if (!text.startsWith(ENVELOPE_START)) return null
  const messageEnd = text.indexOf('"', ENVELOPE_START.length)
  const rest = ENVELOPE_REST.exec(text.slice(messageEnd))
  if (rest === null) return null
  const message = decodeStandard(text.slice(ENVELOPE_START.length, messageEnd))
  return message && { message, exp: rest[1] ?? '', pur: rest[2] ?? '' }
}

/** From the quote after the message on. In a value: printable ASCII without `"` and `\`. */
const ENVELOPE_REST = /^","exp":(?:null|"([ !#-[\]-~]{1,127})"),"pur":(?:null|"([ !#-[\]-~]{1,127})")\}\}$/
