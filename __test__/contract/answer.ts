import { type Keyring, OPEN_FROM_SHIFT, OpenFlag } from '../../src/backend/backend.ts'
import { ReportFlag, ReportWord, Status } from '../../src/backend/report.ts'

/** An answer of `Keyring.open`, taken apart. */
export type Answer =
  | { readonly status: 'MALFORMED' | 'UNAUTHENTICATED' | 'UNDECODABLE' }
  | {
      readonly status: 'OK'
      readonly scheme: number
      /** Names of the {@link ReportFlag} bits, joined by a space. */
      readonly flags: string
      readonly payload: string
      readonly exp: string
      readonly pur: string
    }

/**
 * Opens a message and gives the whole answer as one text: status, number of the scheme, flags, lengths of exp and pur as
 * characters, and what was returned. For a refusal the status alone.
 */
export function open(keyring: Keyring, text: string, escaped: boolean, from: number): string {
  const how = (escaped ? OpenFlag.ESCAPED : 0) | (from << OPEN_FROM_SHIFT)
  const answer = answerTo(keyring, text, how)
  const isWide = /[^\0-\xff]/.test(text)
  if (!isWide && answerTo(keyring, text, how | OpenFlag.SINGLE_BYTES) !== answer) {
    throw new Error('a text has to be read alike in both ways')
  }
  return answer
}

function answerTo(keyring: Keyring, text: string, how: number): string {
  const returned = keyring.open(text, how)
  const head = Array.from(keyring.report.words.subarray(0, ReportWord.TOKENS))
  if (head[ReportWord.STATUS] === Status.OK) return String.fromCharCode(...head) + returned
  if (returned !== '') throw new Error('a refusal returns nothing')
  return String.fromCharCode(head[ReportWord.STATUS]!)
}

/** Number of characters before what was returned. */
export const OPEN_HEADER = 5

/** Takes an answer apart. Throws if it is not laid out as documented. */
export function parseAnswer(answer: string): Answer {
  const code = answer.charCodeAt(0)
  const status = (Object.keys(Status) as (keyof typeof Status)[]).find((name) => Status[name] === code)
  if (status === undefined) throw new Error(`unknown status ${code}`)
  if (status !== 'OK') {
    if (answer.length !== 1) throw new Error('a refusal is one character')
    return { status }
  }
  const [scheme = 0, bits = 0, expLength = 0, purLength = 0] = Array.from(answer.slice(1, OPEN_HEADER), (character) =>
    character.charCodeAt(0),
  )
  const purStart = answer.length - purLength
  const expStart = purStart - expLength
  if (answer.length < OPEN_HEADER || expStart < OPEN_HEADER) throw new Error('an answer is longer than its lengths')
  const flags = (Object.keys(ReportFlag) as (keyof typeof ReportFlag)[]).filter((name) => bits & ReportFlag[name])
  if (flags.reduce((sum, name) => sum | ReportFlag[name], 0) !== bits) throw new Error(`unknown flags ${bits}`)
  return {
    status,
    scheme,
    flags: flags.join(' '),
    payload: answer.slice(OPEN_HEADER, expStart),
    exp: answer.slice(expStart, purStart),
    pur: answer.slice(purStart),
  }
}

/** The status of an answer, by name. */
export function statusOf(answer: string): Answer['status'] {
  return parseAnswer(answer).status
}

/** The plaintext that an `OK` answer stands for, with its envelope put together again. Throws for a refusal. */
export function plaintextOf(answer: string): Buffer {
  const opened = parseAnswer(answer)
  if (opened.status !== 'OK') throw new Error(`refused: ${opened.status}`)
  const payload = Buffer.from(opened.payload, opened.flags.includes('BYTES') ? 'latin1' : 'utf8')
  if (!opened.flags.includes('ENVELOPE')) return payload
  return Buffer.from(
    `{"_rails":{"message":"${payload.toString('base64')}","exp":${quoted(opened.exp)},"pur":${quoted(opened.pur)}}}`,
  )
}

function quoted(value: string): string {
  return value === '' ? 'null' : `"${value}"`
}
